using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>How updates reach the sum (DESIGN section 6).</summary>
public enum Layout
{
    /// <summary>The masked vector goes to the coordinator, announcements to the leaders. The default.</summary>
    Masked = 1,

    /// <summary>The one full vector goes, sealed, to leader H(nonce) mod N_l; announcements to the others.</summary>
    Rotating = 2,

    /// <summary>No privacy: the update goes to the coordinator as it is. For baselines only.</summary>
    Plain = 3,
}

/// <summary>
/// The complete training configuration of a round. Part of what is signed: with the model's hash alone, a server could tell
/// everyone but one party to train zero epochs.
/// </summary>
/// <param name="Model">The model, as text (<c>softmax</c>, <c>mlp:128</c>, <c>cnn</c>), or <see cref="ExternalModel"/>.</param>
/// <param name="Dimension">d, the number of parameters.</param>
/// <param name="Epochs">Local epochs.</param>
/// <param name="BatchSize">Examples per step.</param>
/// <param name="LearningRate">Step size.</param>
/// <param name="Momentum">Classical momentum, 0 for none.</param>
/// <param name="WeightDecay">L2 penalty, 0 for none.</param>
/// <param name="Seed">From which every party derives its shuffling.</param>
/// <param name="Proximal">FedProx's mu, 0 for none: the pull of local parameters back to W_t.</param>
/// <param name="Server">What the coordinator makes of the aggregate delta.</param>
/// <param name="Stage">Whether parties train, or say what scale their columns have.</param>
public sealed record TrainingPlan(
    string Model, int Dimension, int Epochs, int BatchSize, double LearningRate, double Momentum, double WeightDecay, ulong Seed, double Proximal = 0,
    ServerStep Server = default, TrainingStage Stage = TrainingStage.Training)
{
    /// <summary>A model that only the nodes' own trainers know; its tensors are those of the model that the run starts from.</summary>
    public const string ExternalModel = "external";

    /// <summary>The largest mu.</summary>
    public const double MaxProximal = 100;
}

/// <summary>
/// How updates are encoded (DESIGN section 6): ring width k in bits, clip c, C_max, the fraction bits of the loss lane, and the
/// job's bounds on c.
/// </summary>
public sealed record EncodingRules(int RingBits, double Clip, uint MaxSampleCount, int LossFractionBits, double MinClip, double MaxClip);

/// <summary>
/// Everything that must be the same for all in one round. Its hash goes into every mask seed and every digest, so parties
/// and leaders that were told different things cannot complete a sum together.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Round">The round.</param>
/// <param name="ModelHash">H(W_t), over the float32 bytes.</param>
/// <param name="Layout">How updates reach the sum.</param>
/// <param name="Encoding">How updates are encoded.</param>
/// <param name="Training">What parties do.</param>
/// <param name="Participants">The parties selected, sorted by id; their number is n_max.</param>
/// <param name="KMin">The smallest |B| that may be released.</param>
/// <param name="UploadDeadline">From the opening to the end of uploads.</param>
/// <param name="CloseDeadline">From the end of uploads to the commit.</param>
public sealed record RoundSpec(
    RunId Run, Round Round, Hash256 ModelHash, Layout Layout, EncodingRules Encoding, TrainingPlan Training,
    ImmutableArray<NodeId> Participants, int KMin, TimeSpan UploadDeadline, TimeSpan CloseDeadline)
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "round-spec";

    /// <summary>The most parties one round may select: a set of them, with their nonces' hashes, fits one message of 2 MiB.</summary>
    public const int MaxParticipants = 25_000;

    /// <summary>The fewest bits that a value may have beside the room that n_max values need.</summary>
    public const int MinValueBits = 8;

    /// <summary>The largest d, a billion parameters.</summary>
    public const int MaxDimension = 1_000_000_000;

    /// <summary>H(RoundSpec).</summary>
    public Hash256 Digest => Hash256.Of(Statement());

    /// <summary>The canonical bytes that the coordinator signs.</summary>
    public byte[] Statement()
    {
        var writer = new CanonicalWriter(Domain).UInt128(Run.Value).UInt64(Round.Value).Hash(ModelHash).Int32((int)Layout)
            .Int32(Encoding.RingBits).Double(Encoding.Clip).UInt64(Encoding.MaxSampleCount).Int32(Encoding.LossFractionBits)
            .Double(Encoding.MinClip).Double(Encoding.MaxClip)
            .Text(Training.Model).Int32(Training.Dimension).Int32(Training.Epochs).Int32(Training.BatchSize)
            .Double(Training.LearningRate).Double(Training.Momentum).Double(Training.WeightDecay).UInt64(Training.Seed)
            .Double(Training.Proximal).Int32((int)Training.Server.Method).Double(Training.Server.LearningRate).Double(Training.Server.Beta1)
            .Double(Training.Server.Beta2).Double(Training.Server.Tau).Int32((int)Training.Stage)
            .Int32(KMin).UInt64((ulong)UploadDeadline.Ticks).UInt64((ulong)CloseDeadline.Ticks).Int32(Participants.Length);
        foreach (var participant in Participants)
        {
            writer.Hash(participant.Value);
        }

        return writer.ToArray();
    }
}
