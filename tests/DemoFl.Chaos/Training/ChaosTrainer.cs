using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DemoFl.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Chaos.Training;

/// <summary>
/// The trainer of all nodes of a federation, in this process, at a Unix socket (which a network namespace does not hide): answers with <see cref="GridUpdates"/>,
/// and keeps parties waiting when a scenario wants them to train for longer. Thread-safe.
/// </summary>
internal sealed class ChaosTrainer : V1.Trainer.TrainerBase, IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ulong> _held = [];
    private readonly HashSet<(string Party, ulong Round)> _waiting = [];
    private readonly HashSet<string> _failing = [];
    private readonly ConcurrentDictionary<(string Party, ulong Round), int> _calls = [];
    private TaskCompletionSource _changed = NewSignal();
    private WebApplication? _app;
    private string _path = "";

    private ChaosTrainer()
    {
    }

    /// <summary>As <c>--trainer</c> takes it.</summary>
    public string Address => $"unix:{_path}";

    /// <summary>Raised when a party asks for its training of a round, before any answer.</summary>
    public event Action<string, ulong>? Asked;

    /// <summary>How often a party has asked for its training of a round.</summary>
    public int CallsOf(string party, ulong round) => _calls.GetValueOrDefault((party, round));

    public static async Task<ChaosTrainer> StartAsync(string path)
    {
        var trainer = new ChaosTrainer { _path = path };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(trainer);
        trainer._app = builder.Build();
        trainer._app.MapGrpcService<ChaosTrainer>();
        await trainer._app.StartAsync();
        return trainer;
    }

    /// <summary>From a round on, which should not be open yet, these parties' trainings last until they are released.</summary>
    public void Hold(ulong fromRound, params IEnumerable<string> parties)
    {
        lock (_gate)
        {
            foreach (string party in parties)
            {
                _held[party] = fromRound;
            }
        }
    }

    /// <summary>Waits until all these parties train in one round, which they are held in; returns its number.</summary>
    public async Task<ulong> HeldAsync(IReadOnlyCollection<string> parties, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_waiting.GroupBy(w => w.Round).FirstOrDefault(g => parties.All(p => g.Any(w => w.Party == p))) is { } round)
                {
                    return round.Key;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Ends the holding of these parties, and of all without a name.</summary>
    public void Release(params IReadOnlyCollection<string> parties)
    {
        Change(() =>
        {
            foreach (string party in parties.Count > 0 ? parties : [.. _held.Keys])
            {
                _held.Remove(party);
            }
        });
    }

    /// <summary>Ends a held training of this party with an error; its next one is as usual.</summary>
    public void Fail(string party) => Change(() =>
    {
        _failing.Add(party);
        _held.Remove(party);
    });

    public override Task<TrainerDescription> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(new TrainerDescription());

    public override async Task Train(IAsyncStreamReader<TrainRequest> requestStream, IServerStreamWriter<TrainReply> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Header is not { } header)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "no header"));
        }

        var bytes = new MemoryStream();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            requestStream.Current.Piece.WriteTo(bytes);
        }

        _calls.AddOrUpdate((header.Party, header.Round), 1, (_, n) => n + 1);
        Asked?.Invoke(header.Party, header.Round);
        await UntilReleasedAsync(header.Party, header.Round, context.CancellationToken);
        byte[] trained = Trained(header, bytes.ToArray());
        for (int at = 0; at < trained.Length; at += PieceBytes)
        {
            var piece = UnsafeByteOperations.UnsafeWrap(trained.AsMemory(at, Math.Min(PieceBytes, trained.Length - at)));
            await responseStream.WriteAsync(new TrainReply { Piece = piece });
        }

        await responseStream.WriteAsync(new TrainReply { Summary = SummaryOf(header.Party) });
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        if (_app is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
            _app = null;
        }
    }

    private static byte[] Trained(TrainHeader header, byte[] model)
    {
        var values = MemoryMarshal.Cast<byte, float>(model.AsSpan());
        float[] delta = GridUpdates.DeltaOf(header.Party, header.Round, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += delta[i];
        }

        return model;
    }

    private static TrainSummary SummaryOf(string party)
    {
        long samples = GridUpdates.SamplesOf(party);
        return new TrainSummary { SampleCount = samples, LossSum = samples, Correct = samples / 2, Evaluated = samples };
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private async Task UntilReleasedAsync(string party, ulong round, CancellationToken cancellation)
    {
        Change(() => _waiting.Add((party, round)));
        try
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (_failing.Remove(party))
                    {
                        throw new RpcException(new Status(StatusCode.Internal, "told to fail"));
                    }

                    if (!_held.TryGetValue(party, out ulong from) || round < from)
                    {
                        return;
                    }

                    changed = _changed.Task;
                }

                await changed.WaitAsync(cancellation);
            }
        }
        finally
        {
            Change(() => _waiting.Remove((party, round)));
        }
    }
}
