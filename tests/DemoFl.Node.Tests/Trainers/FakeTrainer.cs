using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using DemoFl.Learning;
using DemoFl.Node.Trainers;
using DemoFl.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace DemoFl.Node.Tests.Trainers;

/// <summary>What a fake does with one call: it has read W_t, and answers as a test likes.</summary>
internal delegate Task Answer(TrainHeader header, float[] parameters, IServerStreamWriter<TrainReply> replies, ServerCallContext context);

/// <summary>A trainer of a test's, served over loopback or a Unix socket as a user's would be.</summary>
internal sealed class FakeTrainer(Answer answer) : V1.Trainer.TrainerBase, IAsyncDisposable
{
    /// <summary>A job of 15 parameters, as <see cref="Some.Spec"/> trains.</summary>
    public static readonly JobTerms Job = new(
        Some.ModelName, new InputShape(1, 1, 4), 3, new ParameterLayout([new TensorShape("fc.weight", [3, 4]), new TensorShape("fc.bias", [3])]),
        Layout.Masked, 3, 3);

    private WebApplication? _app;

    public TrainerAddress Address { get; private set; } = null!;

    /// <summary>What <see cref="Describe"/> says.</summary>
    public TrainerDescription Description { get; init; } = new();

    /// <summary>Null for a process that serves no health.</summary>
    public ServingStatus? Health { get; init; } = ServingStatus.Serving;

    public ConcurrentQueue<TrainHeader> Headers { get; } = [];

    public ConcurrentQueue<DescribeRequest> Asked { get; } = [];

    /// <summary>Trains as well as a trainer can: adds one to every parameter.</summary>
    public static Task AddOne(TrainHeader header, float[] parameters, IServerStreamWriter<TrainReply> replies, ServerCallContext context) =>
        ReplyAsync(replies, [.. parameters.Select(p => p + 1)], GoodSummary());

    public static TrainSummary GoodSummary() => new() { SampleCount = 100, LossSum = 50, Correct = 60, Evaluated = 90 };

    public static async Task ReplyAsync(IServerStreamWriter<TrainReply> replies, float[] parameters, TrainSummary? summary)
    {
        var bytes = MemoryMarshal.AsBytes(parameters.AsSpan()).ToArray();
        foreach (byte[] piece in bytes.Chunk(64 * 1024))
        {
            await replies.WriteAsync(new TrainReply { Piece = UnsafeByteOperations.UnsafeWrap(piece) });
        }

        if (summary is not null)
        {
            await replies.WriteAsync(new TrainReply { Summary = summary });
        }
    }

    /// <summary>Serves on a port that the system chooses, or at a socket's path.</summary>
    public async Task<FakeTrainer> StartAsync(string? path = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (path is null)
            {
                kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
            }
            else
            {
                kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
            }
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton(HealthOf());
        _app = builder.Build();
        _app.MapGrpcService<FakeTrainer>();
        if (Health is not null)
        {
            _app.MapGrpcService<HealthServiceImpl>();
        }

        await _app.StartAsync();
        Address = TrainerAddress.Parse(path is null ? _app.Urls.First() : $"unix:{path}");
        return this;
    }

    public override Task<TrainerDescription> Describe(DescribeRequest request, ServerCallContext context)
    {
        Asked.Enqueue(request);
        return Task.FromResult(Description);
    }

    public override async Task Train(IAsyncStreamReader<TrainRequest> requestStream, IServerStreamWriter<TrainReply> responseStream, ServerCallContext context)
    {
        Assert.True(await requestStream.MoveNext(context.CancellationToken));
        var header = requestStream.Current.Header;
        Headers.Enqueue(header);
        var bytes = new MemoryStream();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            requestStream.Current.Piece.WriteTo(bytes);
        }

        Assert.Equal(header.ByteLength, (ulong)bytes.Length);
        await answer(header, MemoryMarshal.Cast<byte, float>(bytes.ToArray()).ToArray(), responseStream, context);
    }

    /// <summary>A party's view of it.</summary>
    public ExternalTrainer Trainer(string party) => new(party, Address, NullLogger<ExternalTrainer>.Instance);

    /// <summary>Cuts every connection, as the end of a process does.</summary>
    public async Task StopAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private HealthServiceImpl HealthOf()
    {
        var health = new HealthServiceImpl();
        if (Health is { } status)
        {
            health.SetStatus("demofl.v1.Trainer", status);
        }

        return health;
    }
}
