namespace DemoFl.Interop.Tests.Peers;

/// <summary>The peer's server over TLS, once for any client and once for those with a certificate.</summary>
public sealed class PeerTlsServer<TPeer> : IAsyncLifetime
    where TPeer : Peer, new()
{
    private readonly PeerServer<TPeer> _tls = new();
    private readonly PeerServer<TPeer> _mutualTls = new();

    public TestAuthority Authority { get; } = new();

    /// <summary>The port that asks for no certificate.</summary>
    public int Tls => new Uri(_tls.Address).Port;

    /// <summary>The port that takes clients with a certificate of the authority alone.</summary>
    public int MutualTls => new Uri(_mutualTls.Address).Port;

    public async Task InitializeAsync()
    {
        using var peer = new TPeer();
        if (peer.Missing is not null) return;

        await _tls.StartAsync($"tls={Authority.Folder}");
        await _mutualTls.StartAsync($"mtls={Authority.Folder}");
    }

    public async Task DisposeAsync()
    {
        await _tls.DisposeAsync();
        await _mutualTls.DisposeAsync();
        Authority.Dispose();
    }
}
