namespace DemoFl.Protocol;

/// <summary>What happens to a coordinator. The host has authenticated every node and verified every signature.</summary>
public abstract record CoordinatorInput
{
    private CoordinatorInput()
    {
    }

    /// <summary>
    /// A node joined; <paramref name="CanLead"/> is false for all but one of the nodes that a process hosts. The connection's number tells a
    /// process that joined again from its earlier connection.
    /// </summary>
    public sealed record NodeArrived(NodeId Node, string Name, Incarnation Incarnation, bool CanLead, long Connection = 0) : CoordinatorInput;

    /// <summary>A node's control stream ended. Changes nothing if the node has joined again since.</summary>
    public sealed record NodeDeparted(NodeId Node, Incarnation Incarnation, long Connection = 0) : CoordinatorInput;

    /// <summary>A node said something.</summary>
    public sealed record NodeSaid(NodeId Node, NodeMessage Message) : CoordinatorInput;

    /// <summary>A party's vector is complete at the coordinator.</summary>
    public sealed record VectorReceived(NodeId Party, Round Round, Hash256 NonceHash) : CoordinatorInput;

    /// <summary>A leader's sum is complete at the coordinator.</summary>
    public sealed record SumReceived(NodeId Leader, Round Round, Attempt Attempt) : CoordinatorInput;

    /// <summary>The record of <see cref="CoordinatorEffect.PrepareClosing"/> is durable.</summary>
    public sealed record ClosingPrepared(Round Round, Attempt Attempt) : CoordinatorInput;

    /// <summary>
    /// The new model is durable (<see cref="CoordinatorEffect.CommitRound"/>). <paramref name="Judged"/> is how good it is, where the host judged it
    /// before it committed; else the parties' totals count towards a target.
    /// </summary>
    public sealed record CommitDone(Round Round, Hash256 ModelHash, double NextClip, RoundTotals Totals, Judgement? Judged = null) : CoordinatorInput;

    /// <summary>The host could not do what an effect asked (a sum that does not decode, sum C = 0).</summary>
    public sealed record CommitFailed(Round Round, string Reason) : CoordinatorInput;

    /// <summary>The operator asks for an orderly end.</summary>
    public sealed record StopRequested : CoordinatorInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : CoordinatorInput;
}
