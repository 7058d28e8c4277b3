using System.Diagnostics;

namespace DemoFl.Chaos.Network;

/// <summary>The <c>ip</c> program of iproute2.</summary>
internal static class IpTool
{
    /// <summary>Runs it.</summary>
    /// <exception cref="IOException">It refused, and this is what it said.</exception>
    public static async Task RunAsync(params string[] arguments)
    {
        var (exitCode, said) = await TryAsync(arguments);
        if (exitCode != 0)
        {
            throw new IOException($"ip {string.Join(' ', arguments)}: {said}");
        }
    }

    /// <summary>Runs it, and gives its exit code and what it said.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static async Task<(int ExitCode, string Said)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await output}{await errors}".Trim());
    }
}
