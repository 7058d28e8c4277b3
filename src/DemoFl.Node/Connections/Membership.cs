using DemoFl.Identity;
using DemoFl.Node.Owner;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;
using RunHead = DemoFl.V1.RunHead;

namespace DemoFl.Node.Connections;

/// <summary>
/// A node's place in a federation, as long as its control stream lives: the streams, the session that names it on other calls, the run, the job and
/// the coordinator's key.
/// </summary>
internal sealed class Membership : IDisposable
{
    private const string TokenHeader = "demofl-session";

    /// <summary>From the opening of the control stream to the relay's word that this node can be reached.</summary>
    private static readonly TimeSpan JoinDeadline = TimeSpan.FromSeconds(20);

    private readonly AsyncDuplexStreamingCall<NodeFrame, ServerFrame> _control;
    private readonly Metadata _headers;

    private Membership(
        AsyncDuplexStreamingCall<NodeFrame, ServerFrame> control, AsyncDuplexStreamingCall<Envelope, Envelope> link, Pulse? pulse, BoundChannel bound,
        Metadata headers, RunId run, JobTerms job, ReadOnlyMemory<byte> serverKey, OwnerRecord? record)
    {
        (_control, Link, Pulse, _headers, Run, Job, ServerKey, Record) = (control, link, pulse, headers, run, job, serverKey, record);
        Vectors = new Coordinator.CoordinatorClient(bound.Bulk);
        Relay = new Relay.RelayClient(bound.Bulk);
    }

    public RunId Run { get; }

    public JobTerms Job { get; }

    /// <summary>The coordinator's public key.</summary>
    public ReadOnlyMemory<byte> ServerKey { get; }

    /// <summary>Where whatever is sent in this membership is counted; null where the owner keeps no record.</summary>
    public OwnerRecord? Record { get; }

    public IAsyncStreamReader<ServerFrame> Frames => _control.ResponseStream;

    public AsyncDuplexStreamingCall<Envelope, Envelope> Link { get; }

    /// <summary>The heartbeat call; null where this node may not lead.</summary>
    public Pulse? Pulse { get; }

    public Coordinator.CoordinatorClient Vectors { get; }

    public Relay.RelayClient Relay { get; }

    /// <summary>Options of a call that belongs to this session.</summary>
    public CallOptions Call(CancellationToken cancellation) => new(_headers, cancellationToken: cancellation);

    /// <exception cref="NodeRefusedException">The server does not admit this node, or this node does not accept the server.</exception>
    /// <exception cref="RpcException">The server is not reachable now.</exception>
    /// <exception cref="RecordException">The owner's record cannot be written, so nothing was sent.</exception>
    public static async Task<Membership> JoinAsync(
        NodeOptions options, ServerConnection connection, Func<RunId, RunHead?> headOf, TimeProvider clock, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(JoinDeadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        var bound = connection.Current;
        options.Record?.Require(RecordNote.Join(options.Server, new NodeId(new Hash256(options.Key.Id.Span))));
        var control = new Coordinator.CoordinatorClient(bound.Channel).Attend(cancellationToken: cancellation);
        try
        {
            var (run, accepted) = await ProveAsync(options, bound, control, headOf, either.Token);
            var server = TrustedServer(options, accepted);
            var job = AnnouncedJob.FromWire(Field.Present(accepted.Job, "job"));
            var keyHash = Hash256.Of(server.PublicKey.Span);
            options.Record?.Note(RecordNote.Joined(run, server.Name, keyHash));
            if ((options.Owner?.AtJoin(server.Name, keyHash, run, job) ?? Objection(options, job) ?? await options.Trainer.ObjectionAsync(job, either.Token)) is { } objection)
            {
                options.Record?.Note(RecordNote.Refused(objection));
                throw new NodeRefusedException($"{options.Name} does not take part: {objection}.");
            }

            var headers = new Metadata { { TokenHeader, accepted.Session.ToStringUtf8() } };
            var call = new CallOptions(headers, cancellationToken: cancellation);
            var link = await LinkAsync(bound, call, either.Token);
            var pulse = options.CanLead ? await PulseAsync(bound, call, link, options.Record, clock, either.Token) : null;
            return new Membership(control, link, pulse, bound, headers, run, job, server.PublicKey, options.Record);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException && late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            control.Dispose();
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"The server did not finish the join within {JoinDeadline.TotalSeconds:0} s."));
        }
        catch
        {
            control.Dispose();
            throw;
        }
    }

    /// <summary>Says something to the coordinator.</summary>
    public Task TellAsync(NodeMessage message)
    {
        if (message is NodeMessage.BeatAnswered answer)
        {
            Pulse?.Answer(answer);
            return Task.CompletedTask;
        }

        return WriteAsync(_control.RequestStream, NodeFrames.ToWire(message), Record);
    }

    /// <summary>Sends an envelope through the relay.</summary>
    public Task ForwardAsync(Envelope envelope) => WriteAsync(Link.RequestStream, envelope, Record);

    public void Dispose()
    {
        Pulse?.Dispose();
        Link.Dispose();
        _control.Dispose();
    }

    private static async Task<(RunId Run, JoinAccepted Accepted)> ProveAsync(
        NodeOptions options, BoundChannel bound, AsyncDuplexStreamingCall<NodeFrame, ServerFrame> control, Func<RunId, RunHead?> headOf,
        CancellationToken cancellation)
    {
        try
        {
            var join = new NodeFrame { Join = Request(options) };
            options.Record?.Count(join);
            await control.RequestStream.WriteAsync(join, cancellation);
            var challenge = await ExpectAsync(control, f => f.Challenge, cancellation);
            var run = Field.Run(challenge.Run, "challenge.run");
            var statement = new JoinStatement(
                JoinStatement.CurrentVersion, run, Field.Hash(challenge.Challenge, "challenge"), bound.Binding,
                new NodeId(new Hash256(options.Key.Id.Span)), options.Incarnation);
            byte[] signature = options.Key.Sign(JoinStatement.Domain, statement.Statement());
            var proof = new NodeFrame { Proof = new JoinProof { Signature = Field.Of(signature), Head = headOf(run) } };
            options.Record?.Count(proof);
            await control.RequestStream.WriteAsync(proof, cancellation);
            return (run, await ExpectAsync(control, f => f.Accepted, cancellation));
        }
        catch (RpcException e) when (IsFinal(e.StatusCode))
        {
            throw new NodeRefusedException(e.Status.Detail, e);
        }
    }

    /// <summary>A session that is gone by now is no refusal: the server may be stopping, or the control stream may have broken.</summary>
    private static async Task<AsyncDuplexStreamingCall<Envelope, Envelope>> LinkAsync(
        BoundChannel bound, CallOptions call, CancellationToken cancellation)
    {
        var link = new Relay.RelayClient(bound.Bulk).Link(call);
        try
        {
            await link.ResponseHeadersAsync.WaitAsync(cancellation);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>Before the node can be elected: a leader's first beat must not wait for a handshake.</summary>
    private static async Task<Pulse> PulseAsync(
        BoundChannel bound, CallOptions call, AsyncDuplexStreamingCall<Envelope, Envelope> link, OwnerRecord? record, TimeProvider clock,
        CancellationToken cancellation)
    {
        var client = new Coordinator.CoordinatorClient(bound.Heartbeat);
        var pulse = new Pulse(() => client.Heartbeat(call), record, clock);
        try
        {
            await pulse.OpenAsync(cancellation);
            return pulse;
        }
        catch
        {
            pulse.Dispose();
            link.Dispose();
            throw;
        }
    }

    private static async Task WriteAsync<T>(IClientStreamWriter<T> stream, T message, OwnerRecord? record)
        where T : class, IMessage
    {
        record?.Count(message);
        try
        {
            await stream.WriteInTimeAsync(message, CancellationToken.None);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The stream has ended. Its reading side says how, after what the server said last.
        }
    }

    private static bool IsFinal(StatusCode code) => code is StatusCode.PermissionDenied or StatusCode.FailedPrecondition or StatusCode.InvalidArgument
        or StatusCode.Unauthenticated or StatusCode.Unimplemented;

    private static JoinRequest Request(NodeOptions options) => new()
    {
        ProtocolVersion = JoinStatement.CurrentVersion, Incarnation = Field.Of(options.Incarnation), CanLead = options.CanLead, Token = options.Token,
        Credentials = Records.ToWire(new Credentials(options.Name, options.Key.PublicKey, options.Certificate)),
    };

    private static async Task<T> ExpectAsync<T>(
        AsyncDuplexStreamingCall<NodeFrame, ServerFrame> control, Func<ServerFrame, T?> part, CancellationToken cancellation)
        where T : class
    {
        if (!await control.ResponseStream.MoveNext(cancellation))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The server ended the control stream before the node was admitted."));
        }

        return part(control.ResponseStream.Current)
            ?? throw new NodeRefusedException($"The server sent {control.ResponseStream.Current.FrameCase} in the middle of the join; is it a DemoFl server?");
    }

    /// <summary>A job below the owner's floors is refused at the door; each round is checked again.</summary>
    private static string? Objection(NodeOptions options, JobTerms job) =>
        job.Layout == Layout.Plain && !options.Policy.AllowPlain
            ? "the layout is plain, which shows updates to the server; start the node with --allow-plain to accept that"
        : job.Layout != Layout.Plain && job.Leaders < options.Policy.MinLeaders
            ? $"the federation has {job.Leaders} leaders, fewer than this node's floor of {options.Policy.MinLeaders}; raise 'leaders' in the job, or lower --min-leaders"
        : job.KMin < options.Policy.MinKMin && job.Layout != Layout.Plain
            ? $"k_min is {job.KMin}, below this node's floor of {options.Policy.MinKMin}; raise 'k-min' in the job, or lower --min-k"
        : null;

    /// <summary>A roster that lists servers decides; otherwise TLS has vouched for whom we talk to, and the key holds for this connection.</summary>
    private static Credentials TrustedServer(NodeOptions options, JoinAccepted accepted)
    {
        var server = Records.FromWire(accepted.Server);
        if (!IdentityPublicKey.IsValid(server.PublicKey.Span))
        {
            throw new NodeRefusedException("The server's signing key is not a P-256 public key.");
        }

        if (options.Trust is RosterTrust { Roster: var roster } && roster.Entries.Any(e => e.IsServer)
            && roster.Find(server.PublicKey.Span) is not { IsServer: true })
        {
            throw new NodeRefusedException($"The server '{server.Name}' signs with a key that the roster does not list. Wrong server, or an old roster.");
        }

        return server;
    }
}
