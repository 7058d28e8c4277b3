using DemoFl.Rpc.Tests.Protos;
using Grpc.Core;

namespace DemoFl.Rpc.Tests;

/// <summary>A service whose handlers the test writes; each has a plain echo as its default.</summary>
public sealed class ScriptedEcho : Echo.EchoBase
{
    public UnaryServerMethod<EchoMessage, EchoMessage> OnSay { get; set; } =
        (request, _) => Task.FromResult(request);

    public ClientStreamingServerMethod<EchoMessage, EchoMessage> OnCollect { get; set; } = async (requests, _) =>
    {
        var sum = new EchoMessage();
        await foreach (var request in requests.ReadAllAsync())
        {
            sum.Text += request.Text;
            sum.Count += request.Count;
        }

        return sum;
    };

    public ServerStreamingServerMethod<EchoMessage, EchoMessage> OnRepeat { get; set; } = async (request, responses, _) =>
    {
        for (var i = 0; i < request.Count; i++)
            await responses.WriteAsync(new EchoMessage { Text = request.Text, Count = i, Body = request.Body });
    };

    public DuplexStreamingServerMethod<EchoMessage, EchoMessage> OnChat { get; set; } = async (requests, responses, _) =>
    {
        await foreach (var request in requests.ReadAllAsync())
            await responses.WriteAsync(request);
    };

    public override Task<EchoMessage> Say(EchoMessage request, ServerCallContext context) => OnSay(request, context);

    public override Task<EchoMessage> Collect(IAsyncStreamReader<EchoMessage> requestStream, ServerCallContext context) =>
        OnCollect(requestStream, context);

    public override Task Repeat(EchoMessage request, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context) =>
        OnRepeat(request, responseStream, context);

    public override Task Chat(
        IAsyncStreamReader<EchoMessage> requestStream, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context) =>
        OnChat(requestStream, responseStream, context);
}
