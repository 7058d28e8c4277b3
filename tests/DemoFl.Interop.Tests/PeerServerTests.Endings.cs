using DemoFl.Interop.Tests.Peers;
using DemoFl.Interop.Tests.Protos;
using Grpc.Core;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against the peer's server: metadata, and how calls end.</summary>
public abstract partial class PeerServerTests<TPeer>
{
    private const string AwkwardText = "100 % größer\n日本\t%41";

    /// <summary>What makes our client compress its requests.</summary>
    protected static Metadata AskForGzip => new() { { "grpc-internal-encoding-request", "gzip" } };

    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    [PeerFact]
    public async Task Status_EveryCode_ArrivesWithItsText()
    {
        foreach (var code in Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK))
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(
                () => Client.SayAsync(new Letter { Text = AwkwardText, Count = -(int)code }, Patient).ResponseAsync);

            Assert.Equal((code, AwkwardText), (refusal.StatusCode, refusal.Status.Detail));
        }
    }

    [PeerFact]
    public async Task Status_CancelledByTheServer_FollowsTheResponses()
    {
        using var call = Client.Repeat(new Letter { Text = AwkwardText, Count = -(int)StatusCode.Cancelled }, Patient);

        Assert.True(await call.ResponseStream.MoveNext());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal((StatusCode.Cancelled, AwkwardText), (refusal.StatusCode, refusal.Status.Detail));
    }

    [PeerFact]
    public async Task Metadata_BothWays_Arrives()
    {
        var headers = new Metadata { { "echo", "hello" }, { "echo", "a b=c;d" } };
        using var call = Client.SayAsync(new Letter(), Patient.WithHeaders(headers));

        var early = await call.ResponseHeadersAsync;
        await call;

        Assert.Equal(["hello", "a b=c;d"], Values(early, "early"));
        Assert.Equal(["hello", "a b=c;d"], Values(call.GetTrailers(), "late"));
    }

    [PeerFact]
    public async Task BinaryMetadata_BothWays_Arrives()
    {
        var headers = new Metadata { { "echo-bin", EveryByte } };
        using var call = Client.SayAsync(new Letter(), Patient.WithHeaders(headers));

        var early = await call.ResponseHeadersAsync;
        await call;

        Assert.Equal(EveryByte, early.GetValueBytes("early-bin"));
        Assert.Equal(EveryByte, call.GetTrailers().GetValueBytes("late-bin"));
    }

    [PeerFact]
    public async Task Trailers_OfAFailure_Arrive()
    {
        var headers = new Metadata { { "echo", "why" }, { "echo-bin", EveryByte } };
        using var call = Client.Repeat(new Letter { Text = "no", Count = -(int)StatusCode.Aborted }, Patient.WithHeaders(headers));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => CountsAsync(call.ResponseStream));

        Assert.Equal(StatusCode.Aborted, refusal.StatusCode);
        Assert.Equal("why", refusal.Trailers.GetValue("late"));
        Assert.Equal(EveryByte, refusal.Trailers.GetValueBytes("late-bin"));
    }

    [PeerFact]
    public async Task ErrorDetails_OfAFailure_Arrive()
    {
        var asked = new Letter { Text = FailureDetails.Asked, Count = -(int)StatusCode.FailedPrecondition };
        using var stream = Client.Repeat(asked, Patient);

        var ofUnary = await Assert.ThrowsAsync<RpcException>(() => Client.SayAsync(asked, Patient).ResponseAsync);
        var ofStream = await Assert.ThrowsAsync<RpcException>(() => CountsAsync(stream.ResponseStream));

        var expected = FailureDetails.Of(StatusCode.FailedPrecondition, FailureDetails.Asked);
        Assert.All([ofUnary, ofStream], refusal => Assert.Equal(expected, refusal.GetRpcStatus()));
    }

    [PeerFact]
    public async Task Deadline_Passes_EndsBothSides()
    {
        var letter = new Letter { Text = nameof(Deadline_Passes_EndsBothSides) };
        using var call = Client.Wait(letter, deadline: DateTime.UtcNow.AddSeconds(4));

        // Only a server that has begun can be seen to end: the deadline leaves it time for that on a busy machine.
        Assert.True(await call.ResponseStream.MoveNext());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
        Assert.Equal(letter, await Client.EndedAsync(letter, Patient));
    }

    [PeerFact]
    public async Task Cancellation_ByTheClient_ReachesTheServer()
    {
        var letter = new Letter { Text = nameof(Cancellation_ByTheClient_ReachesTheServer) };
        using var cancel = new CancellationTokenSource();
        using var call = Client.Wait(letter, Patient.WithCancellationToken(cancel.Token));
        Assert.True(await call.ResponseStream.MoveNext());

        await cancel.CancelAsync();
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.Cancelled, refusal.StatusCode);
        Assert.Equal(letter, await Client.EndedAsync(letter, Patient));
    }

    [PeerFact]
    public async Task Gzip_Request_IsUnderstood()
    {
        var letter = new Letter { Text = "gzip", Body = Bytes(100_000) };

        Assert.Equal(letter, await Client.SayAsync(letter, Patient.WithHeaders(AskForGzip)));
    }

    [PeerFact]
    public async Task Method_Unknown_IsUnimplemented()
    {
        var marshaller = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, "demofl.interop.Missing", "Say", marshaller, marshaller);

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, Patient, "").ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    // A peer may send several values of one name as one, joined by commas.
    private static string[] Values(Metadata metadata, string key) =>
        [.. metadata.Where(entry => entry.Key == key).SelectMany(entry => entry.Value.Split(',', StringSplitOptions.TrimEntries))];
}
