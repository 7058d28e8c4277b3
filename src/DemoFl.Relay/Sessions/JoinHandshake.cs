using System.Security.Cryptography;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Any = Google.Protobuf.WellKnownTypes.Any;

namespace DemoFl.Relay.Sessions;

/// <summary>
/// Admits a node: request, challenge, proof (DESIGN section 5). The proof signs the challenge, the TLS channel binding, the node's id and its
/// incarnation, so it cannot be used on another connection or for another process.
/// </summary>
internal sealed class JoinHandshake(ServerSettings settings, RunId run, TimeProvider clock)
{
    /// <summary>From the opening of the control stream to the proof.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <param name="requests">What the node says.</param>
    /// <param name="responses">What it is told.</param>
    /// <param name="proven">Told who the node is once it has proven that, admitted or not.</param>
    /// <param name="cancellation">The node has gone.</param>
    /// <exception cref="RpcException">Not admitted; the status says why.</exception>
    public async Task<Session> AdmitAsync(
        IAsyncStreamReader<NodeFrame> requests, IServerStreamWriter<ServerFrame> responses, Action<Session> proven, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Deadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var request = Expect(await requests.MoveNext(deadline.Token), requests, f => f.Join, "a join request");
            var session = Claimed(request);
            byte[] challenge = RandomNumberGenerator.GetBytes(Hash256.Size);
            await responses.WriteAsync(
                new ServerFrame { Challenge = new JoinChallenge { Challenge = ByteString.CopyFrom(challenge), Run = Field.Of(run) } }, deadline.Token);
            var proof = Expect(await requests.MoveNext(deadline.Token), requests, f => f.Proof, "a proof");
            var statement = new JoinStatement(
                JoinStatement.CurrentVersion, run, new Hash256(challenge), settings.ChannelBinding, session.Node, session.Incarnation);
            if (!Signature.Verify(session.Credentials.PublicKey.Span, JoinStatement.Domain, statement.Statement(), proof.Signature.Span))
            {
                throw Refused(StatusCode.Unauthenticated, "PROOF_INVALID", "the proof does not verify: wrong key, or another server's certificate in between");
            }

            proven(session);
            Judge(session, request.Token);
            session.Head = RunHeads.FromWire(
                proof.Head, run, (domain, word, signature) => Signature.Verify(settings.Key.PublicKey.Span, domain, word, signature.Span));
            return session;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // Not by the call's own token: giving a read or write up resets the stream, and that cancels it, too.
            throw Refused(StatusCode.DeadlineExceeded, "PROOF_LATE", $"no proof within {Deadline.TotalSeconds:0} s");
        }
    }

    private static Session Claimed(JoinRequest request)
    {
        if (request.ProtocolVersion != JoinStatement.CurrentVersion)
        {
            throw Refused(
                StatusCode.FailedPrecondition, "VERSION_UNSUPPORTED",
                $"the node speaks protocol version {request.ProtocolVersion}, the server {JoinStatement.CurrentVersion}; run the same release on both");
        }

        var credentials = Records.FromWire(request.Credentials);
        return NodeName.IsValid(credentials.Name)
            ? new Session(
                new NodeId(Hash256.Of(credentials.PublicKey.Span)), credentials, Field.Incarnation(request.Incarnation, "join.incarnation"), request.CanLead)
            : throw Refused(StatusCode.InvalidArgument, "NAME_INVALID", $"the name is not valid; use {NodeName.Rule}");
    }

    /// <summary>Only after the proof: nobody may pin a name to, or spend a token on, a key that it does not hold.</summary>
    private void Judge(Session session, string token)
    {
        var credentials = session.Credentials;
        var claim = new IdentityClaim(credentials.Name, credentials.PublicKey, credentials.Certificate);
        if (settings.Trust.Judge(claim, clock.GetUtcNow()) is TrustDecision.Refused refused)
        {
            throw Refused(StatusCode.PermissionDenied, "IDENTITY_REFUSED", refused.Reason.TrimEnd('.'));
        }

        if (settings.Tokens is { } tokens && !tokens.Redeem(token, session.Node.Value.ToArray()))
        {
            throw Refused(
                StatusCode.PermissionDenied, "TOKEN_REFUSED",
                "the join token is not known or another node used it; ask the server's operator for one and pass it by --token");
        }
    }

    private static T Expect<T>(bool there, IAsyncStreamReader<NodeFrame> requests, Func<NodeFrame, T?> part, string what)
        where T : class =>
        (there ? part(requests.Current) : null) ?? throw Refused(StatusCode.InvalidArgument, "OUT_OF_ORDER", $"the control stream must begin with {what}");

    /// <param name="code">What any gRPC client understands.</param>
    /// <param name="cause">For programs: the reason in the status's ErrorInfo, which stays the same when the words change.</param>
    /// <param name="reason">For people.</param>
    private static RpcException Refused(StatusCode code, string cause, string reason) => new Google.Rpc.Status
    {
        Code = (int)code, Message = $"Not admitted: {reason}.", Details = { Any.Pack(new ErrorInfo { Domain = "demofl", Reason = cause }) },
    }.ToRpcException();
}
