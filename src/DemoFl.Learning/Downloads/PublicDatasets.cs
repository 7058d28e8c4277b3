using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>The public data sets that can be fetched, with their mirrors and pinned hashes.</summary>
public static class PublicDatasets
{
    private const long MegaByte = 1_000_000;

    private static readonly string[] MnistMirrors =
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"];

    private static readonly string[] Cifar10Mirrors =
        ["https://www.cs.toronto.edu/~kriz/", "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/"];

    /// <summary>
    /// MNIST (LeCun, Cortes, Burges): 60,000 + 10,000 digits in four gzip IDX files, 11 MB. The hashes are of the decompressed files.
    /// </summary>
    public static ImmutableArray<DownloadFile> Mnist { get; } =
    [
        MnistFile("train-images-idx3-ubyte.gz", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        MnistFile("train-labels-idx1-ubyte.gz", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        MnistFile("t10k-images-idx3-ubyte.gz", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        MnistFile("t10k-labels-idx1-ubyte.gz", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ];

    /// <summary>
    /// CIFAR-10, binary version (Krizhevsky): 50,000 + 10,000 images in six files from one archive of 170 MB, whose hash is pinned.
    /// </summary>
    public static ImmutableArray<DownloadFile> Cifar10 { get; } =
    [
        new DownloadFile(
            "cifar-10-binary.tar.gz",
            [.. Cifar10Mirrors.Select(mirror => new Uri(mirror + "cifar-10-binary.tar.gz"))],
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            HashesDecompressed: false,
            MaxBytes: 200 * MegaByte,
            Members: [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin"), "test_batch.bin"]),
    ];

    /// <summary>The files of <c>mnist</c> or <c>cifar10</c>.</summary>
    /// <exception cref="FormatException">There is no such set.</exception>
    public static ImmutableArray<DownloadFile> Named(string name) => name switch
    {
        "mnist" => Mnist,
        "cifar10" => Cifar10,
        _ => throw new FormatException($"'{name}' cannot be fetched; known are 'mnist' and 'cifar10'."),
    };

    private static DownloadFile MnistFile(string name, string sha256) => new(
        name,
        [.. MnistMirrors.Select(mirror => new Uri(mirror + name))],
        sha256,
        HashesDecompressed: true,
        MaxBytes: 60 * MegaByte,
        Members: []);
}
