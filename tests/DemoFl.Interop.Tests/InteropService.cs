using System.Collections.Concurrent;
using DemoFl.Interop.Tests.Protos;
using Grpc.Core;

namespace DemoFl.Interop.Tests;

/// <summary>Our side of interop.proto.</summary>
public sealed class InteropService : Protos.Interop.InteropBase
{
    /// <summary>The text that asks for the client's identity.</summary>
    public const string WhoAmI = "who am I?";

    private static readonly WriteOptions Uncompressed = new(WriteFlags.NoCompress);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new();

    public override async Task<Letter> Say(Letter request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        ThrowIfAsked(request);
        if (request.Text == WhoAmI)
            return new Letter { Text = string.Join(',', context.AuthContext.PeerIdentity.Select(property => property.Value)) };
        if (request.Text != "gzip") context.WriteOptions = Uncompressed;
        return request;
    }

    public override async Task<Letter> Sum(IAsyncStreamReader<Letter> requestStream, ServerCallContext context)
    {
        context.WriteOptions = Uncompressed;
        var total = new Letter();
        await foreach (var request in requestStream.ReadAllAsync())
        {
            ThrowIfAsked(request);
            total.Text += request.Text;
            total.Count += request.Count;
        }

        return total;
    }

    public override async Task Repeat(Letter request, IServerStreamWriter<Letter> responseStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        responseStream.WriteOptions = Uncompressed;
        if (request.Count < 0) await responseStream.WriteAsync(request);
        ThrowIfAsked(request);
        for (var i = 0; i < request.Count; i++)
            await responseStream.WriteAsync(new Letter { Text = request.Text, Count = i, Body = request.Body });
    }

    public override async Task Chat(
        IAsyncStreamReader<Letter> requestStream, IServerStreamWriter<Letter> responseStream, ServerCallContext context)
    {
        responseStream.WriteOptions = Uncompressed;
        await foreach (var request in requestStream.ReadAllAsync())
            await responseStream.WriteAsync(request);
    }

    public override async Task Wait(Letter request, IServerStreamWriter<Letter> responseStream, ServerCallContext context)
    {
        using var atEnd = context.CancellationToken.Register(() => EndOf(request).TrySetResult());
        await responseStream.WriteAsync(request);
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    public override async Task<Letter> Ended(Letter request, ServerCallContext context)
    {
        await EndOf(request).Task.WaitAsync(context.CancellationToken);
        return request;
    }

    private TaskCompletionSource EndOf(Letter request) =>
        _ends.GetOrAdd(request.Text, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private static void ThrowIfAsked(Letter request)
    {
        if (request.Count >= 0) return;

        var code = (StatusCode)(-request.Count);
        throw request.Text == FailureDetails.Asked
            ? FailureDetails.Of(code, request.Text).ToRpcException()
            : new RpcException(new Status(code, request.Text));
    }

    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (var entry in context.RequestHeaders)
        {
            if (entry.Key == "echo")
            {
                headers.Add("early", entry.Value);
                context.ResponseTrailers.Add("late", entry.Value);
            }
            else if (entry.Key == "echo-bin")
            {
                headers.Add("early-bin", entry.ValueBytes);
                context.ResponseTrailers.Add("late-bin", entry.ValueBytes);
            }
        }

        if (headers.Count > 0) await context.WriteResponseHeadersAsync(headers);
    }
}
