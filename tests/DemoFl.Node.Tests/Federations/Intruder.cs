using System.Security.Cryptography;
using DemoFl.Fuzz;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Node.Tests.Federations;

/// <summary>
/// A node with good keys that joins a federation and then sends whatever a fuzzer makes of valid frames: on its control stream, on its link and in bulk
/// through the relay, as vectors, as answers to beats. It joins again whenever it is thrown out.
/// </summary>
internal sealed class Intruder : IAsyncDisposable
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>Messages that make a nuisance.</summary>
    private const int Many = 300;

    private readonly IdentityKey _key = IdentityKey.Create();
    private readonly TaskCompletionSource _busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly GrpcChannel _channel;
    private readonly Draw _draw;
    private readonly NodeId[] _others;
    private readonly Task _working;
    private int _joined;
    private int _sent;

    /// <param name="server">Where the federation is.</param>
    /// <param name="others">To whom its envelopes go.</param>
    /// <param name="seed">From which all it sends follows.</param>
    public Intruder(Uri server, IEnumerable<NodeId> others, ulong seed)
    {
        (_others, _draw, _channel) = ([.. others], new Draw(seed), GrpcChannel.ForAddress(server));
        _working = Task.Run(WorkAsync);
    }

    /// <summary>It has sent a good deal.</summary>
    public Task Busy => _busy.Task;

    /// <summary>How often it was admitted.</summary>
    public int Joined => Volatile.Read(ref _joined);

    private NodeId Id => new(new Hash256(_key.Id.Span));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _channel.Dispose();
        _key.Dispose();
        _stop.Dispose();
    }

    private static Method<byte[], byte[]> Method(MethodType type, string service, string name) => new(type, $"demofl.v1.{service}", name, Bytes, Bytes);

    private async Task WorkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await VisitAsync();
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException or IOException)
            {
                // Thrown out, or the federation is over.
            }
        }
    }

    /// <summary>One life: joins, sends on every other kind of call, and last on the control stream until that is ended.</summary>
    private async Task VisitAsync()
    {
        var invoker = _channel.CreateCallInvoker();
        using var control = invoker.AsyncDuplexStreamingCall(
            Method(MethodType.DuplexStreaming, "Coordinator", "Attend"), null, new CallOptions(cancellationToken: _stop.Token));
        var call = await JoinAsync(control);
        Interlocked.Increment(ref _joined);
        using (var link = invoker.AsyncDuplexStreamingCall(Method(MethodType.DuplexStreaming, "Relay", "Link"), null, call))
        {
            await link.ResponseHeadersAsync;
            await SendAsync(link.RequestStream, Envelopes(), 20);
        }

        using (var bulk = invoker.AsyncClientStreamingCall(Method(MethodType.ClientStreaming, "Relay", "Send"), null, call))
        {
            await SendAsync(bulk.RequestStream, Envelopes(), 5);
        }

        using (var heart = invoker.AsyncDuplexStreamingCall(Method(MethodType.DuplexStreaming, "Coordinator", "Heartbeat"), null, call))
        {
            await SendAsync(heart.RequestStream, [.. WireTargets.BeatsAnswered().Seeds()], 5);
        }

        using (var vector = invoker.AsyncClientStreamingCall(Method(MethodType.ClientStreaming, "Coordinator", "SubmitVector"), null, call))
        {
            await SendAsync(vector.RequestStream, [.. new VectorUploadTarget().Seeds().SelectMany(s => Framing.Split(s))], 5);
        }

        await SendAsync(control.RequestStream, Frames(), 40);
    }

    private async Task<CallOptions> JoinAsync(AsyncDuplexStreamingCall<byte[], byte[]> control)
    {
        var credentials = new Credentials("intruder", _key.PublicKey, default);
        var life = new Incarnation(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
        await control.RequestStream.WriteAsync(new NodeFrame
        {
            Join = new JoinRequest
            {
                ProtocolVersion = JoinStatement.CurrentVersion, Incarnation = Field.Of(life), Credentials = Records.ToWire(credentials),
            },
        }.ToByteArray());
        var challenge = (await NextAsync(control)).Challenge;
        var statement = new JoinStatement(
            JoinStatement.CurrentVersion, Field.Run(challenge.Run, "run"), Field.Hash(challenge.Challenge, "challenge"), default, Id, life);
        await control.RequestStream.WriteAsync(new NodeFrame
        {
            Proof = new JoinProof { Signature = Field.Of(_key.Sign(JoinStatement.Domain, statement.Statement())) },
        }.ToByteArray());
        var accepted = (await NextAsync(control)).Accepted;
        return new CallOptions(new Metadata { { "demofl-session", accepted.Session.ToStringUtf8() } }, cancellationToken: _stop.Token);
    }

    private async Task<ServerFrame> NextAsync(AsyncDuplexStreamingCall<byte[], byte[]> control) => await control.ResponseStream.MoveNext(_stop.Token)
        ? ServerFrame.Parser.ParseFrom(control.ResponseStream.Current)
        : throw new RpcException(new Status(StatusCode.Unavailable, "The server has ended the stream."));

    private async Task SendAsync(IClientStreamWriter<byte[]> stream, byte[][] seeds, int count)
    {
        var mutator = new Mutator(InputForm.Protobuf, [], WireLimits.MaxMessageBytes / 4);
        try
        {
            for (int i = 0; i < count; i++)
            {
                await stream.WriteAsync(mutator.Mutate(_draw.Of(seeds), _draw.Of(seeds), _draw), _stop.Token);
                if (++_sent == Many)
                {
                    _busy.TrySetResult();
                }
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException && !_stop.IsCancellationRequested)
        {
            // The server has ended this call; there are others.
        }
    }

    /// <summary>All that a node may say but that it has keys: rounds wait for who says so.</summary>
    private static byte[][] Frames() =>
    [
        .. Fuzz.Samples.NodeMessages().Where(m => m is not NodeMessage.KeysEstablished).Select(m => NodeFrames.ToWire(m).ToByteArray()),
    ];

    private byte[][] Envelopes() =>
    [
        .. _others.SelectMany(other => WireTargets.Envelopes().Seeds().Select(bytes =>
        {
            var envelope = Envelope.Parser.ParseFrom(bytes);
            envelope.Peer = Field.Of(other);
            return envelope.ToByteArray();
        })),
    ];
}
