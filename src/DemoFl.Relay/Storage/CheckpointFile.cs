using System.Globalization;
using System.Security.Cryptography;
using DemoFl.Learning;

namespace DemoFl.Relay.Storage;

/// <summary>
/// The safetensors files of a run folder. Their metadata have a <c>schema</c> version and a <c>digest</c>: SHA-256 (hex) of the same file
/// without its digest, so that no byte that matters changes unnoticed.
/// </summary>
internal static class CheckpointFile
{
    public const int SchemaVersion = 1;

    private const string Schema = "schema";
    private const string Digest = "digest";

    /// <summary>Writes one durably, in place of what is there.</summary>
    public static void Write(string path, ParameterLayout layout, Func<ReadOnlySpan<float>> values, IReadOnlyDictionary<string, string> metadata)
    {
        var all = metadata.Where(m => m.Key != Digest).ToDictionary();
        all[Schema] = SchemaVersion.ToString(CultureInfo.InvariantCulture);
        all[Digest] = DigestOf(layout, values(), all);
        DurableFile.Write(path, stream => Safetensors.Write(stream, layout, values(), all));
    }

    /// <exception cref="InvalidDataException">It is missing, damaged, or of a later program; the message names it.</exception>
    public static (ParameterLayout Layout, float[] Values, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing.");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Read(file, path);
    }

    /// <inheritdoc cref="Read(string)"/>
    public static (ParameterLayout Layout, float[] Values, IReadOnlyDictionary<string, string> Metadata) Read(Stream stream, string path)
    {
        var (layout, values, metadata) = Parse(stream, path);
        if (metadata.GetValueOrDefault(Schema) is var schema && schema != $"{SchemaVersion}")
        {
            throw new InvalidDataException($"{path} has schema version {schema ?? "none"}; this program reads {SchemaVersion}, another release may read it.");
        }

        var rest = metadata.Where(m => m.Key != Digest).ToDictionary();
        return DigestOf(layout, values, rest) == metadata.GetValueOrDefault(Digest)
            ? (layout, values, metadata)
            : throw new InvalidDataException($"{path} is damaged: its content is not what its digest says.");
    }

    private static (ParameterLayout Layout, float[] Values, IReadOnlyDictionary<string, string> Metadata) Parse(Stream stream, string path)
    {
        try
        {
            return Safetensors.Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    private static string DigestOf(ParameterLayout layout, ReadOnlySpan<float> values, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            Safetensors.Write(stream, layout, values, metadata);
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }
}
