namespace DemoFl.Chaos;

/// <summary>Where scenarios find what they need. Thread-safe.</summary>
/// <param name="Program">The program under test, <c>demofl.dll</c>.</param>
/// <param name="Output">Where progress is told.</param>
/// <param name="Patience">The longest that anything is waited for: far more than it takes, so that only what hangs runs into it.</param>
internal sealed record Workshop(string Program, TextWriter Output, TimeSpan Patience)
{
    private readonly Lock _gate = new();

    /// <summary>Whether folders of federations that failed are kept for whoever looks for the reason.</summary>
    public bool KeepsFailures { get; init; }

    /// <summary>One line of progress, with the time.</summary>
    public void Tell(string line)
    {
        lock (_gate)
        {
            Output.WriteLine($"{DateTime.Now:HH:mm:ss.fff}  {line}");
            Output.Flush();
        }
    }
}
