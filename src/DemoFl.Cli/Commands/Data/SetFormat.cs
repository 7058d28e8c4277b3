using System.IO.Compression;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>A file format for data sets. A folder that it writes holds a training and a test part and can be loaded by its
/// specification.</summary>
internal abstract class SetFormat
{
    public static readonly string[] Names = ["idx", "cifar10", "csv"];

    /// <summary>One of <see cref="Names"/>.</summary>
    public abstract string Name { get; }

    /// <summary>What the loader is given for a folder written by this format.</summary>
    public abstract string SpecOf(string folder);

    /// <summary>Writes both parts of a set into an existing folder.</summary>
    public abstract void Write(string folder, TrainTest set);

    /// <summary>Why the format cannot hold such data, or null.</summary>
    protected abstract string? Objection(Dataset data);

    /// <summary>The format of this name, or for none the one that suits the data best.</summary>
    /// <exception cref="CliException">The format cannot hold the data.</exception>
    public static SetFormat For(TrainTest set, string? name, bool gzip)
    {
        var range = PixelRange.Of(set);
        SetFormat[] all = [
            new IdxFormat(range, set.Train.Classes, gzip), new Cifar10Format(range, gzip), new CsvFormat(set.Train.Classes, gzip)];
        var format = name is null ? all.First(f => f.Objection(set.Train) is null || f is CsvFormat) : all.Single(f => f.Name == name);
        return format.Objection(set.Train) is not { } objection
            ? format
            : throw new CliException($"Cannot write the set as {format.Name}: {objection}.");
    }

    protected static void WriteFile(string path, bool gzip, Action<Stream> write)
    {
        using var file = new FileStream(gzip ? path + ".gz" : path, FileMode.CreateNew, FileAccess.Write);
        using Stream stream = gzip ? new GZipStream(file, CompressionLevel.Optimal) : new BufferedStream(file);
        write(stream);
    }
}
