namespace DemoFl.Cli.Tests.Processes;

/// <summary>A job that trains in no time.</summary>
internal static class Small
{
    public const string Data = "generated:train=400,test=200";

    private static readonly string[] Settings =
        [$"data={Data}", "model=mlp:16", "parties=3", "processes=3", "rounds=3", "election-window=50ms"];

    /// <summary>The arguments that make it, and further settings above them.</summary>
    public static string[] Job(params string[] settings) => [.. Settings.Concat(settings).SelectMany(s => new[] { "--set", s })];
}
