using System.Security.Cryptography;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Relay.Sessions;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>A node that speaks the wire protocol and does only what a test tells it.</summary>
internal sealed class ScriptedNode : IDisposable
{
    private readonly AsyncDuplexStreamingCall<NodeFrame, ServerFrame> _control;
    private readonly CancellationTokenSource _patience = new(TestServer.Patience);

    private ScriptedNode(GrpcChannel channel, string name, IdentityKey key)
    {
        (Name, Key, Coordinator, Relay) = (name, key, new Coordinator.CoordinatorClient(channel), new V1.Relay.RelayClient(channel));
        _control = Coordinator.Attend(cancellationToken: _patience.Token);
    }

    public string Name { get; }

    public IdentityKey Key { get; }

    public Incarnation Incarnation { get; } = new(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));

    public NodeId Id => new(new Hash256(Key.Id.Span));

    public Credentials Credentials => new(Name, Key.PublicKey, default);

    public RunId Run { get; private set; }

    public Coordinator.CoordinatorClient Coordinator { get; }

    public V1.Relay.RelayClient Relay { get; }

    /// <summary>Options of a call that belongs to this node's session.</summary>
    public CallOptions Call { get; private set; }

    /// <summary>Joins; with the key of an earlier node, as that node in another life.</summary>
    public static async Task<ScriptedNode> JoinAsync(GrpcChannel channel, string name, Hash256 binding = default, IdentityKey? key = null)
    {
        var node = new ScriptedNode(channel, name, key ?? IdentityKey.Create());
        await node._control.RequestStream.WriteAsync(new NodeFrame
        {
            Join = new JoinRequest
            {
                ProtocolVersion = JoinStatement.CurrentVersion, Incarnation = Field.Of(node.Incarnation), CanLead = true,
                Credentials = Records.ToWire(node.Credentials),
            },
        });
        var challenge = await node.ExpectAsync(f => f.Challenge);
        node.Run = Field.Run(challenge.Run, "run");
        var statement = new JoinStatement(
            JoinStatement.CurrentVersion, node.Run, Field.Hash(challenge.Challenge, "challenge"), binding, node.Id, node.Incarnation);
        await node._control.RequestStream.WriteAsync(new NodeFrame
        {
            Proof = new JoinProof { Signature = Field.Of(node.Key.Sign(JoinStatement.Domain, statement.Statement())) },
        });
        var accepted = await node.ExpectAsync(f => f.Accepted);
        node.Call = new CallOptions(new Metadata { { SessionTable.TokenHeader, accepted.Session.ToStringUtf8() } }, cancellationToken: node._patience.Token);
        return node;
    }

    /// <summary>The next frame of a kind; what comes before it is skipped.</summary>
    public async Task<T> ExpectAsync<T>(Func<ServerFrame, T?> part)
        where T : class
    {
        while (await _control.ResponseStream.MoveNext(_patience.Token))
        {
            if (part(_control.ResponseStream.Current) is { } wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The control stream ended before a {typeof(T).Name} came.");
    }

    public Task SayAsync(NodeMessage message) => _control.RequestStream.WriteAsync(NodeFrames.ToWire(message));

    /// <summary>Opens the relay's mailbox; returns when others can reach it.</summary>
    public async Task<AsyncDuplexStreamingCall<Envelope, Envelope>> LinkAsync()
    {
        var link = Relay.Link(Call);
        await link.ResponseHeadersAsync;
        return link;
    }

    /// <summary>Sends what is left of a vector from an offset on, as one stream.</summary>
    public async Task<VectorReceipt> SubmitAsync(VectorHeader header, ReadOnlyMemory<byte> bytes, int offset = 0, int until = int.MaxValue)
    {
        using var call = Coordinator.SubmitVector(Call);
        header.Offset = (ulong)offset;
        try
        {
            await call.RequestStream.WriteAsync(new VectorFrame { Header = header });
            for (int at = offset; at < Math.Min(bytes.Length, until); at += WireLimits.PieceBytes)
            {
                var piece = bytes.Slice(at, Math.Min(WireLimits.PieceBytes, Math.Min(bytes.Length, until) - at));
                await call.RequestStream.WriteAsync(new VectorFrame { Piece = ByteString.CopyFrom(piece.Span) });
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            // Answered already; the response says what.
        }

        return await call.ResponseAsync;
    }

    public void Dispose()
    {
        _control.Dispose();
        _patience.Dispose();
        Key.Dispose();
    }
}
