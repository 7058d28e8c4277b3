using System.Threading.Channels;
using DemoFl.Identity;
using DemoFl.Node.Connections;
using DemoFl.Node.Rounds;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node;

/// <summary>
/// The one mailbox and the one loop around a node's machine, for as long as its control stream lives. Owns the pair channels; training,
/// masking and transfers run beside it (<see cref="RoundTasks"/>) and come back as inputs.
/// </summary>
internal sealed class NodeLoop : IDisposable
{
    private const int MailboxCapacity = 65_536;

    /// <summary>How long the server may take nothing before its stream is given up.</summary>
    private static readonly TimeSpan WriteDeadline = TimeSpan.FromSeconds(30);

    private readonly Channel<object> _mailbox = Channel.CreateBounded<object>(new BoundedChannelOptions(MailboxCapacity) { SingleReader = true });
    private readonly Queue<NodeInput> _own = new();
    private readonly List<NodeEffect> _effects = [];
    private readonly NodeOptions _options;
    private readonly Membership _membership;
    private readonly NodeMachine _machine;
    private readonly ChannelBook _channels;
    private readonly RoundTasks _rounds;
    private readonly ClipWatch _clip = new();
    private readonly INodeObserver _observer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly long _started;
    private (bool Succeeded, string Reason)? _outcome;

    public NodeLoop(NodeOptions options, Membership membership, INodeObserver observer, TimeProvider clock, ILogger logger)
    {
        (_options, _membership, _observer, _clock, _logger) = (options, membership, observer, clock, logger);
        var policy = options.Policy with { OwnerObjection = spec => options.Policy.OwnerObjection?.Invoke(spec) ?? _clip.Objection(spec) };
        var self = new NodeId(new Hash256(options.Key.Id.Span));
        ulong entropy = BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _machine = new NodeMachine(new NodeSettings(membership.Run, self, options.Incarnation, options.CanLead, policy), entropy);
        _channels = new ChannelBook(options, membership.Run, clock);
        _rounds = new RoundTasks(options, membership, _channels, PostAsync, logger);
        _started = clock.GetTimestamp();
    }

    /// <summary>Runs until the run ends.</summary>
    /// <exception cref="RpcException">The connection is lost.</exception>
    public async Task<(bool Succeeded, string Reason)> RunAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var frames = PumpAsync(_membership.Frames, ended.Token);
        var envelopes = PumpAsync(_membership.Link.ResponseStream, ended.Token);
        try
        {
            while (_outcome is null)
            {
                await StepAsync(await NextAsync(ended.Token));
            }

            return _outcome.Value;
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException as RpcException
                ?? new RpcException(new Status(StatusCode.Unavailable, closed.InnerException?.Message ?? "The server ended the stream."));
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(frames, envelopes);
            await _rounds.DisposeAsync();
        }
    }

    public void Dispose() => _channels.Dispose();

    private async ValueTask PostAsync(NodeInput input)
    {
        try
        {
            await _mailbox.Writer.WriteAsync(input);
        }
        catch (ChannelClosedException)
        {
            // The session is over; nobody waits for this result any more.
        }
    }

    private async Task PumpAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellation)
        where T : class
    {
        try
        {
            while (await stream.MoveNext(cancellation))
            {
                await _mailbox.Writer.WriteAsync(stream.Current, cancellation);
            }

            _mailbox.Writer.TryComplete();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or ChannelClosedException)
        {
            _mailbox.Writer.TryComplete(e);
        }
    }

    private async ValueTask<object> NextAsync(CancellationToken cancellation)
    {
        // What the loop owes itself does not go through the mailbox: waiting for room there, it would wait for itself.
        if (_own.TryDequeue(out var own))
        {
            return own;
        }

        if (_mailbox.Reader.TryRead(out object? ready))
        {
            return ready;
        }

        if (_machine.NextDeadline is not { } deadline)
        {
            return await _mailbox.Reader.ReadAsync(cancellation);
        }

        var wait = deadline - _clock.GetElapsedTime(_started);
        if (wait <= TimeSpan.Zero)
        {
            return new NodeInput.Tick();
        }

        using var timer = new CancellationTokenSource(wait + TimeSpan.FromMilliseconds(1), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await _mailbox.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new NodeInput.Tick();
        }
    }

    private async Task StepAsync(object item)
    {
        var input = item switch
        {
            NodeInput ready => ready,
            ServerFrame frame => new NodeInput.FromServer(ServerFrames.FromWire(frame, _membership.Run, VerifyServer)),
            Envelope envelope => FromEnvelope(envelope),
            _ => throw new InvalidOperationException($"The mailbox holds {item.GetType().Name}."),
        };
        if (input is null)
        {
            return;
        }

        _machine.Step(input, _clock.GetElapsedTime(_started), _effects);
        foreach (var effect in _effects)
        {
            await CarryAsync(effect);
        }

        _effects.Clear();
    }

    private bool VerifyServer(string domain, byte[] statement, ReadOnlyMemory<byte> signature) =>
        Signature.Verify(_membership.ServerKey.Span, domain, statement, signature.Span);

    /// <summary>What a peer said, once it is opened and checked; null when it was dropped or needed no machine.</summary>
    private NodeInput? FromEnvelope(Envelope envelope)
    {
        NodeId sender = default;
        try
        {
            sender = Field.Node(envelope.Peer, "envelope.peer");
            if (envelope.Refused)
            {
                Log.CameBack(_logger, _options.Name, sender);
                return null;
            }

            var frame = PeerFrame.Parser.ParseFrom(envelope.Content);
            return frame.FrameCase switch
            {
                PeerFrame.FrameOneofCase.Answer => Drop(sender, _channels.Accept(sender, Records.FromWire(frame.Answer))),
                PeerFrame.FrameOneofCase.Sealed => FromSealed(sender, frame.Sealed),
                _ => Drop(sender, "it is empty"),
            };
        }
        catch (Exception e) when (e is WireFormatException or InvalidProtocolBufferException)
        {
            return Drop(sender, e.Message);
        }
    }

    private NodeInput? FromSealed(NodeId sender, Sealed message)
    {
        var (content, objection) = _channels.Open(sender, message);
        if (content is null)
        {
            return Drop(sender, objection);
        }

        var (kind, round) = ((SealedKind)message.Kind, new Round(message.Round));
        if (kind == SealedKind.VectorPiece)
        {
            return _rounds.TakePiece(sender, round, Field.Present(content.VectorPiece, "vector_piece")) ? new NodeInput.VectorHeld(sender, round) : null;
        }

        var peerMessage = PeerContents.FromContent(content, kind, round);
        if (peerMessage is PeerMessage.DigestShare { Digest: var signed }
            && !Signature.Verify(_channels.KeyOf(sender).Span, RoundDigest.Domain, signed.Digest.Statement(), signed.Signature.Span))
        {
            return Drop(sender, "its digest's signature does not verify");
        }

        return message.ToHolder ? new NodeInput.FromParty(sender, peerMessage) : new NodeInput.FromHolder(new Slot((int)message.Slot), peerMessage);
    }

    private NodeInput? Drop(NodeId sender, string? reason)
    {
        if (reason is not null)
        {
            Log.Dropped(_logger, _options.Name, sender, reason);
        }

        return null;
    }

    private async Task CarryAsync(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Tell m:
                await WriteAsync(_membership.Control, NodeFrames.ToWire(m.Message));
                break;
            case NodeEffect.ToHolder m:
                await SendAsync(_channels.SealToHolder(m.Slot, PeerContents.KindOf(m.Message), RoundOf(m.Message), AttemptOf(m.Message), PeerContents.ToBytes(m.Message)));
                break;
            case NodeEffect.ToParty m:
                await SendAsync(_channels.SealToParty(m.Party, PeerContents.KindOf(m.Message), RoundOf(m.Message), AttemptOf(m.Message), PeerContents.ToBytes(m.Message)));
                break;
            case NodeEffect.ResetChannels m:
                _channels.Reset(m.Leaders);
                break;
            case NodeEffect.OfferKeys m:
                await WriteAsync(_membership.Control, NodeFrames.ToWire(new NodeMessage.OfferMade(_channels.Offer(m.Leaders, m.Slot, m.FirstRound))));
                break;
            case NodeEffect.AnswerOffers m:
                await AnswerAsync(m);
                break;
            case NodeEffect.OpenRound m:
                _rounds.Open(m.Spec);
                break;
            case NodeEffect.HoldMask m:
                _rounds.Hold(m);
                break;
            case NodeEffect.PrepareUpdate m:
                _rounds.Prepare(m.Spec);
                break;
            case NodeEffect.SubmitVector m:
                _rounds.Submit(m);
                break;
            case NodeEffect.SignDigest m:
                byte[] signature = _options.Key.Sign(RoundDigest.Domain, m.Digest.Statement());
                _own.Enqueue(new NodeInput.DigestSigned(new SignedDigest(_machine.OwnSlot!.Value, m.Digest, signature)));
                break;
            case NodeEffect.ReleaseSum m:
                _rounds.Release(m);
                break;
            case NodeEffect.CloseRound m:
                _rounds.Close(m.Round);
                _channels.CloseRound(m.Round);
                break;
            case NodeEffect.ObserveTotals m:
                _clip.Observe(m.Spec, m.Commit);
                break;
            case NodeEffect.Report m:
                Log.Happened(_logger, _options.Name, m.Event);
                _observer.On(_options.Name, m.Event);
                break;
            case NodeEffect.Finish m:
                _outcome = (m.Succeeded, m.Reason);
                break;
        }
    }

    private async Task AnswerAsync(NodeEffect.AnswerOffers answer)
    {
        foreach (var signed in answer.Offers)
        {
            var (own, objection) = _channels.Answer(signed);
            if (own is null)
            {
                Log.OfferRefused(_logger, _options.Name, signed.Offer.Slot, objection!);
                continue;
            }

            await SendAsync((signed.Offer.Holder, new PeerFrame { Answer = Records.ToWire(own) }));
            await SendAsync(_channels.SealToHolder(
                signed.Offer.Slot, SealedKind.Confirm, null, default, PeerContents.ToBytes(new PeerMessage.Confirm())));
        }
    }

    private Task SendAsync((NodeId Receiver, PeerFrame Frame)? sealedFrame) => sealedFrame is { } message
        ? WriteAsync(_membership.Link.RequestStream, new Envelope { Peer = Field.Of(message.Receiver), Content = message.Frame.ToByteString() })
        : Task.CompletedTask;

    private async Task WriteAsync<T>(IClientStreamWriter<T> stream, T message)
        where T : class
    {
        using var patience = new CancellationTokenSource(WriteDeadline, _clock);
        try
        {
            await stream.WriteAsync(message, patience.Token);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The stream has ended. Its reading side says how, after what the server said last.
        }
    }

    private static Round? RoundOf(PeerMessage message) => message switch
    {
        PeerMessage.Announcement m => m.Round,
        PeerMessage.Acknowledgement m => m.Round,
        PeerMessage.DigestShare m => m.Digest.Digest.Round,
        _ => null,
    };

    private static Attempt AttemptOf(PeerMessage message) => message is PeerMessage.DigestShare m ? m.Digest.Digest.Attempt : default;
}
