using DemoFl.Interop.Tests.Protos;
using Grpc.Core;

namespace DemoFl.Interop.Tests;

/// <summary>Our side of interop.proto.</summary>
public sealed class InteropService : Protos.Interop.InteropBase
{
    public override async Task<Letter> Say(Letter request, ServerCallContext context)
    {
        if (request.Count < 0) throw new RpcException(new Status(StatusCode.FailedPrecondition, request.Text));
        if (request.Count == 99) await Task.Delay(Timeout.Infinite, context.CancellationToken);
        if (context.RequestHeaders.GetValue("echo") is { } echo)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "early", echo } });
            context.ResponseTrailers.Add("late", echo);
            context.ResponseTrailers.Add("late-bin", context.RequestHeaders.GetValueBytes("echo-bin")!);
        }

        return request;
    }

    public override async Task<Letter> Sum(IAsyncStreamReader<Letter> requestStream, ServerCallContext context)
    {
        var total = new Letter();
        await foreach (var request in requestStream.ReadAllAsync())
        {
            total.Text += request.Text;
            total.Count += request.Count;
        }

        return total;
    }

    public override async Task Repeat(Letter request, IServerStreamWriter<Letter> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Count; i++)
            await responseStream.WriteAsync(new Letter { Text = request.Text, Count = i, Body = request.Body });
    }

    public override async Task Chat(
        IAsyncStreamReader<Letter> requestStream, IServerStreamWriter<Letter> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync())
            await responseStream.WriteAsync(request);
    }
}
