using System.Diagnostics;

namespace DemoFl.Cli.Tests.Python;

/// <summary>Debian's Python, with the package of src/python on its path.</summary>
internal static class Interpreter
{
    public const string Path = "/usr/bin/python3";

    /// <summary>The package with its tests and examples.</summary>
    public static readonly string Package = System.IO.Path.Combine(Repository.Root, "src", "python");

    public static bool Imports(string module) => RunAsync("-c", $"import {module}").GetAwaiter().GetResult().ExitCode == 0;

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output + await error);
    }

    /// <summary>A script of this folder.</summary>
    public static string Script(string name) => System.IO.Path.Combine(Repository.Root, "tests", "DemoFl.Cli.Tests", "Python", name);

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONPATH"] = $"{Package}:{System.IO.Path.Combine(Package, "examples")}";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DEMOFL"] = $"dotnet {typeof(CommandLine).Assembly.Location}";
        return Process.Start(start)!;
    }
}
