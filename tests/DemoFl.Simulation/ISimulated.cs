namespace DemoFl.Simulation;

/// <summary>A simulation that ran to its end, or to the promise that it broke; as text, for people.</summary>
internal interface ISimulated
{
    ulong Seed { get; }

    Exception? Violation { get; }

    Trace Trace { get; }

    Tally Tally { get; }

    EventQueue Events { get; }

    /// <summary>How it ended, for counting.</summary>
    string Ending { get; }
}
