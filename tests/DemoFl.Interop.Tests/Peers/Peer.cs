using System.Diagnostics;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>Another implementation of gRPC, with a script that serves interop.proto and one that calls it.</summary>
public abstract class Peer : IDisposable
{
    /// <summary>How long a script may take to start, to stop, and to run its cases.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Why the peer cannot be run on this machine, for a person to read; null if it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>Starts the script that serves; it prints its port, and stops at the end of its input.</summary>
    public Process StartServer(params string[] arguments) => Start("server", arguments);

    /// <summary>Runs a script that calls: a line for each case, its name, followed by a tab and what went wrong if it did not hold.</summary>
    public async Task<CaseOutcomes> RunClientAsync(string script, params string[] arguments)
    {
        using var process = Start(script, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The client did not end. It wrote: {await output}{await errors}");
        }

        Assert.True(process.ExitCode == 0, await output + await errors);
        return new CaseOutcomes((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t', 2))
            .ToDictionary(parts => parts[0], parts => parts.Length == 1 ? null : parts[1]));
    }

    /// <summary>Removes what starting scripts left behind.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>What runs a script.</summary>
    protected abstract ProcessStartInfo Describe(string script);

    /// <summary>Runs a program to its end.</summary>
    protected static (int ExitCode, string Errors) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(Redirected(program, arguments))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit(Patience);
        output.Wait(Patience);
        return (process.ExitCode, errors);
    }

    /// <summary>A program with redirected standard streams.</summary>
    protected static ProcessStartInfo Redirected(string program, params string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private Process Start(string script, params string[] arguments)
    {
        var start = Describe(script);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
