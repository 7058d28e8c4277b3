using System.IO.Compression;
using System.Text;
using DemoFl.Learning;

namespace DemoFl.Fuzz;

/// <summary>Files of examples. What is taken is a data set, whose own constructor checks its numbers.</summary>
internal static class DataTargets
{
    public static Target IdxImages() => new DataTarget(
        "idx-images", InputForm.Bytes, [Images, Packed(Images)], path => IdxReader.ReadPair(path, path + ".labels"), ("labels", Labels));

    public static Target IdxLabels() => new DataTarget(
        "idx-labels", InputForm.Bytes, [Labels, Packed(Labels)], path => IdxReader.ReadPair(path + ".images", path), ("images", Images));

    public static Target Cifar() => new DataTarget(
        "cifar", InputForm.Bytes, [[3, .. Samples.Filled(3_072, 9), 9, .. Samples.Filled(3_072, 1)], Packed([0, .. Samples.Filled(3_072, 9)])],
        path => Cifar10Reader.ReadFiles([path]));

    public static Target Csv() => new DataTarget(
        "csv", InputForm.Text,
        [.. new[]
        {
            "a,b,label\n1,2,0\n3,4,1\n",
            "4,2,red,blue\n1,2,0\n3,4,1\n5,6,1\n7,8,0\n", "1;2;yes\n3;4;no\n\n5;6;yes\r\n", "x\ty\tkind\n1e3\t-2.5\t\"a \"\"b\"\"\"\n0\t.5\tc\n",
        }.Select(Encoding.UTF8.GetBytes), Packed("a,b,label\n1,2,0\n3,4,1\n"u8.ToArray())],
        path => CsvReader.Read(path), "label", "nan", "1e39", "\"", "65536", "a,b,c,d");

    public static Target CsvColumns() => new DataTarget(
        "csv-columns", InputForm.Text, ["a,b,label\n1,2,0\n3,4,1\n"u8.ToArray(), "label,a,b,c\nx,1,2,oops\ny,3,4,\n"u8.ToArray()],
        path => CsvReader.Read(path, "label", 3, ["a", "b", "label"]), "label", "a", "b", "nan");

    private static byte[] Images => [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    private static byte[] Labels => [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
