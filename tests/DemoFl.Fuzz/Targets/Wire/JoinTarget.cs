using DemoFl.Identity;
using DemoFl.Relay;
using DemoFl.Relay.Sessions;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Fuzz;

/// <summary>A node's first frames, as the server takes them: the request, and behind the challenge whatever comes. Nobody is admitted without a proof.</summary>
internal sealed class JoinTarget : Target
{
    private readonly IdentityKey _serverKey = IdentityKey.Create();
    private readonly JoinHandshake _handshake;

    public JoinTarget()
        : base("join-requests", InputForm.ProtobufStream) => _handshake = new JoinHandshake(
            new ServerSettings { Key = _serverKey, Trust = new FirstUseTrust(), Folder = "." }, Samples.Run, TimeProvider.System);

    public override IEnumerable<byte[]> Seeds()
    {
        var request = new NodeFrame
        {
            Join = new JoinRequest
            {
                ProtocolVersion = JoinStatement.CurrentVersion, Incarnation = Field.Of(Samples.Life(1)), CanLead = true, Token = "demofl-join-x",
                Credentials = Records.ToWire(new Credentials("alice", FixedIdentities.PublicKey, default)),
            },
        };
        var proof = new NodeFrame { Proof = new JoinProof { Signature = ByteString.CopyFrom(Samples.Filled(64, 1)) } };
        yield return Framing.Join([request.ToByteArray(), proof.ToByteArray()]);
    }

    public override string Read(byte[] input)
    {
        var frames = Framing.Split(input).Select(m => Messages.Parse(NodeFrame.Parser, m)).ToArray();
        try
        {
            var (requests, responses) = (new ListReader<NodeFrame>(frames), new NullWriter<ServerFrame>());
            _handshake.AdmitAsync(requests, responses, _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (RpcException e) when (e.Status.Detail.Contains("the proof does not verify", StringComparison.Ordinal))
        {
            return "a well-formed request with a wrong proof";
        }

        throw new BrokenPromiseException("a node is admitted without a proof");
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException or RpcException { StatusCode: StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.Unauthenticated };

    public override void Dispose()
    {
        _serverKey.Dispose();
        base.Dispose();
    }
}
