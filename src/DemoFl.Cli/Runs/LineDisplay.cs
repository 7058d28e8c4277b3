using System.Diagnostics;
using DemoFl.Cli.Output;

namespace DemoFl.Cli.Runs;

/// <summary>Plain lines where there is no terminal, or the server's JSON as it is.</summary>
internal sealed class LineDisplay(TextWriter output, bool json) : IRunDisplay
{
    private static readonly TimeSpan WaitingLinesApart = TimeSpan.FromSeconds(2);
    private long _lastWaiting = Stopwatch.GetTimestamp();

    public void Event(string kind, string text, string line)
    {
        if (!json && kind == "waitingForNodes")
        {
            if (Stopwatch.GetElapsedTime(_lastWaiting) < WaitingLinesApart)
            {
                return;
            }

            _lastWaiting = Stopwatch.GetTimestamp();
        }

        if (json || text.Length > 0)
        {
            output.WriteLine(json ? line : $"  {text}");
        }
    }

    public void Round(RoundRow row, string line) => output.WriteLine(json ? line : RoundTable.Line(row));
}
