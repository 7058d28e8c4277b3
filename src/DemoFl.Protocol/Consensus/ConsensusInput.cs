namespace DemoFl.Protocol;

/// <summary>What happens to an institution's consensus. The host has authenticated every speaker.</summary>
public abstract record ConsensusInput
{
    private ConsensusInput()
    {
    }

    /// <summary>
    /// Another institution said something. A host that lacks the model of a <see cref="Agreement.RoundCommitted"/> among the entries drops the message and
    /// fetches the model: the coordinator asks again, and to answer would be to say that the model is safe here.
    /// </summary>
    public sealed record Received(NodeId From, ConsensusMessage Message) : ConsensusInput;

    /// <summary>
    /// The host wants this agreed. Answered at once by <see cref="ConsensusEffect.ProposalAccepted"/> or <see cref="ConsensusEffect.ProposalRefused"/>.
    /// </summary>
    /// <param name="Number">The host's own, for the answer.</param>
    /// <param name="Agreement">A leader set or a round.</param>
    public sealed record Propose(long Number, Agreement Agreement) : ConsensusInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : ConsensusInput;
}
