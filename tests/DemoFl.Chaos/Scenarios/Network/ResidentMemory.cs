using System.Globalization;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Watches the memory that a process has, ten times a second, until it is disposed. Linux.</summary>
internal sealed class ResidentMemory : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly PeriodicTimer _timer = new(Interval);
    private readonly Task _watching;

    private ResidentMemory(int process) => _watching = WatchAsync(process);

    /// <summary>The most that it had, in MiB.</summary>
    public long PeakMiB { get; private set; }

    public static ResidentMemory Watch(int process) => new(process);

    /// <summary>What a process has now, in MiB; 0 when it has ended.</summary>
    public static long MiBOf(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal), "VmRSS: 0 kB");
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync(int process)
    {
        do
        {
            PeakMiB = Math.Max(PeakMiB, MiBOf(process));
        }
        while (await _timer.WaitForNextTickAsync());
    }
}
