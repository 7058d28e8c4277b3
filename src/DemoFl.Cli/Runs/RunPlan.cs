using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Sharing;

namespace DemoFl.Cli.Runs;

/// <summary>
/// What a run on this machine will be made of, from its job alone. Bytes are those of vectors and models, without the framing, seals and control
/// messages around them; memory is an estimate of vectors, models and examples and of what the runtime takes for itself.
/// </summary>
internal sealed record RunPlan(JobValues Job, TrainTest Data, Model Model, int[] PartyExamples, string Folder)
{
    /// <summary>The server's default.</summary>
    private const long VectorMemoryBudget = 1L << 30;

    /// <summary>A round allowance for what a process takes before it holds anything, in bytes; the platform decides the real figure.</summary>
    private const long RuntimeBytes = 90_000_000;

    /// <summary>The best model, and the one that takes its place.</summary>
    private const int BestModels = 2;

    /// <summary>Parameters, gradients, momentum and activations of a party that trains.</summary>
    private const int ModelsOfATrainer = 4;

    /// <summary>The model, the sum in doubles and the model that it makes.</summary>
    private const int ModelsOfTheServer = 4;

    /// <summary>Kept besides the newest; null for every one.</summary>
    public int? OlderCheckpoints { get; init; } = ServerSettings.DefaultOlderCheckpoints;

    /// <summary>Those that are kept, the newest, and the one being written.</summary>
    private long Checkpoints => (OlderCheckpoints ?? Job.Rounds) + 2L;

    /// <summary>What the server optimiser keeps of each parameter.</summary>
    private int Moments => Job.ServerStep.Method switch { ServerMethod.None => 0, ServerMethod.Momentum => 1, _ => 2 };

    public int Selected => (int)Math.Ceiling(Job.Parties * Job.Fraction);

    public long ModelBytes => (long)Model.Layout.Length * sizeof(float);

    /// <summary>What one party sends a round: the vector and its lanes.</summary>
    public long BytesUp => ((long)Model.Layout.Length * (Job.Layout == Layout.Plain ? sizeof(float) : Job.Ring / 8)) + (Lanes.Count * sizeof(ulong));

    /// <summary>What a round's parties send together; with the rotating layout it passes on to the leaders.</summary>
    public long RoundBytesUp => BytesUp * Selected;

    public long RoundBytesDown => ModelBytes * Selected;

    /// <summary>The rounds that measure columns are everyone's, in the widest ring.</summary>
    private long LargestRoundBytesUp => Job.Standardize && Job.Layout != Layout.Plain
        ? Job.Parties * (((long)Model.Layout.Length * StatisticsEncoding.RingBits / 8) + (Lanes.Count * sizeof(ulong)))
        : RoundBytesUp;

    /// <summary>Vectors beyond the server's memory for them, which lie in the run folder until the round closes.</summary>
    public long SpillBytes => Job.Layout == Layout.Rotating ? 0 : Math.Max(0, LargestRoundBytesUp - VectorMemoryBudget);

    public long FolderBytes => SpillBytes + (((Checkpoints * (1 + Moments)) + BestModels) * ModelBytes);

    public long ServerMemory => RuntimeBytes + ExampleBytes(Data.Train) + ExampleBytes(Data.Test) + ((ModelsOfTheServer + (2 * Moments)) * ModelBytes)
        + (Job.Layout == Layout.Rotating ? 0 : Math.Min(LargestRoundBytesUp, VectorMemoryBudget));

    /// <summary>Of the process that hosts most: it reads all examples before it keeps its own.</summary>
    public long NodeMemory
    {
        get
        {
            int hosted = (Job.Parties + Job.Processes - 1) / Job.Processes;
            long own = (long)hosted * PartyExamples.Max() * ExampleBytes(Data.Train) / Data.Train.Count;
            return RuntimeBytes + ExampleBytes(Data.Train) + ExampleBytes(Data.Test) + own
                + (ModelsOfATrainer * ModelBytes * Math.Min(hosted, Environment.ProcessorCount)) + (hosted * BytesUp);
        }
    }

    public long Memory => ServerMemory + (Math.Min(Job.Processes, Job.Parties) * NodeMemory);

    public JsonObject ToJson() => new()
    {
        ["model"] = Model.Name, ["parameters"] = Model.Layout.Length, ["data"] = Job.Data, ["trainExamples"] = Data.Train.Count,
        ["testExamples"] = Data.Test.Count, ["input"] = Data.Train.Input.ToString(), ["classes"] = Data.Train.Classes,
        ["parties"] = Job.Parties, ["processes"] = Math.Min(Job.Processes, Job.Parties), ["selected"] = Selected, ["rounds"] = Job.Rounds,
        ["layout"] = LayoutName, ["leaders"] = Job.Layout == Layout.Plain ? 0 : Job.Leaders,
        ["election"] = Job.Texts["election"], ["intersect"] = Job.Texts["intersect"], ["tenure"] = Job.Tenure, ["onLeaderLost"] = Job.Texts["on-leader-lost"],
        ["heartbeatSeconds"] = Job.Heartbeat.TotalSeconds, ["missedBeats"] = Job.MissedBeats,
        ["fewestExamples"] = PartyExamples.Min(), ["mostExamples"] = PartyExamples.Max(),
        ["partyBytesUp"] = BytesUp, ["partyBytesDown"] = ModelBytes, ["roundBytesUp"] = RoundBytesUp, ["roundBytesDown"] = RoundBytesDown,
        ["serverMemoryBytes"] = ServerMemory, ["nodeMemoryBytes"] = NodeMemory, ["memoryBytes"] = Memory, ["spillBytes"] = SpillBytes,
        ["folder"] = Folder, ["folderBytes"] = FolderBytes,
    };

    public void Write(TextWriter output)
    {
        output.WriteLine(Line("model", $"{Model.Name}, {Model.Layout.Length:N0} parameters"));
        output.WriteLine(Line("data", $"{TextTable.Printable(Job.Data)}, {Data.Train.Count:N0} training and {Data.Test.Count:N0} test examples"));
        output.WriteLine(Line("example", $"{Data.Train.Input}, {Data.Train.Classes} classes"));
        output.WriteLine(Line("parties", $"{Job.Parties:N0} in {Math.Min(Job.Processes, Job.Parties):N0} processes"));
        output.WriteLine(Line("parts", $"{PartyExamples.Min():N0} to {PartyExamples.Max():N0} examples a party ({TextTable.Printable(Job.Partition)})"));
        output.WriteLine(Line("rounds", $"{Job.Rounds:N0}, each with {Selected:N0} parties, at least {Job.KMin:N0} in a sum{(Job.Standardize ? "; before them two with all parties, to measure the columns" : "")}"));
        output.WriteLine(Line("layout", $"{(Job.Layout == Layout.Plain ? "plain: no privacy" : $"{LayoutName}, {Job.Leaders} leaders, ring {Job.Ring}")}"));
        if (Job.Layout != Layout.Plain)
        {
            output.WriteLine(Line("leaders", $"{CareText.Service(Job)}"));
            output.WriteLine(Line("lost one", $"{CareText.Loss(Job)}"));
        }

        output.WriteLine(Line("party", $"{Bytes.Show(BytesUp)} up and {Bytes.Show(ModelBytes)} down a round"));
        output.WriteLine(Line("round", $"{Bytes.Show(RoundBytesUp)} up and {Bytes.Show(RoundBytesDown)} down over all its parties"));
        output.WriteLine(Line("memory", $"about {Bytes.Show(Memory)}: server {Bytes.Show(ServerMemory)}, a node process up to {Bytes.Show(NodeMemory)}"));
        output.WriteLine(Line("folder", $"{TextTable.Printable(Folder)}, about {Bytes.Show(FolderBytes)}"));
    }

    private string LayoutName => Job.Layout.ToString().ToLowerInvariant();

    private static long ExampleBytes(Dataset data) => (long)data.Count * ((data.Input.Length * sizeof(float)) + sizeof(int));

    private static string Line(string name, FormattableString text) => $"{name,-8}  {text.ToString(CultureInfo.InvariantCulture)}";
}
