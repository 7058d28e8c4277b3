using System.Text.Json;
using DemoFl.Identity;
using DemoFl.Relay.Hosting;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>A server in this process on a free port, with its nodes. Disposing asserts that it logged no error.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    /// <summary>How long anything may take before a test gives up on it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IdentityKey _key;
    private readonly ErrorLog _log;
    private readonly List<IDisposable> _owned = [];

    private readonly ServerSettings _settings;
    private readonly AuditReader _audit;

    private TestServer(Server server, ServerSettings settings, IdentityKey key, ErrorLog log, AuditReader audit, RecordingObserver observer) =>
        (Server, _settings, _key, _log, _audit, Observer) = (server, settings, key, log, audit, observer);

    public Server Server { get; }

    public RecordingObserver Observer { get; }

    public static ServerSettings Settings(string folder, IdentityKey key) => new() { Key = key, Trust = new FirstUseTrust(), Folder = folder };

    public static async Task<TestServer> StartAsync(
        string folder, Job? job = null, Func<ServerSettings, ServerSettings>? change = null, TimeProvider? clock = null)
    {
        var (key, log, observer) = (IdentityKey.Create(), new ErrorLog(), new RecordingObserver());
        var settings = Settings(folder, key);
        settings = change?.Invoke(settings) ?? settings;
        var audit = new AuditReader(Path.Combine(folder, "audit.jsonl"));
        var server = await Server.StartAsync(
            settings, job ?? Some.Job(Some.Rules(nodes: 100)), observer, logging => logging.AddProvider(log).AddProvider(audit), clock);
        return new TestServer(server, settings, key, log, audit, observer);
    }

    /// <summary>A connection of its own.</summary>
    public GrpcChannel Connect()
    {
        var channel = GrpcChannel.ForAddress(Server.Address, new GrpcChannelOptions { HttpHandler = TestTls.Handler(), DisposeHttpClient = true });
        _owned.Add(channel);
        return channel;
    }

    public async Task<ScriptedNode> JoinAsync(string name, IdentityKey? key = null)
    {
        var node = await ScriptedNode.JoinAsync(Connect(), name, _settings.ChannelBinding, key);
        _owned.Add(node);
        return node;
    }

    /// <summary>The first line of the audit file of a kind whose reason contains a text; waits for it.</summary>
    public Task<JsonElement> AuditedAsync(string kind, string reason, string? what = null) => _audit.ExpectAsync(kind, reason, what);

    public async Task<string> FinishAsync(bool succeeded)
    {
        var (outcome, reason) = await Server.Completion.WaitAsync(Patience);
        Assert.Equal(succeeded, outcome);
        return reason;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            owned.Dispose();
        }

        await Server.DisposeAsync();
        _key.Dispose();
        Assert.True(_log.Errors.Count == 0, string.Join(Environment.NewLine, _log.Errors.Take(3)));
    }
}
