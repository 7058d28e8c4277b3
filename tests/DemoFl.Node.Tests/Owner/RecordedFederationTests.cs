using System.Security.Cryptography;
using DemoFl.Node.Owner;
using DemoFl.Node.Tests.Federations;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Owner;

/// <summary>Real rounds: everything that left a node is in its record, and nothing leaves that cannot be put there.</summary>
public sealed class RecordedFederationTests : IDisposable
{
    private const string Alice = "alice";

    private readonly RecordPlace _place = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    [InlineData(Layout.Plain)]
    public async Task Record_OfARun_AccountsForEveryByteOnTheWire(Layout layout)
    {
        const int Rounds = 3;
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 4, Rounds, layout));
        await using var wire = new RecordingWire(federation.Address);
        using var folder = OwnerFolder.Take(_place.Keys, Alice);
        using (var record = OwnerRecord.Open(folder, Alice))
        {
            var alice = federation.Join(Alice, Trainer(), o => o with { Server = wire.Address, Record = record });
            JoinOthers(federation, 3);
            await federation.CompleteAsync();
            await alice.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        }

        var (lines, messages) = (_place.LinesOf(Alice), wire.Messages());
        Assert.Equal((messages.Count, messages.Sum(m => (long)m.Length)), (lines.Sum(l => l.Count("messages")), lines.Sum(l => l.Count("bytes"))));
        Assert.Equal([1L, 2, 3], lines.Where(l => l.Event == "vector").Select(l => l.Count("round")));
        Assert.Equal(Enumerable.Repeat(("committed", 4L), Rounds), lines.Where(l => l.Event == "ended").Select(l => (l.Text("outcome"), l.Count("parties"))));
        Assert.Equal(["start", "join"], lines.Take(2).Select(l => l.Event));
        Assert.Equal(federation.Server.Run.ToString(), lines.Single(l => l.Event == "joined").Text("run"));
        Assert.Equal("true", lines.Single(l => l.Event == "finished").Text("succeeded"));
        AssertLeaders(federation, federation.Members[0].Id, layout, Rounds, lines);
    }

    /// <summary>A leader is lost in the middle of the round: what the party gives its successor is in the record like everything else.</summary>
    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public async Task Record_OfAReorganisedRound_AccountsForEveryByteOnTheWire(Layout layout)
    {
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 5, rounds: 1, layout));
        await using var wire = new RecordingWire(federation.Address);
        using var folder = OwnerFolder.Take(_place.Keys, Alice);
        using (var record = OwnerRecord.Open(folder, Alice))
        {
            var alice = federation.Join(Alice, HeldTrainer(), o => o with { Server = wire.Address, Record = record, CanLead = false });
            JoinOthers(federation, 4);
            var leaders = (await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>()).Leaders;
            federation.Meanwhile = happened =>
            {
                if (happened is CoordinatorEvent.StageReached { Stage: RoundStage.Intersecting })
                {
                    federation.Meanwhile = null;
                    federation.Members.Single(m => m.Id == leaders.Seats[1].Holder).StopAsync().Wait();
                }
            };
            _held.SetResult();
            await federation.CompleteAsync();
            await alice.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        }

        var (lines, messages) = (_place.LinesOf(Alice), wire.Messages());
        Assert.Equal((messages.Count, messages.Sum(m => (long)m.Length)), (lines.Sum(l => l.Count("messages")), lines.Sum(l => l.Count("bytes"))));
        var replaced = await federation.Events.WhenAsync<CoordinatorEvent.Replaced>();
        Assert.Equal(replaced.Holder.Value.ToString(), Assert.Single(lines, l => l.Event == "reseal").Text("to"));
        Assert.Equal([0L, 1, 2], lines.Where(l => l.Event == "affirmation").Select(l => l.Count("slot")));
        Assert.Single(lines.Where(l => l.Event == "vector").Select(l => l.Text("sha256")).Distinct());
    }

    [Fact]
    public async Task Record_VectorLine_HasTheHashOfWhatWasSent()
    {
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 3, rounds: 1));
        await using var wire = new RecordingWire(federation.Address);
        using var folder = OwnerFolder.Take(_place.Keys, Alice);
        using (var record = OwnerRecord.Open(folder, Alice))
        {
            var alice = federation.Join(Alice, Trainer(), o => o with { Server = wire.Address, Record = record });
            JoinOthers(federation, 2);
            await federation.CompleteAsync();
            await alice.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        }

        var frames = wire.Messages().Select(TryFrame).OfType<V1.VectorFrame>().ToArray();
        int header = Array.FindIndex(frames, f => f.Header?.Key?.Kind == V1.VectorKind.Masked);
        byte[] sent = [.. frames[header + 1].Piece, .. frames[header].Header.Lanes];
        var line = _place.LinesOf(Alice).Single(l => l.Event == "vector");
        Assert.Equal((sent.Length, Convert.ToHexStringLower(SHA256.HashData(sent))), (line.Count("length"), line.Text("sha256")));
        Assert.Equal(("masked", "coordinator"), (line.Text("layout"), line.Text("to")));

        // The record is no second copy of it.
        string text = string.Concat(_place.FilesOf(Alice).Select(File.ReadAllText));
        Assert.DoesNotContain(Convert.ToHexStringLower(sent.AsSpan(0, 8)), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(sent.AsSpan(0, 6)), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ThatCannotBeWritten_KeepsTheVectorBackAndLaterGoesOn()
    {
        // Small files: after the join and the keys the next one is due before the first announcement.
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 4, rounds: 2) with { Leaders = 3 });
        await using var wire = new RecordingWire(federation.Address);
        var record = OwnerRecord.Open(_place.Chain(Alice, maxBytes: 1), Alice);
        string? block = null;
        var trainer = new StubTrainer((spec, parameters, _) =>
        {
            if (spec.Round == new Round(1))
            {
                block = _place.BlockNextFile(Alice);
            }

            StubTrainer.Move(spec.Round, parameters.Span, (_, _) => 0.01f);
            return Task.FromResult(StubTrainer.Result(100));
        });
        using (record)
        {
            var alice = federation.Join(Alice, trainer, o => o with { Server = wire.Address, Record = record, CanLead = false });
            JoinOthers(federation, 3);
            var declined = await alice.Events.WhenAsync<NodeEvent.Declined>();
            Assert.Equal((new Round(1), "this node cannot record what it sends"), (declined.Round, declined.Reason));
            await alice.Events.WhenAsync<NodeEvent.RoundEnded>(e => e.Round == new Round(1));
            Directory.Delete(block!);
            await federation.CompleteAsync();
            await alice.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        }

        await federation.Log.WhenAsync<LogLine>(l => l.Id == 112 && l.Text.Contains("--no-log", StringComparison.Ordinal));
        Assert.Equal([3, 4], federation.Reports.All.Select(r => r.Intersection).Order());
        var (lines, messages) = (_place.LinesOf(Alice), wire.Messages());
        Assert.Equal([2L], lines.Where(l => l.Event == "vector").Select(l => l.Count("round")));
        Assert.Equal((messages.Count, messages.Sum(m => (long)m.Length)), (lines.Sum(l => l.Count("messages")), lines.Sum(l => l.Count("bytes"))));
        Assert.True(lines.Sum(l => l.Count("unrecorded")) >= 2, "The notes of the round that was declined were not counted.");
    }

    [Fact]
    public async Task Record_ThatCannotBeWrittenAtTheJoin_SendsNothing()
    {
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 3, rounds: 1));
        await using var wire = new RecordingWire(federation.Address);
        using var record = OwnerRecord.Open(_place.Chain(Alice, maxBytes: 1), Alice);
        _place.BlockNextFile(Alice);
        var alice = federation.Join(Alice, Trainer(), o => o with { Server = wire.Address, Record = record });
        var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => alice.Completion.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("Nothing can be written in", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(wire.Messages());
    }

    public void Dispose() => _place.Dispose();

    /// <summary>Keys and announcements went to exactly the seats that the coordinator seated, and a sum for every round that this node led.</summary>
    private static void AssertLeaders(Federation federation, NodeId self, Layout layout, int rounds, IReadOnlyList<RecordLine> lines)
    {
        var seats = federation.Events.All.OfType<CoordinatorEvent.LeadersSeated>().LastOrDefault()?.Leaders.Seats ?? [];
        string[] holders = [.. seats.Select(s => s.Holder.Value.ToString())];
        string[] perRound = [.. lines.Where(l => l.Event == "announcement").Select(l => l.Text("to"))];
        Assert.Equal(layout == Layout.Plain ? 0 : 3, holders.Length);
        Assert.Equal(holders, lines.Where(l => l.Event == "answer").OrderBy(l => l.Count("slot")).Select(l => l.Text("to")));
        Assert.Equal(Enumerable.Repeat(holders, rounds).SelectMany(h => h), perRound);
        int led = seats.Any(s => s.Holder == self) ? rounds : 0;
        Assert.Equal(led, lines.Count(l => l.Event == "sum" && l.Count("parties") == 4));
        Assert.Equal(led > 0 ? 1 : 0, lines.Count(l => l.Event == "offer"));
        Assert.All(lines.Where(l => l.Event == "vector"), l => Assert.True(
            layout == Layout.Rotating ? holders.Contains(l.Text("to")) : l.Text("to") == "coordinator"));
    }

    private static V1.VectorFrame? TryFrame(byte[] message)
    {
        try
        {
            return V1.VectorFrame.Parser.ParseFrom(message);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private StubTrainer HeldTrainer() => new(async (_, _, cancellation) =>
    {
        await _held.Task.WaitAsync(cancellation);
        return StubTrainer.Result(100);
    });

    private static StubTrainer Trainer() => StubTrainer.Moving((_, _) => 0.01f, 100);

    private static void JoinOthers(Federation federation, int count)
    {
        for (int i = 0; i < count; i++)
        {
            federation.Join($"n-{i}", Trainer());
        }
    }
}
