using DemoFl.Chaos.Oracle;
using DemoFl.Chaos.Training;

namespace DemoFl.Chaos.Processes;

/// <summary>
/// A server and nodes as processes of their own, that a scenario kills, freezes and starts again one by one. A process keeps its name, key and place through
/// all its lives. Disposing it ends every process and removes its folder. One call at a time; events arrive at any.
/// </summary>
internal sealed class ProcessFederation : IAsyncDisposable
{
    /// <summary>The name of the server's process.</summary>
    public const string Server = "server";

    private readonly Workshop _workshop;
    private readonly string _folder;
    private readonly FederationIdentities _identities;
    private readonly Dictionary<string, ChaosProcess> _processes = [];
    private readonly List<ChaosProcess> _ended = [];
    private readonly LeaderView _leaders;
    private bool _succeeded;

    private ProcessFederation(Workshop workshop, FederationPlan plan, string folder)
    {
        (_workshop, Plan, _folder) = (workshop, plan, folder);
        (Port, Events) = (plan.Port, new EventLog(workshop.Patience));
        Nodes = [.. Enumerable.Range(1, plan.Nodes).Select(i => $"node-{i}")];
        _identities = FederationIdentities.Make(folder, Nodes);
        Audit = new ModelAudit(plan.Exact ? new ExactModel(plan.Dimension) : null);
        _leaders = new LeaderView(_identities.NameOf);
        Events.Happened += _leaders.On;
    }

    public FederationPlan Plan { get; }

    public EventLog Events { get; }

    /// <summary>The names of all nodes, whether they run or not.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <summary>What has been seen of the committed rounds so far.</summary>
    public ModelAudit Audit { get; }

    /// <summary>What trains for every node, in this process.</summary>
    public ChaosTrainer Trainer { get; private set; } = null!;

    /// <summary>Where the server listens, once it has said so.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The server's port: the plan's, or the one that its first life was given.</summary>
    public int Port { get; private set; }

    /// <summary>The server's run folder.</summary>
    public string RunFolder => Plan.RunFolder ?? Path.Combine(_folder, "run");

    /// <summary>The first model's file, where the chaos trainer trains.</summary>
    public string StartFile => Path.Combine(_folder, "start.safetensors");

    /// <summary>Folder of the nodes' keys and records.</summary>
    public string KeyFolder => _identities.KeyFolder;

    /// <summary>The file that lists the server and all nodes.</summary>
    public string RosterFile => _identities.RosterFile;

    /// <summary>The leaders' names by slot, as the server last said; empty before it has.</summary>
    public IReadOnlyList<string> Leaders => _leaders.Names;

    /// <summary>The nodes that do not lead.</summary>
    public IEnumerable<string> Followers => Nodes.Except(Leaders);

    /// <summary>Makes keys and folders and starts the trainer; no process yet.</summary>
    public static async Task<ProcessFederation> PrepareAsync(Workshop workshop, FederationPlan plan)
    {
        string folder = Directory.CreateTempSubdirectory("demofl-chaos-").FullName;
        var federation = new ProcessFederation(workshop, plan, folder);
        GridUpdates.SaveStart(federation.StartFile, plan.Dimension);
        federation.Trainer = await ChaosTrainer.StartAsync(Path.Combine(folder, "trainer.sock"));
        return federation;
    }

    /// <summary>A federation whose server and nodes all run.</summary>
    public static async Task<ProcessFederation> StartAsync(Workshop workshop, FederationPlan plan, CancellationToken cancellation)
    {
        var federation = await PrepareAsync(workshop, plan);
        try
        {
            await federation.StartServerAsync(cancellation);
            federation.StartNodes(federation.Nodes);
            return federation;
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server, or starts it again on the same port, with the same key and <c>--resume</c>; returns when it listens.</summary>
    /// <exception cref="ChaosException">It does not listen within the patience.</exception>
    public async Task StartServerAsync(CancellationToken cancellation)
    {
        int from = Events.Now;
        var process = LaunchServer();
        var listening = Events.WaitAsync(from, e => e.IsOfServer && e.Kind == "listening", "the server listens", cancellation);
        if (await Task.WhenAny(listening, process.Completion) != listening)
        {
            throw new ChaosException($"The server ended with code {await process.Completion}: {process.Errors}");
        }

        Address = new Uri((await listening).Text("address"));
        Port = Address.Port;
    }

    /// <summary>Likewise, and waits for nothing.</summary>
    public ChaosProcess LaunchServer() =>
        Begin(Server, FederationCommand.OfServer(this, _identities, resumes: File.Exists(Path.Combine(RunFolder, "journal"))));

    /// <summary>Starts nodes that do not run, with the keys that they have always had.</summary>
    public void StartNodes(params IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            Begin(name, FederationCommand.OfNode(this, _identities, name));
        }
    }

    /// <summary>The running process of a name.</summary>
    /// <exception cref="ChaosException">There is none.</exception>
    public ChaosProcess Of(string name) => _processes.GetValueOrDefault(name) ?? throw new ChaosException($"{name} does not run.");

    /// <summary>Whether a process of that name was started and not killed since.</summary>
    public bool Runs(string name) => _processes.ContainsKey(name);

    /// <summary>SIGKILL to each, one right after the other; returns when all have ended.</summary>
    public async Task KillAsync(params IEnumerable<string> names)
    {
        ChaosProcess[] killed = [.. names.Select(Of)];
        Array.ForEach(killed, p => p.Kill());
        await Task.WhenAll(killed.Select(p => p.Completion));
        foreach (var process in killed)
        {
            _processes.Remove(process.Name);
            _ended.Add(process);
        }
    }

    /// <summary>SIGSTOP.</summary>
    public void Freeze(string name) => Of(name).Freeze();

    /// <summary>SIGCONT.</summary>
    public void Continue(string name) => Of(name).Continue();

    /// <summary>The name of a node, by the id that events call it by; the id itself where nobody is called that.</summary>
    public string NameOf(string id) => _identities.NameOf(id);

    /// <summary>
    /// Holds a round open while all these nodes train, or without names all nodes: returns its number when they do.
    /// <see cref="ChaosTrainer.Release"/> lets it go on.
    /// </summary>
    public async Task<ulong> HoldTrainingAsync(CancellationToken cancellation, params IReadOnlyCollection<string> nodes)
    {
        var held = nodes.Count > 0 ? nodes : Nodes;
        HoldNextRounds(held);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_workshop.Patience);
        try
        {
            return await Trainer.HeldAsync(held, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChaosException($"{string.Join(", ", held)} did not train in one round within {_workshop.Patience.TotalSeconds:0} s.", e);
        }
    }

    /// <summary>Has the training of these nodes last, from a round on that is not open yet. All nodes without names.</summary>
    public void HoldNextRounds(params IReadOnlyCollection<string> nodes)
    {
        // Not the round that is open, of which some may have trained, nor the next, which may be opened at this moment.
        ulong newest = Events.All.Where(e => e.IsOpening).Max(e => e.Round) ?? 0;
        Trainer.Hold(newest + 2, nodes.Count > 0 ? nodes : Nodes);
    }

    /// <summary>Waits for the next committed round, from a number on, whose event is at or after an index.</summary>
    public Task<ChaosEvent> CommitAsync(int from, CancellationToken cancellation, ulong round = 0) =>
        Events.WaitAsync(from, e => e.IsCommitFrom(round), $"round {round} or a later one is committed", cancellation);

    /// <summary>Likewise, for one that all nodes are in.</summary>
    public Task<ChaosEvent> WholeCommitAsync(int from, CancellationToken cancellation, ulong round = 0) => Events.WaitAsync(
        from, e => e.IsCommitFrom(round) && (int?)e.Line["intersection"] == Nodes.Count, $"round {round} or a later one, of all nodes, is committed", cancellation);

    /// <summary>Waits for an event of the server's.</summary>
    public Task<ChaosEvent> ServerSaysAsync(int from, string kind, CancellationToken cancellation, Func<ChaosEvent, bool>? predicate = null) =>
        Events.WaitAsync(from, e => e.IsOfServer && e.Kind == kind && predicate?.Invoke(e) != false, $"the server says {kind}", cancellation);

    /// <summary>What every check begins with: the journal, the checkpoints and the events against the oracle.</summary>
    public FederationFacts Facts() => FederationFacts.Read(this);

    /// <summary>Says whether the folder is of no more interest.</summary>
    public void Succeeded(bool all = true) => _succeeded = all;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            process.Kill();
        }

        await Task.WhenAll(_processes.Values.Select(p => p.Completion));
        foreach (var process in _processes.Values.Concat(_ended))
        {
            process.Dispose();
        }

        if (Trainer is not null)
        {
            await Trainer.DisposeAsync();
        }

        if (!_succeeded && _workshop.KeepsFailures)
        {
            await File.WriteAllLinesAsync(Path.Combine(_folder, "events"), Events.All.Select(e => e.ToString()));
            _workshop.Tell($"kept for a look: {_folder}");
            return;
        }

        Directory.Delete(_folder, recursive: true);
    }

    private ChaosProcess Begin(string name, IEnumerable<string> arguments)
    {
        if (Runs(name))
        {
            throw new ChaosException($"{name} runs already.");
        }

        int life = _ended.Count(p => p.Name == name) + 1;
        return _processes[name] = ChaosProcess.Start(name, life, Plan.LaunchOf(name), ["dotnet", _workshop.Program, .. arguments], Events);
    }
}
