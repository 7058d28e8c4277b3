using DemoFl.Protocol;

namespace DemoFl.Cli.Jobs;

/// <summary>A job as its file and the command line give it; every value is within its range once <see cref="JobReader"/> is done.</summary>
internal sealed class JobValues
{
    public string Model { get; set; } = "";

    /// <summary><see cref="StartModel.Random"/>, or a file.</summary>
    public string Start { get; set; } = "";

    public string Data { get; set; } = "";

    public string Partition { get; set; } = "";

    public bool Standardize { get; set; }

    public bool Evaluate { get; set; }

    public int Parties { get; set; }

    public int Processes { get; set; }

    public int Rounds { get; set; }

    public double Fraction { get; set; }

    public int Leaders { get; set; }

    /// <summary>Whether the job follows SOFL; what that means is in the other values already.</summary>
    public bool Sofl { get; set; }

    public ElectionMode Election { get; set; }

    /// <summary>Whether the leaders find the intersection among themselves.</summary>
    public bool LeadersIntersect { get; set; }

    /// <summary>In rounds; 0 for never.</summary>
    public int Tenure { get; set; }

    public LossPolicy OnLeaderLost { get; set; }

    public TimeSpan Heartbeat { get; set; }

    public int MissedBeats { get; set; }

    public Layout Layout { get; set; }

    public int Ring { get; set; }

    public int KMin { get; set; }

    public double Clip { get; set; }

    public double ClipMin { get; set; }

    public double ClipMax { get; set; }

    public uint MaxSamples { get; set; }

    public int Epochs { get; set; }

    public int Batch { get; set; }

    public double LearningRate { get; set; }

    public double Momentum { get; set; }

    public double WeightDecay { get; set; }

    public double Proximal { get; set; }

    /// <summary>Without its learning rate, which is a key of its own.</summary>
    public ServerStep ServerStep { get; set; }

    /// <summary>0 for what is usual with the optimiser.</summary>
    public double ServerLearningRate { get; set; }

    /// <summary>0 for no such target.</summary>
    public double StopAccuracy { get; set; }

    /// <summary>0 for no such target.</summary>
    public double StopLoss { get; set; }

    public ulong Seed { get; set; }

    public TimeSpan ElectionWindow { get; set; }

    public TimeSpan KeyDeadline { get; set; }

    public TimeSpan UploadDeadline { get; set; }

    public TimeSpan CloseDeadline { get; set; }

    /// <summary>Every key with its value as text: what another process must be given to read the same job.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; set; } = new SortedDictionary<string, string>();

    /// <summary>The values that a resumed run must share, as one canonical line.</summary>
    public string Identity { get; set; } = "";
}
