namespace DemoFl.Figures;

/// <summary>
/// One experiment of the papers: runs what is missing, keeps what it measured in a file beside the figures, and draws from that file alone.
/// </summary>
internal interface IExperiment
{
    /// <summary>What <c>--only</c> takes; also the name of its file and figures.</summary>
    string Name { get; }

    /// <summary>One line for <c>--list</c>.</summary>
    string Summary { get; }

    /// <summary>Takes what earlier runs have left behind into the experiment's file, even that of a run that was cut off.</summary>
    void Gather(Workshop workshop)
    {
    }

    /// <summary>What has not been measured yet, one line each; empty when the experiment is complete.</summary>
    IReadOnlyList<string> Missing(Workshop workshop);

    /// <summary>Measures what is missing. Cancelled, it leaves what is finished and can be started again.</summary>
    Task RunAsync(Workshop workshop, CancellationToken cancellation);

    /// <summary>The figures of what has been measured, by file name without extension; none when nothing has.</summary>
    IEnumerable<(string Name, string Svg)> Draw(Workshop workshop);

    /// <summary>What the page says about it in numbers: Markdown; empty when nothing has been measured.</summary>
    string Numbers(Workshop workshop);
}
