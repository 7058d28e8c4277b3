using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Cli.Attack;

/// <summary>
/// The coordinator of the attacked round: the product's own machine and arithmetic. It keeps every vector it ever got. It has no disk: what a server
/// would make durable first is taken as done.
/// </summary>
internal sealed class Coordination(AttackedRound round, CoordinatorRules rules, float[] start)
{
    private readonly CoordinatorMachine _machine = new(
        rules, new CoordinatorProgress(default, default, 0, round.StartHash, rules.Encoding.Clip), entropy: 0);

    private readonly RingVector _lanes = new(RingWidth.Bits64, Lanes.Count);

    /// <summary>What the round was about, once it opened.</summary>
    public RoundSpec? Spec { get; private set; }

    /// <summary>L.</summary>
    public LeaderSet? Leaders => _machine.Leaders;

    /// <summary>y_i by party; none in the rotating layout.</summary>
    public Dictionary<NodeId, RingVector> Uploads { get; } = [];

    /// <summary>A_j by slot.</summary>
    public Dictionary<Slot, RingVector> Sums { get; } = [];

    /// <summary>W_{t+1}, once it is committed.</summary>
    public float[]? Committed { get; private set; }

    /// <summary>Why there is none.</summary>
    public string Outcome { get; private set; } = "the round did not end";

    public void Take(CoordinatorInput input)
    {
        var effects = new List<CoordinatorEffect>();
        _machine.Step(input, TimeSpan.Zero, effects);
        effects.ForEach(Carry);
    }

    /// <summary>A party's vector.</summary>
    public void Take(Contribution contribution, RingVector vector, RingVector lanes)
    {
        Uploads.Add(contribution.Party, vector);
        _lanes.Add(lanes);
        Take(new CoordinatorInput.VectorReceived(contribution.Party, Spec!.Round, contribution.NonceHash));
    }

    /// <summary>A leader's sum.</summary>
    public void Take(NodeId leader, Slot slot, Attempt attempt, RingVector sum, RingVector lanes)
    {
        Sums.Add(slot, sum);
        _lanes.Add(lanes);
        Take(new CoordinatorInput.SumReceived(leader, Spec!.Round, attempt));
    }

    private void Carry(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Send m:
                round.ToNode(m.To, m.Message);
                break;
            case CoordinatorEffect.Broadcast m:
                round.ToEveryNode(m.Message);
                break;
            case CoordinatorEffect.AcceptVectors m:
                Spec = m.Spec;
                break;
            case CoordinatorEffect.PrepareClosing m:
                round.Post(this, new CoordinatorInput.ClosingPrepared(m.Spec.Round, m.Attempt));
                break;
            case CoordinatorEffect.CommitRound m:
                Commit(m.Spec);
                break;
            case CoordinatorEffect.Finish m:
                Outcome = m.Reason;
                break;
        }
    }

    /// <summary>W_{t+1} from the sum of all shares. Everybody is in B, or the round would have been aborted.</summary>
    private void Commit(RoundSpec spec)
    {
        var lanes = Lanes.FromTotals(_lanes);
        Committed = [.. start];
        FixedPoint.Apply(Rings.Sum(spec, [.. Uploads.Values, .. Sums.Values]), Rings.EncodingOf(spec), lanes.SampleCount, Committed);
        var totals = new RoundTotals(lanes.SampleCount, lanes.Clipped, lanes.LossSum, lanes.Correct, lanes.Evaluated);
        round.Post(this, new CoordinatorInput.CommitDone(spec.Round, AttackedRound.HashOf(Committed), spec.Encoding.Clip, totals));
    }
}
