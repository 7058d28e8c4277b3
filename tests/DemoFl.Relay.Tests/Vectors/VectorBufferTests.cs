using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Relay.Vectors;

namespace DemoFl.Relay.Tests.Vectors;

public sealed class VectorBufferTests
{
    [Fact]
    public void Read_AfterPiecesOfAnySize_GivesTheSameBytesFromMemoryAndFile()
    {
        using var folder = new TemporaryFolder();
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int length = 8 * random.Next(1, 40_000);
            byte[] content = Some.RandomVectors(seed, 1, length)[0];
            using var file = new SpillFile(folder.File("spill"));
            file.Reserve(random.Next(3));
            IVectorBuffer[] buffers = [new MemoryBuffer(length), new SpillBuffer(file, length)];
            for (int at = 0; at < length;)
            {
                int piece = Math.Min(length - at, random.Next(2) == 0 ? SpillFile.SegmentBytes : random.Next(1, SpillFile.SegmentBytes));
                Assert.All(buffers, b => b.Append(content.AsSpan(at, piece)));
                at += piece;
                Assert.All(buffers, b => Assert.Equal(at, b.Written));
            }

            Assert.All(buffers, b => Assert.True(content.AsSpan().SequenceEqual(Whole(b)), $"seed {seed}: {b.GetType().Name} differs"));
        }
    }

    [Fact]
    public void Read_FromAFile_GivesPiecesOfWholeWords()
    {
        using var folder = new TemporaryFolder();
        using var file = new SpillFile(folder.File("spill"));
        var buffer = new SpillBuffer(file, SpillFile.SegmentBytes + 16);
        buffer.Append(new byte[SpillFile.SegmentBytes - 3]);
        buffer.Append(new byte[19]);
        var pieces = new List<(int, int)>();
        buffer.Read((offset, bytes) => pieces.Add((offset, bytes.Length)));

        Assert.Equal([(0, SpillFile.SegmentBytes), (SpillFile.SegmentBytes, 16)], pieces);
    }

    [Fact]
    public void Allocate_BeyondTheBudget_SpillsAndDisposingGivesTheMemoryBack()
    {
        using var folder = new TemporaryFolder();
        var budget = new MemoryBudget(100);
        var space = new RoundSpace(budget, folder.File("spill/round-1.bin"));
        Assert.IsType<MemoryBuffer>(space.Allocate(60));
        Assert.IsType<SpillBuffer>(space.Allocate(60));
        Assert.IsType<MemoryBuffer>(space.Allocate(40));
        Assert.IsType<SpillBuffer>(space.Allocate(1));
        Assert.True(File.Exists(folder.File("spill/round-1.bin")));
        space.Dispose();
        space.Dispose();

        Assert.False(File.Exists(folder.File("spill/round-1.bin")));
        Assert.True(budget.TryTake(100));
        Assert.False(budget.TryTake(1));
    }

    private static byte[] Whole(IVectorBuffer buffer)
    {
        var whole = new byte[buffer.Length];
        buffer.Read((offset, bytes) => bytes.CopyTo(whole.AsSpan(offset)));
        return whole;
    }
}
