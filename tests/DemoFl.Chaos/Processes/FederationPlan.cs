namespace DemoFl.Chaos.Processes;

/// <summary>What federation a scenario wants. Immutable.</summary>
internal sealed record FederationPlan
{
    /// <summary>Processes of one party each, node-1 and on.</summary>
    public int Nodes { get; init; } = 8;

    /// <summary>N_l.</summary>
    public int Leaders { get; init; } = 3;

    /// <summary>Rounds to commit before the run is over; more than any scenario uses, unless it says so.</summary>
    public int Rounds { get; init; } = 100_000;

    /// <summary>d, the model's parameters, where the chaos trainer trains it.</summary>
    public int Dimension { get; init; } = 256;

    /// <summary>Whether the chaos trainer trains, whose sums are known exactly; else the embedded one does, and <see cref="Job"/> says what.</summary>
    public bool Exact { get; init; } = true;

    /// <summary>Job settings above those that the harness chooses.</summary>
    public IReadOnlyDictionary<string, string> Job { get; init; } = new Dictionary<string, string>();

    /// <summary>The options that say who belongs, to the server and to nodes; the federation's own roster without.</summary>
    public IReadOnlyList<string>? Trust { get; init; }

    /// <summary>The address that the server listens on.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>The server's port; 0 for a free one, which it keeps from then on.</summary>
    public int Port { get; init; }

    /// <summary>How a process is started, by its name; asked at every start.</summary>
    public Func<string, Launch> LaunchOf { get; init; } = _ => Launch.Plain;

    /// <summary>The address that a node is told, by its name and the server's own: a proxy's, say. Asked at every start.</summary>
    public Func<string, Uri, Uri> RouteOf { get; init; } = (_, server) => server;

    /// <summary>Where the server's run folder lies; in the federation's own folder without.</summary>
    public string? RunFolder { get; init; }
}
