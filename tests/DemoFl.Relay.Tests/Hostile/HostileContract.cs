using DemoFl.Relay.Peers;
using DemoFl.Relay.Tests.Fixtures;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>
/// A server with a bystander. After every attack the bystander is served as before, memory is where it was, and the server logged no error.
/// Runs over plaintext and over TLS.
/// </summary>
public abstract class HostileContract(bool useTls) : IAsyncLifetime, IDisposable
{
    /// <summary>What a process of tests may hold at any time more than at rest: room for garbage not yet collected.</summary>
    private const long MaxGrowthBytes = 256L * 1024 * 1024;

    /// <summary>What may be left of an attack once it is over.</summary>
    private const long MaxLeftBytes = 48L * 1024 * 1024;

    private readonly TemporaryFolder _folder = new();
    private long _bytesBefore;

    private protected TestServer Server { get; private set; } = null!;

    private protected Bystander Alice { get; private set; } = null!;

    private protected ManualClock Clock { get; } = new();

    private protected Uri Address => Server.Server.Address;

    private protected virtual HostLimits Limits => new();

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync(
            _folder.Path, change: s => s with { Certificate = useTls ? TestTls.Certificate : null, HttpPort = 0, Limits = Limits }, clock: Clock);
        Alice = await Bystander.JoinAsync(Server);
        _bytesBefore = GC.GetTotalMemory(forceFullCollection: true);
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    public async Task DisposeAsync()
    {
        await Alice.AssertServedAsync();
        Assert.True(Alice.MostBytes - _bytesBefore < MaxGrowthBytes, $"{Alice.MostBytes:N0} bytes at most, {_bytesBefore:N0} at rest");
        long left = GC.GetTotalMemory(forceFullCollection: true) - _bytesBefore;
        Assert.True(left < MaxLeftBytes, $"{left:N0} bytes are left of the attack");
        await Alice.DisposeAsync();
        await Server.DisposeAsync();
    }
}
