using DemoFl.Protocol;

namespace DemoFl.Cli.Jobs;

/// <summary>Every key that a job file may have, with its default and range (DESIGN section 13). The help and the reader go by this one table.</summary>
internal static class JobSettings
{
    /// <summary>The key whose value sets the defaults of others (<see cref="JobSetting.InSofl"/>).</summary>
    public const string Mode = "mode";

    /// <summary>That value of <see cref="Mode"/>.</summary>
    public const string Sofl = "sofl";

    public const int MaxRounds = 1_000_000;

    public static readonly IReadOnlyList<JobSetting> All =
    [
        JobSetting.Text("model", "mlp:128", "softmax, mlp:UNITS[,UNITS...], cnn, external", "what is trained; external: a model that only the nodes' trainers know", (v, t) => v.Model = t),
        JobSetting.Text("start", StartModel.Random, "random, FILE.safetensors", "the first model: drawn from the seed, or read; its tensors are matched by name", (v, t) => v.Start = t) with { CameLater = true },
        JobSetting.Text("data", "generated", "generated[:...], mnist:DIR, cifar10:DIR, csv:FILE[,...]", "where examples come from", (v, t) => v.Data = t),
        JobSetting.Text("partition", "iid", "iid, shards:PER-PARTY, dirichlet:ALPHA", "how `run` deals the training examples out to parties", (v, t) => v.Partition = t),
        JobSetting.Choice("standardize", "false", "whether the federation first finds every column's mean and deviation by two secure rounds over all nodes, and keeps them with the model; for tables whose columns differ in scale", Truth, (v, t) => v.Standardize = t) with { CameLater = true },
        JobSetting.Choice("evaluate", "true", "whether the server judges each committed model on the test examples", Truth, (v, t) => v.Evaluate = t),
        JobSetting.Integer("parties", 10, 1, 65_536, "nodes to wait for before the first election", (v, n) => v.Parties = (int)n),
        JobSetting.Integer("processes", 10, 1, 1_000, "node processes that `run` starts; each hosts an equal share of the parties", (v, n) => v.Processes = (int)n, shapes: false),
        JobSetting.Integer("rounds", 10, 1, MaxRounds, "rounds to commit", (v, n) => v.Rounds = (int)n, shapes: false),
        JobSetting.Number("fraction", 1, 0.000_001, 1, "share of the nodes that is selected each round", (v, x) => v.Fraction = x),
        JobSetting.Integer("leaders", 3, 1, 15, "N_l; 5 where collusion is feared", (v, n) => v.Leaders = (int)n),
        JobSetting.Choice(Mode, "demofl", "the paper to follow, wherever no key of its own says otherwise; sofl: leaders are appointed, they intersect among themselves, and tenure is 3", Modes, (v, m) => v.Sofl = m) with { CameLater = true },
        JobSetting.Choice("election", "first", "first: self-recommendation after a random wait (DemoFL); appointed: drawn by the server (SOFL)", Elections, (v, e) => v.Election = e) with { InSofl = "appointed" },
        JobSetting.Choice("intersect", "coordinator", "who finds the parties whose updates all leaders can unmask: the coordinator (DemoFL), or the leaders among themselves (SOFL)", Intersecting, (v, l) => v.LeadersIntersect = l) with { CameLater = true, InSofl = "leaders" },
        JobSetting.Integer("tenure", 10, 0, MaxRounds, "rounds after which the longest-serving leader hands its slot on; 0 for never", (v, n) => v.Tenure = (int)n, shapes: false) with { InSofl = "3" },
        JobSetting.Choice("on-leader-lost", "reseal", "reseal: another node takes the lost leader's slot and the round goes on, once a round; abort: the round is given up", Losses, (v, l) => v.OnLeaderLost = l, shapes: false),
        JobSetting.Duration("heartbeat", "500ms", TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1), "between two beats to every leader", (v, t) => v.Heartbeat = t),
        JobSetting.Integer("missed-beats", 3, 1, 100, "a leader is lost after so many beats in a row without an answer", (v, n) => v.MissedBeats = (int)n, shapes: false),
        JobSetting.Choice("layout", "masked", "how updates reach the sum; plain has no privacy", Layouts, (v, l) => v.Layout = l),
        JobSetting.Choice("ring", "32", "bits of a ring word; 16 halves the upload, 64 is the most exact", Rings, (v, k) => v.Ring = k),
        JobSetting.Integer("k-min", 3, 1, 65_536, "fewest parties in a sum that may be released", (v, n) => v.KMin = (int)n),
        JobSetting.Number("clip", 0.5, 1.0 / 1024, 1024, "largest weighted change of a parameter at first; follows a public rule", (v, x) => v.Clip = x),
        JobSetting.Number("clip-min", 1.0 / 1024, 1.0 / 1024, 1024, "lower bound of that rule", (v, x) => v.ClipMin = x),
        JobSetting.Number("clip-max", 1024, 1.0 / 1024, 1024, "upper bound of that rule", (v, x) => v.ClipMax = x),
        JobSetting.Integer("max-samples", 1_000, 1, int.MaxValue, "C_max: no party counts for more examples than this", (v, n) => v.MaxSamples = (uint)n),
        JobSetting.Integer("epochs", 1, 1, 1_000, "local epochs", (v, n) => v.Epochs = (int)n),
        JobSetting.Integer("batch", 32, 1, 65_536, "examples per step", (v, n) => v.Batch = (int)n),
        JobSetting.Number("lr", 0.05, 0.000_001, 100, "learning rate", (v, x) => v.LearningRate = x),
        JobSetting.Number("momentum", 0, 0, 0.999, "classical momentum", (v, x) => v.Momentum = x),
        JobSetting.Number("weight-decay", 0, 0, 1, "L2 penalty", (v, x) => v.WeightDecay = x),
        JobSetting.Number("proximal", 0, 0, TrainingPlan.MaxProximal, "mu of FedProx: the pull of local training back to the global model; 0 for none", (v, x) => v.Proximal = x) with { CameLater = true },
        JobSetting.Patterned("server-optimizer", "none", ServerStepText.Range, ServerStepText.Pattern, "what the server makes of the aggregate update: added as it is, FedAvgM, FedAdam or FedYogi; 0.9 and 0.9,0.99,0.001 unless given", ServerStepText.Parse, (v, s) => v.ServerStep = s) with { CameLater = true },
        JobSetting.Number("server-lr", 0, 0, ServerStep.MaxLearningRate, "the server optimizer's learning rate; 0 for the usual: momentum 1, adam and yogi 0.01", (v, x) => v.ServerLearningRate = x) with { CameLater = true },
        JobSetting.Integer("seed", 1, 0, long.MaxValue, "from which the first model, the draws and the shuffles follow", (v, n) => v.Seed = (ulong)n),
        JobSetting.Number("stop-accuracy", 0, 0, 1, "the run is done with the first committed model of this accuracy: on the test examples, or without evaluate as the parties saw it; 0 for never", (v, x) => v.StopAccuracy = x, shapes: false) with { CameLater = true },
        JobSetting.Number("stop-loss", 0, 0, 1_000_000, "likewise with the first of no more than this loss; 0 for never", (v, x) => v.StopLoss = x, shapes: false) with { CameLater = true },
        JobSetting.Duration("election-window", "500ms", TimeSpan.Zero, TimeSpan.FromSeconds(5), "in which candidates wait", (v, t) => v.ElectionWindow = t),
        JobSetting.Duration("key-deadline", "30s", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "for agreeing keys after an election", (v, t) => v.KeyDeadline = t),
        JobSetting.Duration("upload-deadline", "120s", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), "from a round's opening to the end of uploads", (v, t) => v.UploadDeadline = t),
        JobSetting.Duration("close-deadline", "30s", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "from the end of uploads to the commit", (v, t) => v.CloseDeadline = t),
    ];

    private static SortedDictionary<string, bool> Modes => new(StringComparer.Ordinal) { ["demofl"] = false, [Sofl] = true };

    private static SortedDictionary<string, bool> Intersecting => new(StringComparer.Ordinal) { ["coordinator"] = false, ["leaders"] = true };

    private static SortedDictionary<string, LossPolicy> Losses =>
        new(StringComparer.Ordinal) { ["reseal"] = LossPolicy.Reseal, ["abort"] = LossPolicy.Abort };

    private static SortedDictionary<string, bool> Truth => new(StringComparer.Ordinal) { ["true"] = true, ["false"] = false };

    private static SortedDictionary<string, int> Rings => new(StringComparer.Ordinal) { ["16"] = 16, ["32"] = 32, ["64"] = 64 };

    private static SortedDictionary<string, ElectionMode> Elections =>
        new(StringComparer.Ordinal) { ["first"] = ElectionMode.First, ["appointed"] = ElectionMode.Appointed };

    private static SortedDictionary<string, Layout> Layouts =>
        new(StringComparer.Ordinal) { ["masked"] = Layout.Masked, ["rotating"] = Layout.Rotating, ["plain"] = Layout.Plain };
}
