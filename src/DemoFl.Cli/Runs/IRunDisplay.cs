using DemoFl.Cli.Output;

namespace DemoFl.Cli.Runs;

/// <summary>Shows a run to a person or a program. Called one call at a time.</summary>
internal interface IRunDisplay
{
    /// <summary>Anything but a committed round: a kind, and a line for people.</summary>
    void Event(string kind, string text, string json);

    /// <summary>A committed and evaluated round.</summary>
    void Round(RoundRow row, string json);
}
