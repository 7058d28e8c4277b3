using System.Diagnostics;

namespace DemoFl.Interop.Tests;

/// <summary>Python's side of the tests: Debian's grpcio and stubs generated into a folder of their own.</summary>
internal sealed class PythonStubs : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Protoc = "/usr/bin/protoc";
    private const string Plugin = "/usr/bin/grpc_python_plugin";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Lazy<bool> Available = new(() =>
        File.Exists(Python) && File.Exists(Protoc) && File.Exists(Plugin) && Run(Python, ["-c", "import grpc, google.protobuf"]).ExitCode == 0);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interop-");

    public PythonStubs()
    {
        var protos = Path.Combine(AppContext.BaseDirectory, "Protos");
        var (exitCode, output) = Run(
            Protoc,
            [
                $"--plugin=protoc-gen-grpc_python={Plugin}",
                $"-I{protos}",
                $"--python_out={_folder.FullName}",
                $"--grpc_python_out={_folder.FullName}",
                "interop.proto",
            ]);
        Assert.True(exitCode == 0, output);
    }

    public static bool IsAvailable => Available.Value;

    /// <summary>Starts a script of the Python folder; its standard streams are redirected.</summary>
    public Process Start(string script, params string[] arguments)
    {
        var start = Describe(Python, [Path.Combine(AppContext.BaseDirectory, "Python", script), .. arguments]);
        start.Environment["PYTHONPATH"] = _folder.FullName;
        return Process.Start(start)!;
    }

    /// <summary>Runs a script to its end and returns its lines; a failure shows what it wrote.</summary>
    public async Task<string[]> RunAsync(string script, params string[] arguments)
    {
        using var process = Start(script, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, await output + await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static (int ExitCode, string Output) Run(string program, string[] arguments)
    {
        using var process = Process.Start(Describe(program, arguments))!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit(Patience);
        return (process.ExitCode, errors);
    }

    private static ProcessStartInfo Describe(string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
