using DemoFl.Relay.Audit;
using DemoFl.Relay.Tests.Fixtures;

namespace DemoFl.Relay.Tests.Audit;

public sealed class AuditFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("audit.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_FirstLine_CreatesTheFileAndNotBefore()
    {
        using var file = new AuditFile(Path, 100);
        Assert.False(File.Exists(Path));
        file.Append("one\n"u8);
        file.Append("two\n"u8);
        Assert.Equal("one\ntwo\n", Read("audit.jsonl"));
    }

    /// <summary>A file of the greatest length that its file system has can be opened, and not be ended by a line break.</summary>
    [LinuxFact]
    public void Append_ToAFileThatCannotBeEnded_FailsWithoutKeepingItOpen()
    {
        FillToTheLast();
        using var file = new AuditFile(Path, long.MaxValue);
        for (int i = 0; i < 3; i++)
        {
            Assert.ThrowsAny<Exception>(() => file.Append("line\n"u8));
            new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
        }
    }

    [Fact]
    public void Append_BeyondTheLimit_KeepsTheFileBeforeAndNoOther()
    {
        using (var file = new AuditFile(Path, 10))
        {
            for (int i = 1; i <= 5; i++)
            {
                file.Append(System.Text.Encoding.ASCII.GetBytes($"{i}234\n"));
            }
        }

        Assert.Equal("5234\n", Read("audit.jsonl"));
        Assert.Equal("3234\n4234\n", Read("audit.1.jsonl"));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void Append_AfterHalfALine_BeginsOneOfItsOwn()
    {
        File.WriteAllText(Path, "whole\nhal");
        using (var file = new AuditFile(Path, 100))
        {
            file.Append("next\n"u8);
        }

        Assert.Equal("whole\nhal\nnext\n", Read("audit.jsonl"));
    }

    private string Read(string name) => AuditReader.Text(_folder.File(name));

    /// <summary>Sparse: it takes no room.</summary>
    private void FillToTheLast()
    {
        using var file = new FileStream(Path, FileMode.Create);
        long length = 0;
        for (long step = 1L << 62; step > 0; step >>= 1)
        {
            try
            {
                file.SetLength(length + step);
                length += step;
            }
            catch (Exception e) when (e is IOException or ArgumentException)
            {
                // Too long by that much.
            }
        }
    }
}
