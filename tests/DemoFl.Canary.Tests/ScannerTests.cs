using DemoFl.Canary.Tests.Scanning;

namespace DemoFl.Canary.Tests;

/// <summary>The scanner finds what is planted, wherever it may look.</summary>
public sealed class ScannerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demofl-canary-");
    private readonly Pattern _pattern = Pattern.Write(Enumerable.Repeat(0.1f, Pattern.Length).ToArray(), new Random(1));

    [Theory]
    [InlineData("journal", 0)]
    [InlineData("spill/round-1.bin", 3)]
    [InlineData("checkpoints/round-000001.safetensors", 70_001)]
    public void Folder_PatternPlantedInAFile_IsFound(string file, int offset)
    {
        string path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, [.. new byte[offset], .. _pattern.Words, .. new byte[offset]]);
        Assert.Equal(["words"], Folder.Scan(_folder.FullName, Needles.Of(_pattern)));
    }

    [Fact]
    public void Needles_PatternTornAnywhere_IsFoundInOneOfThePieces()
    {
        var needles = Needles.Of(_pattern);
        for (int cut = 0; cut <= _pattern.Delta.Length; cut++)
        {
            var found = new SortedSet<string>(StringComparer.Ordinal);
            needles.Find(_pattern.Delta.AsSpan(0, cut), found);
            needles.Find(_pattern.Delta.AsSpan(cut), found);
            Assert.Equal(["delta"], found);
        }
    }

    [Fact]
    public void Needles_NothingPlanted_FindNothing()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        byte[] noise = new byte[1 << 20];
        new Random(7).NextBytes(noise);
        Needles.Of(_pattern).Find(noise, found);
        Needles.Of(Pattern.Write(Enumerable.Repeat(0.1f, Pattern.Length).ToArray(), new Random(2))).Find(_pattern.Words, found);
        Assert.Empty(found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NeedlesInText_LogWithThePatternInHex_IsFound(bool isUpper)
    {
        string hex = isUpper ? Convert.ToHexString(_pattern.Trained) : Convert.ToHexStringLower(_pattern.Trained);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Needles.InText(_pattern).Find(System.Text.Encoding.UTF8.GetBytes($"the update is {hex}."), found);
        Assert.Equal(["trained"], found);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
