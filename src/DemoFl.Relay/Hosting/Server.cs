using System.Net.Sockets;
using DemoFl.Protocol;
using DemoFl.Relay.Audit;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Forwarding;
using DemoFl.Relay.Peers;
using DemoFl.Relay.Services;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Hosting;

/// <summary>
/// A running server: relay, coordinator, journal. <see cref="StartAsync"/> listens; <see cref="Completion"/> ends with the run. Dispose stops.
/// </summary>
public sealed class Server : IAsyncDisposable
{
    /// <summary>For calls to end by themselves when the server stops.</summary>
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _web;
    private readonly RunFolder _folder;
    private readonly CancellationTokenSource _stop = new();

    private Server(WebApplication web, RunFolder folder, ServerSettings settings)
    {
        (_web, _folder) = (web, folder);
        var addresses = web.Urls.Select(url => new Uri(url)).ToArray();
        Address = addresses[0];
        Pages = settings.HttpPort is null ? null : addresses[1];
        Completion = RunAsync();
    }

    /// <summary>Where nodes connect, as http or https URL with the real port.</summary>
    public Uri Address { get; }

    /// <summary>Where the HTTP/1.1 pages are, or null.</summary>
    public Uri? Pages { get; }

    /// <summary>How the run ended. Faults when something durable could not be made so.</summary>
    public Task<(bool Succeeded, string Reason)> Completion { get; }

    /// <summary>The run's id.</summary>
    public RunId Run => _folder.Run;

    /// <summary>The newest checkpoint, or null before the first commit.</summary>
    public string? NewestCheckpoint => _folder.NewestCheckpoint;

    /// <summary>The best committed model and its round, or null before the first judged commit; final once <see cref="Completion"/> has ended.</summary>
    public (string Path, Round Round)? Best => _folder.Best is { Path: { } path, Round: { } round } ? (path, round) : null;

    /// <summary>Opens the run folder, listens, and starts gathering nodes.</summary>
    /// <exception cref="IOException">The folder or the port is not usable; the message says which and what to do.</exception>
    /// <exception cref="InvalidDataException">The folder's run is damaged or another job's.</exception>
    public static async Task<Server> StartAsync(
        ServerSettings settings, Job job, IRunObserver observer, Action<ILoggingBuilder> logging, TimeProvider? clock = null)
    {
        if (settings.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(settings));
        }

        var (folder, progress) = OpenFolder(settings, job);
        var run = job with { Rules = job.Rules with { Run = folder.Run }, Start = default };
        var web = Build(settings, run, folder, progress, observer, logging, clock ?? TimeProvider.System);
        try
        {
            await ListenAsync(web, settings);
            return new Server(web, folder, settings);
        }
        catch
        {
            await web.DisposeAsync();
            if (settings.Resume)
            {
                folder.Dispose();
            }
            else
            {
                folder.Abandon();
            }

            throw;
        }
    }

    /// <summary>Asks for an orderly end: the open round is aborted, nodes are told, the folder can be resumed.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(Completion);
        await _web.StopAsync();
        await _web.DisposeAsync();
        _folder.Dispose();
        _stop.Dispose();
    }

    private static (RunFolder Folder, RunProgress Progress) OpenFolder(ServerSettings settings, Job job)
    {
        var start = new ModelSnapshot(job.Start.Span);
        double clip = job.Rules.Encoding.Clip;
        var retention = new Retention { OlderCheckpoints = settings.OlderCheckpoints };
        if (settings.Resume)
        {
            return RunFolder.Resume(settings.Folder, job, start, retention);
        }

        var folder = RunFolder.Create(settings.Folder, job, start, clip, retention);
        var progress = new RunProgress(folder.Run, default, default, 0, start.Hash, new ClipState(clip, 0), null, start);
        return (folder, progress with { Moments = ServerSteps.Begin(job) });
    }

    private static WebApplication Build(
        ServerSettings settings, Job job, RunFolder folder, RunProgress progress, IRunObserver observer, Action<ILoggingBuilder> logging, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        var connections = new ConnectionTable();
        builder.Logging.AddProvider(new KestrelReasons(connections))
            .AddFilter<KestrelReasons>(null, LogLevel.None).AddFilter<KestrelReasons>(KestrelReasons.Categories, LogLevel.Debug);
        KestrelSetup.Apply(builder.WebHost, settings);
        var coordinator = new CoordinatorProgress(
            progress.LastTerm, progress.LastRound, progress.CommittedRounds, progress.ModelHash, progress.Clip.Clip, progress.JudgedFor(job), progress.Unfinished);
        ulong entropy = BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong)));
        builder.Services.AddSingleton(settings).AddSingleton(job).AddSingleton(folder).AddSingleton(progress)
            .AddSingleton<IRunObserver>(new OneAtATime(observer)).AddSingleton(clock)
            .AddSingleton(new CoordinatorMachine(job.Rules, coordinator, entropy))
            .AddSingleton(services => new JoinHandshake(settings, folder.Run, clock))
            .AddSingleton<SessionTable>().AddSingleton<MailboxTable>()
            .AddSingleton(_ => new VectorStore(settings.VectorMemoryBudget, folder.SpillFolder)).AddSingleton<TrafficMeter>().AddSingleton<RoundWork>()
            .AddSingleton<CoordinatorLoop>().AddSingleton<HeartbeatPump>().AddSingleton<VectorTransfer>().AddSingleton<CoordinatorService>()
            .AddSingleton<RelayService>()
            .AddSingleton<HealthServiceImpl>().AddSingleton(settings.Limits).AddSingleton(connections).AddSingleton<ConnectionGate>()
            .AddSingleton<CallWatch>().AddSingleton<HttpPages>()
            .AddSingleton(services => new AuditLog(
                new AuditFile(folder.AuditPath, AuditFile.DefaultMaxBytes), clock, services.GetRequiredService<ILogger<AuditLog>>()));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        builder.Services.AddGrpc(Wire.GrpcStack.Configure);
        var web = builder.Build();
        var (watch, pages) = (web.Services.GetRequiredService<CallWatch>(), web.Services.GetRequiredService<HttpPages>());
        web.Use((http, next) => http.Features.GetRequiredFeature<PeerConnection>().Port == PortKind.Pages ? pages.RunAsync(http) : watch.RunAsync(http, next));
        web.MapGrpcService<CoordinatorService>();
        web.MapGrpcService<RelayService>();
        web.MapGrpcService<HealthServiceImpl>();
        return web;
    }

    private static async Task ListenAsync(WebApplication web, ServerSettings settings)
    {
        try
        {
            await web.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            string http = settings.HttpPort is { } port ? $" or {settings.Address}:{port}" : "";
            throw new IOException(
                $"Cannot listen on {settings.Address}:{settings.Port}{http}: {e.GetBaseException().Message}. "
                + "Stop what uses the port, or choose others by --port and --http-port.",
                e);
        }

        web.Services.GetRequiredService<HealthServiceImpl>().SetStatus("", Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving);
    }

    private async Task<(bool Succeeded, string Reason)> RunAsync()
    {
        var running = _web.Services.GetRequiredService<CoordinatorLoop>().RunAsync(_stop.Token);
        var fatal = _web.Services.GetRequiredService<RoundWork>().Fatal;
        var outdated = _web.Services.GetRequiredService<CoordinatorLoop>().Outdated;
        var ended = await Task.WhenAny(running, fatal, outdated);
        if (running.IsCompletedSuccessfully)
        {
            return await running;
        }

        // Nodes wait for nothing from a server that has fallen over.
        foreach (var session in _web.Services.GetRequiredService<SessionTable>().All)
        {
            session.Close();
        }

        await ended;
        if (ended == outdated)
        {
            throw await outdated;
        }

        throw new IOException($"The run cannot go on: {(await fatal).Message}", await fatal);
    }
}
