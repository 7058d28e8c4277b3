using System.Diagnostics;
using Grpc.Net.Client;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>The peer's server in a process of its own, and a channel to it.</summary>
public sealed class PeerServer<TPeer> : IAsyncLifetime
    where TPeer : Peer, new()
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TPeer _peer = new();
    private Process? _process;

    public GrpcChannel Channel { get; private set; } = null!;

    /// <summary>Where it listens.</summary>
    public string Address { get; private set; } = "";

    // xunit makes the fixture even when every test of the class is skipped.
    public async Task InitializeAsync()
    {
        if (_peer.Missing is null) await StartAsync();
    }

    public async Task StartAsync(params string[] arguments)
    {
        _process = _peer.StartServer(arguments);
        _process.BeginErrorReadLine(); // Or a talkative server would wait for a reader.
        var port = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        Assert.True(port is not null, "The server did not start.");
        Address = $"http://127.0.0.1:{port}";
        Channel = GrpcChannel.ForAddress(Address);
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            Channel?.Dispose();
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Patience);
            _process.Dispose();
        }

        _peer.Dispose();
    }
}
