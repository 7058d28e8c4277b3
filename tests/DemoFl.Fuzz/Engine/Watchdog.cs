namespace DemoFl.Fuzz;

/// <summary>Ends the process when an input never comes back: nothing else could, and its input is kept.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Timer _timer;

    public Watchdog(LastInput last, Action onHang) => _timer = new Timer(
        _ =>
        {
            if (last.StartedMilliseconds is > 0 and var started && Environment.TickCount64 - started > Bounds.Hang.TotalMilliseconds)
            {
                onHang();
            }
        }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public void Dispose() => _timer.Dispose();
}
