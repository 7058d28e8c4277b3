using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Forwarding;
using DemoFl.Relay.Services;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Hosting;

/// <summary>
/// A running server: relay, coordinator, journal. <see cref="StartAsync"/> listens; <see cref="Completion"/> ends with the run. Dispose stops.
/// </summary>
public sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly RunFolder _folder;
    private readonly CancellationTokenSource _stop = new();

    private Server(WebApplication web, RunFolder folder) => (_web, _folder) = (web, folder);

    /// <summary>Where nodes connect, as http or https URL with the real port.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where the HTTP/1.1 pages are, or null.</summary>
    public Uri? Pages { get; private set; }

    /// <summary>How the run ended. Faults when something durable could not be made so.</summary>
    public Task<(bool Succeeded, string Reason)> Completion { get; private set; } = null!;

    /// <summary>The run's id.</summary>
    public RunId Run => _folder.Run;

    /// <summary>The newest checkpoint, or null before the first commit.</summary>
    public string? NewestCheckpoint => _folder.NewestCheckpoint;

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
        try
        {
            var run = job with { Rules = job.Rules with { Run = folder.Run } };
            var web = Build(settings, run, folder, progress, observer, logging, clock ?? TimeProvider.System);
            var server = new Server(web, folder);
            await server.ListenAsync(settings);
            return server;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Asks for an orderly end: the open round is aborted, nodes are told, the folder can be resumed.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _web.StopAsync();
        await _web.DisposeAsync();
        _folder.Dispose();
        _stop.Dispose();
    }

    private static (RunFolder Folder, RunProgress Progress) OpenFolder(ServerSettings settings, Job job)
    {
        var start = new ModelSnapshot(job.Model.Initialise(job.Seed));
        double clip = job.Rules.Encoding.Clip;
        if (settings.Resume)
        {
            return RunFolder.Resume(settings.Folder, job, start);
        }

        var folder = RunFolder.Create(settings.Folder, job, start, clip);
        return (folder, new RunProgress(folder.Run, default, default, 0, start.Hash, new ClipState(clip, 0), null, start));
    }

    private static WebApplication Build(
        ServerSettings settings, Job job, RunFolder folder, RunProgress progress, IRunObserver observer, Action<ILoggingBuilder> logging, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        KestrelSetup.Apply(builder.WebHost, settings);
        var coordinator = new CoordinatorProgress(
            progress.LastTerm, progress.LastRound, progress.CommittedRounds, progress.ModelHash, progress.Clip.Clip);
        ulong entropy = BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong)));
        builder.Services.AddSingleton(settings).AddSingleton(job).AddSingleton(folder).AddSingleton(progress).AddSingleton(observer).AddSingleton(clock)
            .AddSingleton(new CoordinatorMachine(job.Rules, coordinator, entropy))
            .AddSingleton(services => new JoinHandshake(settings, folder.Run, clock))
            .AddSingleton<SessionTable>().AddSingleton<MailboxTable>().AddSingleton<VectorStore>().AddSingleton<TrafficMeter>().AddSingleton<RoundWork>()
            .AddSingleton<CoordinatorLoop>().AddSingleton<VectorTransfer>().AddSingleton<CoordinatorService>().AddSingleton<RelayService>()
            .AddSingleton<HealthServiceImpl>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = Wire.WireLimits.MaxMessageBytes;
            options.MaxSendMessageSize = Wire.WireLimits.MaxMessageBytes;
        });
        var web = builder.Build();
        web.MapGrpcService<CoordinatorService>();
        web.MapGrpcService<RelayService>();
        web.MapGrpcService<HealthServiceImpl>();
        HttpPages.Map(web, settings);
        return web;
    }

    private async Task ListenAsync(ServerSettings settings)
    {
        await _web.StartAsync();
        var addresses = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a)).ToArray();
        Address = addresses[0];
        Pages = settings.HttpPort is null ? null : addresses[1];
        _web.Services.GetRequiredService<HealthServiceImpl>().SetStatus("", Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving);
        Completion = RunAsync();
    }

    private async Task<(bool Succeeded, string Reason)> RunAsync()
    {
        var running = _web.Services.GetRequiredService<CoordinatorLoop>().RunAsync(_stop.Token);
        var fatal = _web.Services.GetRequiredService<RoundWork>().Fatal;
        return await Task.WhenAny(running, fatal) == running
            ? await running
            : throw new IOException($"The run cannot go on: {(await fatal).Message}", await fatal);
    }
}
