using System.Text.Json;
using DemoFl.Protocol;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>
/// A node with good keys that says and sends what is not its to say, over real calls: refused, in the audit under its name, and without a trace in what
/// the others commit.
/// </summary>
public sealed class RoleTests : IDisposable
{
    private const string OutOfRole = "out_of_role";
    private const string Refused = "message_refused";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Outsider_SaysAndSendsWhatIsNotItsOwn_IsRefusedAndAuditedAndTheRoundCommits()
    {
        await using var round = await OpenRound.StartAsync(_folder.Path);
        var mallory = await round.Server.JoinAsync("mallory");
        var (term, open, attempt) = (round.Leader.Term, round.Spec.Round, new Attempt(1));
        var later = new Round(open.Value + 7);
        var offer = new Protocol.KeyOffer(mallory.Run, term, new Slot(0), mallory.Id, mallory.Incarnation, open, new byte[65]);
        var agreement = new Protocol.Replacement(mallory.Run, open, term.Next, new Slot(0), mallory.Id, mallory.Incarnation, default, default);

        (NodeMessage Said, string Reason)[] words =
        [
            (new NodeMessage.Recommendation(new Term(term.Value + 5)), $"term {term.Value + 5} has not been opened"),
            (new NodeMessage.KeysEstablished(new Term(term.Value + 3)), $"term {term.Value + 3} has not been opened"),
            (new NodeMessage.OfferMade(new SignedOffer(offer, mallory.Credentials, mallory.Key.Sign(Protocol.KeyOffer.Domain, offer.Statement()))),
                "it holds no slot, and has held none"),
            (new NodeMessage.HoldingsReported(open, attempt, [round.Bob.Id]), $"it holds no slot in round {open}"),
            (new NodeMessage.DigestsReported(open, attempt, []), $"it holds no slot in round {open}"),
            (new NodeMessage.ReplacementAgreed(open, new Protocol.SignedReplacement(
                new Slot(0), agreement, mallory.Key.Sign(Protocol.Replacement.Domain, agreement.Statement()))), $"it holds no slot in round {open}"),
            (new NodeMessage.LeaderRefused(open, "I lead"), "it holds no slot, and has held none"),
            (new NodeMessage.HoldingsReported(later, attempt, []), $"round {later} has not been opened"),
            (new NodeMessage.VectorDelivered(open, default), $"it is no party of round {open}"),
            (new NodeMessage.Declined(open, "not me"), $"it is no party of round {open}"),
            (new NodeMessage.Resealed(open, term), $"it is no party of round {open}"),
            (new NodeMessage.HolderSilent(open, new Slot(0)), $"it is no party of round {open}"),
        ];
        foreach (var (said, _) in words)
        {
            await mallory.SayAsync(said);
        }

        await mallory.SayAsync(new NodeMessage.Recommendation(term));
        await mallory.SayAsync(new NodeMessage.Recommendation(term));
        await AnswerAsync(mallory, 77);
        await RefusedAsync(() => mallory.SubmitAsync(Some.Header(32, round: open.Value), new byte[32]));
        await RefusedAsync(() => mallory.SubmitAsync(Some.Header(32, kind: VectorKind.Sum, round: open.Value, attempt: 1, lanes: new byte[40]), new byte[32]));

        await AuditedAsync(round, OutOfRole, $"it has recommended itself for term {term} already", mallory);
        foreach (var (said, reason) in words)
        {
            var line = await AuditedAsync(round, OutOfRole, reason, mallory, said.GetType().Name);
            Assert.StartsWith("ipv4:", line.GetProperty("peer").GetString(), StringComparison.Ordinal);
        }

        await AuditedAsync(round, OutOfRole, "beat 77 was never sent to it", mallory);
        await AuditedAsync(round, Refused, "has no Masked vector to send", mallory);
        await AuditedAsync(round, Refused, "has no Sum vector to send", mallory);
        await round.CommitAsync();
    }

    [Fact]
    public async Task Party_StandsForATermWhoseLeadersItHasKeysWith_IsRefusedAndAudited()
    {
        await using var round = await OpenRound.StartAsync(_folder.Path);
        await round.Bob.SayAsync(new NodeMessage.Recommendation(round.Leader.Term));

        await AuditedAsync(round, OutOfRole, "the leaders of term 1 are seated", round.Bob);
        await round.CommitAsync();
    }

    [Fact]
    public async Task Party_SendsASecondVectorOrAnothersOrALeadersSum_IsRefusedAndAuditedAndTheFirstOneCounts()
    {
        await using var round = await OpenRound.StartAsync(_folder.Path);
        ulong open = round.Spec.Round.Value;
        await round.Bob.SubmitAsync(Some.Header(32, node: 2, round: open), new byte[32], until: 16);

        await RefusedAsync(() => round.Bob.SubmitAsync(Some.Header(32, node: 3, round: open), new byte[32]));
        await RefusedAsync(() => round.Bob.SubmitAsync(Some.Header(32, node: 2, round: open, lanes: Some.Lane(99)), new byte[32]));
        await RefusedAsync(() => round.Bob.SubmitAsync(Some.Header(32, node: 2, round: open), Enumerable.Repeat((byte)9, 32).ToArray()));
        await RefusedAsync(() => round.Bob.SubmitAsync(Some.Header(32, kind: VectorKind.Sum, round: open, attempt: 1, lanes: new byte[40]), new byte[32]));

        await AuditedAsync(round, Refused, "The vector differs from the one begun before", round.Bob);
        await AuditedAsync(round, Refused, "header.offset is 0; 16 bytes are here", round.Bob);
        await AuditedAsync(round, Refused, "has no Sum vector to send", round.Bob);
        await round.Bob.SubmitAsync(Some.Header(32, node: 2, round: open), new byte[32], offset: 16);
        await round.CommitAsync(bobHasSent: true);
    }

    [Fact]
    public async Task Leader_ReleasesTooEarlyOrElsewhereOrAnotherSumOrAgain_IsRefusedAndAudited()
    {
        await using var round = await OpenRound.StartAsync(_folder.Path);
        ulong open = round.Spec.Round.Value;
        var alice = round.Alice;
        await RefusedAsync(() => alice.SubmitAsync(Sum(open, 1), new byte[32]));
        await AuditedAsync(round, Refused, "has no Sum vector to send", alice);

        await round.UploadAsync();
        await round.Leader.CloseAsync(round.Spec, release: async attempt =>
        {
            await RefusedAsync(() => alice.SubmitAsync(Sum(open, attempt + 1), new byte[32]));
            await RefusedAsync(() => alice.SubmitAsync(Sum(open + 1, attempt), new byte[32]));
            await alice.SubmitAsync(Sum(open, attempt), new byte[32], until: 16);
            var other = Sum(open, attempt);
            other.Lanes = Google.Protobuf.ByteString.CopyFrom(Some.Lane(5));
            await RefusedAsync(() => alice.SubmitAsync(other, new byte[32]));
            await alice.SubmitAsync(Sum(open, attempt), new byte[32], offset: 16);
        });
        Assert.Equal(2, (await round.Server.Observer.NextAsync<CoordinatorEvent.Committed>()).Intersection);
        await RefusedAsync(() => alice.SubmitAsync(Sum(open, 1), Enumerable.Repeat((byte)1, 32).ToArray()));

        await AuditedAsync(round, Refused, $"Round {open + 1} is not open", alice);
        await AuditedAsync(round, Refused, "The vector differs from the one begun before", alice);
        await AuditedAsync(round, Refused, $"Round {open} is not open", alice);
        Assert.Equal(Some.Model.Initialise(5), round.CommittedModel());
    }

    [Fact]
    public async Task LeaderOfAnEarlierTerm_GoesOnAsIfItLed_IsRefusedAndAuditedAndTheRoundCommits()
    {
        await using var first = await OpenRound.StartAsync(_folder.Path, tenure: 1);
        await first.CommitAsync();
        var next = new ScriptedLeader(first.Bob);
        await next.LeadAsync();
        await first.Alice.ExpectAsync(f => f.OffersPublished);
        await first.Alice.SayAsync(new NodeMessage.KeysEstablished(next.Term));
        var spec = RoundSpecs.FromWire(await first.Alice.ExpectAsync(f => f.RoundOpened));
        ulong open = spec.Round.Value;

        await first.Alice.SayAsync(new NodeMessage.HoldingsReported(spec.Round, new Attempt(1), [first.Bob.Id]));
        await first.Alice.SayAsync(new NodeMessage.Recommendation(first.Leader.Term));
        await AnswerAsync(first.Alice, 99);
        await RefusedAsync(() => first.Alice.SubmitAsync(Sum(open, 1), new byte[32]));
        await RefusedAsync(() => first.Alice.SubmitAsync(Sum(first.Spec.Round.Value, 1), new byte[32]));

        await AuditedAsync(first, OutOfRole, $"it holds no slot in round {open}", first.Alice);
        await AuditedAsync(first, OutOfRole, $"the leaders of term {next.Term} are seated", first.Alice);
        await AuditedAsync(first, OutOfRole, "beat 99 was never sent to it", first.Alice);
        await AuditedAsync(first, Refused, "has no Sum vector to send", first.Alice);
        await AuditedAsync(first, Refused, $"Round {first.Spec.Round} is not open", first.Alice);
        await first.Alice.SubmitAsync(Some.Header(32, node: 1, round: open), new byte[32]);
        await first.Bob.SubmitAsync(Some.Header(32, node: 2, round: open), new byte[32]);
        await next.CloseAsync(spec);
        Assert.Equal(2, (await first.Server.Observer.NextAsync<CoordinatorEvent.Committed>()).Intersection);
        Assert.Equal(Some.Model.Initialise(5), first.CommittedModel());
    }

    [Fact]
    public async Task TokenOfAnEarlierLife_AfterTheNodeJoinedAgain_OpensNothingAndIsAudited()
    {
        await using var round = await OpenRound.StartAsync(_folder.Path);
        var before = round.Bob;
        var after = await round.Server.JoinAsync("bob", before.Key);
        var calls = new Func<Task>[]
        {
            () => before.SubmitAsync(Some.Header(32, node: 2, round: round.Spec.Round.Value), new byte[32]),
            async () => await before.Coordinator.VectorStateAsync(new VectorKey { Round = 1, Kind = VectorKind.Masked }, before.Call),
            async () => await before.Relay.Send(before.Call),
            () => AnswerAsync(before, 1),
        };
        foreach (var call in calls)
        {
            Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }

        await round.Server.AuditedAsync(Refused, "This call names no live session");
        await after.SubmitAsync(Some.Header(32, node: 2, round: round.Spec.Round.Value), new byte[32]);
        await round.CommitAsync(bobHasSent: true);
    }

    [Fact]
    public async Task HonestRound_FromJoinToCommit_LeavesNothingInTheAudit()
    {
        await using (var round = await OpenRound.StartAsync(_folder.Path))
        {
            await round.CommitAsync();
        }

        Assert.Empty(AuditReader.Lines(_folder.File("audit.jsonl")));
    }

    private static VectorHeader Sum(ulong round, uint attempt) => Some.Header(32, kind: VectorKind.Sum, round: round, attempt: attempt, lanes: new byte[40]);

    private static async Task RefusedAsync(Func<Task> send) => Assert.Contains(
        (await Assert.ThrowsAsync<RpcException>(send)).StatusCode, new[] { StatusCode.FailedPrecondition, StatusCode.InvalidArgument });

    private static async Task AnswerAsync(ScriptedNode node, ulong beat)
    {
        using var call = node.Coordinator.Heartbeat(node.Call);
        await call.ResponseHeadersAsync;
        await call.RequestStream.WriteAsync(new BeatAnswered { Number = beat });
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext(CancellationToken.None);
    }

    private static async Task<JsonElement> AuditedAsync(OpenRound round, string kind, string reason, ScriptedNode by, string? what = null)
    {
        var line = await round.Server.AuditedAsync(kind, reason, what);
        Assert.Equal(by.Id.Value.ToString(), line.GetProperty("node").GetString());
        Assert.Equal(by.Name, line.GetProperty("name").GetString());
        return line;
    }
}
