using DemoFl.Identity;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Relay.Hosting;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Tests.Federations;

/// <summary>
/// A real server and real nodes in one process, on a port that the system chose, with a run folder of its own. Disposing it fails the test
/// when anything was logged as an error.
/// </summary>
internal sealed class Federation : IRunObserver, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demofl-node-").FullName;
    private readonly IdentityKey _serverKey = IdentityKey.Create();
    private readonly List<Member> _members = [];
    private readonly LogBook _log;
    private readonly Job _job;
    private Server? _server;

    private Federation(Job job, LogLevel level) => (_job, _log) = (job, new LogBook(level));

    public EventLog<CoordinatorEvent> Events { get; } = new();

    /// <summary>Called by the coordinator's loop before it goes on: what a test does here, it does before any node hears of the event.</summary>
    public Action<CoordinatorEvent>? Meanwhile { get; set; }

    public EventLog<RoundReport> Reports { get; } = new();

    public EventLog<LogLine> Log => _log.Lines;

    public ILogger<T> LoggerOf<T>() => _log.CreateLogger<T>();

    public IReadOnlyList<Member> Members => _members;

    public Server Server => _server!;

    public Uri Address { get; private set; } = null!;

    public ReadOnlyMemory<byte> ServerPublicKey => _serverKey.PublicKey;

    /// <summary>Starts the server alone.</summary>
    public static async Task<Federation> StartAsync(
        CoordinatorRules rules, Model? model = null, Dataset? heldOut = null, Func<ServerSettings, ServerSettings>? with = null,
        LogLevel level = LogLevel.Information)
    {
        var federation = new Federation(Rules.JobOf(rules, model, heldOut), level);
        await federation.StartServerAsync(with);
        return federation;
    }

    /// <summary>Starts the server; again after <see cref="StopServerAsync"/>, on the same folder.</summary>
    public async Task StartServerAsync(Func<ServerSettings, ServerSettings>? with = null)
    {
        var settings = new ServerSettings { Key = _serverKey, Trust = new FirstUseTrust(), Folder = Path.Combine(_folder, "run") };
        _server = await Server.StartAsync(with?.Invoke(settings) ?? settings, _job, this, _log.Configure);
        Address = _server.Address;
    }

    /// <summary>Stops the server as an operator would.</summary>
    public async Task StopServerAsync()
    {
        Server.Stop();
        await Server.Completion;
        await Task.WhenAll(_members.Select(m => m.StopAsync()));
        await Server.DisposeAsync();
        _server = null;
    }

    /// <summary>
    /// Has the server fall over as a round reaches a stage, before anything that follows: its journal says what it said until then, and its nodes lose it.
    /// </summary>
    public async Task StrikeServerAsync(Round round, RoundStage stage)
    {
        Meanwhile = happened =>
        {
            if (happened is CoordinatorEvent.StageReached m && (m.Round, m.Stage) == (round, stage))
            {
                Meanwhile = null;
                throw new InvalidOperationException("struck");
            }
        };
        var fallen = await Assert.ThrowsAsync<InvalidOperationException>(() => Server.Completion.WaitAsync(TimeSpan.FromSeconds(40)));
        Assert.Equal("struck", fallen.Message);
        await FellServerAsync();
    }

    /// <summary>Takes away what is left of a server that has fallen over.</summary>
    public async Task FellServerAsync()
    {
        await Server.DisposeAsync();
        _server = null;
    }

    /// <summary>Copies the run's folder.</summary>
    public void CopyRun(string name) => Copy("run", name);

    /// <summary>Puts a copy in the place of the run's folder.</summary>
    public void RestoreRun(string name)
    {
        Directory.Delete(Path.Combine(_folder, "run"), recursive: true);
        Copy(name, "run");
    }

    /// <summary>Starts it again where its nodes look for it.</summary>
    public Task ReviveServerAsync() => StartServerAsync(s => s with { Resume = true, Port = Address.Port });

    /// <summary>Somebody is about whom the audit may accuse of acting outside its role; without, that it accuses nobody is checked at the end.</summary>
    public bool HasIntruder { get; set; }

    /// <summary>What the server refused so far.</summary>
    public string AuditText() => File.Exists(RunFile("audit.jsonl")) ? ReadShared(RunFile("audit.jsonl")) : "";

    /// <summary>A file or folder of the run.</summary>
    public string RunFile(string name) => Path.Combine(_folder, "run", name);

    /// <summary>A node of its own process and connection.</summary>
    public Member Join(string name, ITrainer trainer, Func<NodeOptions, NodeOptions>? with = null, TimeProvider? clock = null)
    {
        var options = new NodeOptions
        {
            Server = Address, Name = name, Key = IdentityKey.Create(), Trust = new FirstUseTrust(), Trainer = trainer, Incarnation = Some.Incarnation(),
            Policy = new NodePolicy(AllowPlain: _job.Rules.Layout == Layout.Plain),
        };
        var member = new Member(with?.Invoke(options) ?? options, _log, clock);
        _members.Add(member);
        return member;
    }

    /// <summary>Nodes n-0, n-1 and on.</summary>
    public Member[] JoinAll(IEnumerable<ITrainer> trainers) => [.. trainers.Select((t, i) => Join($"n-{i}", t))];

    /// <summary>Waits for the run's end; it must have succeeded.</summary>
    public async Task CompleteAsync()
    {
        var (succeeded, reason) = await Server.Completion.WaitAsync(TimeSpan.FromSeconds(40));
        Assert.True(succeeded, reason);
    }

    /// <summary>The model as the newest checkpoint has it.</summary>
    public float[] CommittedModel() => Safetensors.Read(Server.NewestCheckpoint!).Values;

    private void Copy(string from, string to)
    {
        string source = Path.Combine(_folder, from);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(_folder, to, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    public void On(CoordinatorEvent happened)
    {
        Events.Add(happened);
        Meanwhile?.Invoke(happened);
    }

    public void On(RoundReport report) => Reports.Add(report);

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _serverKey.Dispose();
        _log.Dispose();
        string accused = AuditText();
        Directory.Delete(_folder, recursive: true);
        Assert.DoesNotContain(_log.Lines.All, l => l.Level >= LogLevel.Error);
        Assert.True(HasIntruder || !accused.Contains("\"out_of_role\"", StringComparison.Ordinal), accused);
    }
}
