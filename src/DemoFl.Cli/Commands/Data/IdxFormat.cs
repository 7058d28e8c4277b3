using System.Buffers.Binary;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>The four files of MNIST: grey images of a byte per pixel.</summary>
internal sealed class IdxFormat(PixelRange range, int classes, bool gzip) : SetFormat
{
    private const uint ImagesMagic = 0x0803, LabelsMagic = 0x0801;
    private const int DefaultClasses = 10, MaxClasses = 256;

    public override string Name => "idx";

    public override string SpecOf(string folder) => $"mnist:{folder}{(classes == DefaultClasses ? "" : $",classes={classes}")}";

    public override void Write(string folder, TrainTest set)
    {
        WritePart(folder, "train", set.Train);
        WritePart(folder, "t10k", set.Test);
    }

    protected override string? Objection(Dataset data) =>
        data.Input.Channels != 1 || data.Input.Height == 1
            ? $"its examples are {data.Input}, and IDX holds images of one channel; use --format csv"
        : Math.Max(data.Input.Height, data.Input.Width) > IdxReader.MaxSide
            ? $"its images are {data.Input}, and at most {IdxReader.MaxSide} pixels a side are read back; use smaller ones"
        : data.Classes > MaxClasses ? $"it has {data.Classes} classes, and an IDX label has one byte; use --format csv"
        : null;

    private void WritePart(string folder, string part, Dataset data)
    {
        WriteFile(Path.Combine(folder, $"{part}-images-idx3-ubyte"), gzip, file =>
        {
            WriteIntegers(file, ImagesMagic, (uint)data.Count, (uint)data.Input.Height, (uint)data.Input.Width);
            var image = new byte[data.Input.Length];
            for (var i = 0; i < data.Count; i++)
            {
                var features = data.FeaturesOf(i);
                for (var j = 0; j < image.Length; j++) image[j] = range.PixelOf(features[j]);
                file.Write(image);
            }
        });
        WriteFile(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), gzip, file =>
        {
            WriteIntegers(file, LabelsMagic, (uint)data.Count);
            foreach (var label in data.Labels) file.WriteByte((byte)label);
        });
    }

    private static void WriteIntegers(Stream file, params ReadOnlySpan<uint> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            file.Write(bytes);
        }
    }
}
