using System.Diagnostics;
using Grpc.Net.Client;

namespace DemoFl.Interop.Tests;

/// <summary>Python's server in a process of its own, with a channel to it.</summary>
internal sealed class PythonServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PythonStubs _stubs;
    private readonly Process _process;

    private PythonServer(PythonStubs stubs, Process process, string port)
    {
        _stubs = stubs;
        _process = process;
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
    }

    public GrpcChannel Channel { get; }

    public static async Task<PythonServer> StartAsync()
    {
        var stubs = new PythonStubs();
        var process = stubs.Start("server.py");
        var port = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        Assert.True(port is not null, "The server did not start.");
        return new PythonServer(stubs, process, port);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _stubs.Dispose();
    }
}
