using DemoFl.Canary.Tests.Scanning;

namespace DemoFl.Canary.Tests;

/// <summary>
/// Promise P1 over real processes: a pattern in one party's update is in that party's memory, and not in the memory of the server or of another
/// party, nor in the run folder, the logs or the packets.
/// </summary>
public sealed class CanaryTests
{
    [MemoryTheory]
    [InlineData("masked", 64)]
    [InlineData("masked", 0)]
    [InlineData("rotating", 64)]
    public async Task Update_Secure_IsNowhereButWithItsOwner(string layout, int vectorMemory)
    {
        var (federation, pattern) = await CanaryFederation.StartAsync(layout, vectorMemory);
        await using var _ = federation;
        await AssertUploadIsHeldAsync(federation, layout, vectorMemory);
        Assert.Equal(["delta", "trained", "words"], Memory.Scan(federation.Canary.Id, Needles.Of(pattern)));
        AssertNowhere(federation, pattern, "while the round is open");

        await federation.CommitAsync();
        AssertNowhere(federation, pattern, "after the commit");
    }

    [MemoryTheory]
    [InlineData(64)]
    public async Task Update_Plain_IsFoundOnTheWireAndInTheServer(int vectorMemory)
    {
        var (federation, pattern) = await CanaryFederation.StartAsync("plain", vectorMemory);
        await using var _ = federation;
        var needles = Needles.Of(pattern);
        Assert.Contains("delta", federation.ScanWires(needles));
        await FoundAsync(federation.Server.Id, needles, "delta");
    }

    /// <summary>
    /// What is looked for is not there because it is masked, and not because nothing is there yet: the server does hold the upload, as the wire
    /// shows it, in the very memory or file that is scanned.
    /// </summary>
    private static async Task AssertUploadIsHeldAsync(CanaryFederation federation, string layout, int vectorMemory)
    {
        byte[] upload = federation.Wire.Recorded().MaxBy(s => s.Length)!;
        if (layout == "masked" && vectorMemory > 0)
        {
            // Three places, of which at most one is on a frame's border.
            var places = Enumerable.Range(1, 3).Select(i => ("upload", upload.AsSpan(upload.Length * i / 4, Needles.Size).ToArray()));
            await FoundAsync(federation.Server.Id, new Needles(places), "upload");
        }
        else if (layout == "masked")
        {
            string spill = Path.Combine(federation.Folder, "spill");
            await UntilAsync(
                () => Directory.Exists(spill) && new DirectoryInfo(spill).EnumerateFiles().Sum(f => f.Length) >= CanaryFederation.VectorBytes, "spill");
        }
    }

    private static void AssertNowhere(CanaryFederation federation, Pattern pattern, string when)
    {
        var needles = Needles.Of(pattern);
        foreach (var (name, process) in federation.Strangers)
        {
            AssertNone(Memory.Scan(process.Id, needles), $"the memory of {name} {when}");
        }

        AssertNone(Folder.Scan(federation.Folder, needles), $"the run folder {when}");
        AssertNone(federation.ScanWires(needles), $"the packets {when}");
        string log = federation.Server.Text;
        Assert.Contains("\"listening\"", log, StringComparison.Ordinal);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Needles.InText(pattern).Find(System.Text.Encoding.UTF8.GetBytes(log), found);
        AssertNone(found, $"the server's output {when}");
    }

    private static void AssertNone(SortedSet<string> found, string where) =>
        Assert.True(found.Count == 0, $"The canary is in {where}, as {string.Join(", ", found)}.");

    /// <summary>The last bytes may still be on their way into the process, so this looks again until they are there.</summary>
    private static Task FoundAsync(int process, Needles needles, string form) => UntilAsync(() => Memory.Scan(process, needles).Contains(form), form);

    private static async Task UntilAsync(Func<bool> isThere, string what)
    {
        using var patience = new CancellationTokenSource(Started.Patience);
        while (!isThere())
        {
            Assert.False(patience.IsCancellationRequested, $"The {what} did not turn up.");
            await Task.Yield();
        }
    }
}
