using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace DemoFl.Benchmarks.Streams;

/// <summary>A process of this program that runs <see cref="PeerHost"/>. It ends with this one, whatever ends this one.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly HttpClient _http = new()
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private Peer(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts the process and waits until it listens.</summary>
    /// <exception cref="IOException">It ended instead; why is on the standard error.</exception>
    public static async Task<Peer> StartAsync()
    {
        // The program by its path rather than this process's, which may be a test's.
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Peer).Assembly.Location, Program.PeerArgument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync() is { } address) return new Peer(process, new Uri(address));

        process.Dispose();
        throw new IOException("The other process ended before it listened.");
    }

    /// <summary>The CPU time that both processes have used.</summary>
    public async Task<TimeSpan> CpuTimeAsync()
    {
        var ticks = long.Parse(await _http.GetStringAsync(new Uri(Address, PeerHost.CpuPath)), CultureInfo.InvariantCulture);
        return TimeSpan.FromTicks(ticks) + Environment.CpuUsage.TotalTime;
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(StopPatience)) _process.Kill();
        _process.Dispose();
    }
}
