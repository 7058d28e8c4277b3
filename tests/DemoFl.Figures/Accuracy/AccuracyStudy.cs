using System.Collections.Immutable;
using System.Globalization;

namespace DemoFl.Figures.Accuracy;

/// <summary>What is trained how: the same for every layout and seed. Settings are the FedAvg paper's, as DemoFL and SOFL use them.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="DataSet">mnist or cifar10.</param>
/// <param name="Partition">How examples are dealt out.</param>
/// <param name="Rounds">Rounds of a run.</param>
/// <param name="WantedBest">The best test accuracy that the runs are expected to reach, as a share; null where none is.</param>
/// <param name="LowestDrawn">Where the figure's axis begins, in percent: the first rounds lie below, and would hide what matters.</param>
/// <param name="Title">The figure's title.</param>
internal sealed record AccuracyStudy(string Name, string DataSet, string Partition, int Rounds, double? WantedBest, double LowestDrawn, string Title)
{
    /// <summary>Parties in all.</summary>
    public const int Parties = 100;

    /// <summary>The seeds of a study's runs.</summary>
    public static readonly ImmutableArray<ulong> Seeds = [1, 2, 3];

    /// <summary>The layouts that are compared.</summary>
    public static readonly ImmutableArray<string> Layouts = ["masked", "plain"];

    /// <summary>All studies.</summary>
    public static readonly ImmutableArray<AccuracyStudy> All =
    [
        new("accuracy-mnist-shards", "mnist", "shards:2", 50, 0.97, 75, "MNIST, two labels a party (non-IID)"),
        new("accuracy-mnist-iid", "mnist", "iid", 30, 0.985, 94, "MNIST, IID"),
        new("accuracy-cifar10-iid", "cifar10", "iid", 30, null, 0, "CIFAR-10 subset, IID"),
    ];

    /// <summary>The job of one run, by key. The data set's folder is the machine's own and is not in it.</summary>
    public SortedDictionary<string, string> Job(string layout, ulong seed, int rounds) => new(StringComparer.Ordinal)
    {
        ["model"] = "cnn", ["partition"] = Partition, ["parties"] = Text(Parties), ["processes"] = "5", ["fraction"] = "0.1", ["rounds"] = Text(rounds),
        ["epochs"] = "5", ["batch"] = "10", ["lr"] = "0.05", ["leaders"] = "3", ["layout"] = layout, ["seed"] = Text(seed),

        // A machine that has other things to do must not drop parties.
        ["key-deadline"] = "10m", ["upload-deadline"] = "1h", ["close-deadline"] = "30m",
    };

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
