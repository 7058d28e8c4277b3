namespace DemoFl.Simulation;

/// <summary>The vectors and sums of the open round at the server, and its slow work with the disk.</summary>
internal sealed class ServerRound(Federation federation, ServerHost server)
{
    private static readonly TimeSpan SlowestDisk = TimeSpan.FromMilliseconds(20);

    private readonly SplitMix64 _disk = Randomness.For(federation.Scenario.Seed, "disk");
    private readonly Dictionary<NodeId, (Hash256 NonceHash, uint[] Words)> _vectors = [];
    private readonly Dictionary<Slot, uint[]> _sums = [];
    private RoundSpec? _accepting;
    private CoordinatorEffect.AcceptSums? _summing;
    private (PartySet B, uint[] Sum)? _closing;

    public bool TakeVector(NodeId party, Round round, Hash256 nonceHash, uint[] words) =>
        _accepting is { } open && open.Round == round && open.Participants.Contains(party) && _vectors.TryAdd(party, (nonceHash, words));

    public bool TakeSum(NodeId leader, Round round, Attempt attempt, uint[] sum) =>
        _summing is { } wanted && wanted.Round == round && wanted.Attempt == attempt && wanted.Leaders.SeatOf(leader) is { } seat
        && _sums.TryAdd(seat.Slot, sum);

    public void Do(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.AcceptVectors m:
                Forget();
                _accepting = m.Spec;
                break;
            case CoordinatorEffect.AcceptSums m:
                _summing = m;
                _sums.Clear();
                _closing ??= server.Recovered;
                break;
            case CoordinatorEffect.PrepareClosing m:
                PrepareClosing(m);
                break;
            case CoordinatorEffect.CommitRound m:
                Commit(m);
                break;
            case CoordinatorEffect.DiscardRound m when m.Round == _accepting?.Round:
                Forget();
                break;
        }
    }

    public void Forget()
    {
        (_accepting, _summing, _closing) = (null, null, null);
        _vectors.Clear();
        _sums.Clear();
    }

    private void PrepareClosing(CoordinatorEffect.PrepareClosing closing)
    {
        var parties = closing.Intersection.Contributions;
        bool rotating = closing.Spec.Layout == Layout.Rotating;
        Promise.Require(
            rotating || federation.Scenario.Evil is not null || parties.All(HasVector),
            $"P6: round {closing.Spec.Round} closes over a vector that is not there");
        uint[] sum = rotating ? Ring.Zero : Ring.Sum(parties.Where(HasVector).Select(c => _vectors[c.Party].Words));
        server.After(_disk.UpTo(SlowestDisk), () =>
        {
            _closing = (closing.Intersection, sum);
            if (closing.Leaders is null || server.Append(new UnfinishedRound(closing.Spec, closing.Leaders, closing.Attempt, closing.Intersection), sum))
            {
                server.Step(new CoordinatorInput.ClosingPrepared(closing.Spec.Round, closing.Attempt));
            }
        });
    }

    private bool HasVector(Contribution contribution) =>
        _vectors.TryGetValue(contribution.Party, out var vector) && vector.NonceHash == contribution.NonceHash;

    private void Commit(CoordinatorEffect.CommitRound commit)
    {
        Promise.Require(
            _closing is { } prepared && prepared.B.Digest == commit.Intersection.Digest,
            $"C3: round {commit.Spec.Round} commits another B than it closed with");
        uint[] total = Ring.Sum(_sums.OrderBy(s => s.Key.Index).Select(s => s.Value).Prepend(_closing!.Value.Sum));
        federation.Promises.OnCommit(commit, total);
        var writer = new CanonicalWriter("model").Hash(server.Model);
        var model = total.Aggregate(writer, (w, word) => w.UInt64(word)).ToHash();
        server.After(_disk.UpTo(SlowestDisk), () =>
        {
            if (server.Append(new DiskRecord(DiskRecordKind.RoundCommitted, commit.Spec.Round.Value, model)))
            {
                server.Step(new CoordinatorInput.CommitDone(
                    commit.Spec.Round, model, federation.Scenario.Rules.Encoding.Clip, new RoundTotals((ulong)commit.Intersection.Count, 0, 0, 0, 0)));
            }
        });
    }
}
