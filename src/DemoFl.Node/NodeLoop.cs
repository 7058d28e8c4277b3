using System.Threading.Channels;
using DemoFl.Identity;
using DemoFl.Node.Connections;
using DemoFl.Node.Owner;
using DemoFl.Node.Rounds;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node;

/// <summary>
/// The one mailbox and the one loop around a node's machine, for as long as its control stream lives. Owns the pair channels; training,
/// masking and transfers run beside it (<see cref="RoundTasks"/>) and come back as inputs.
/// </summary>
internal sealed class NodeLoop : IDisposable
{
    private readonly NodeInbox _inbox;
    private readonly List<NodeEffect> _effects = [];
    private readonly NodeOptions _options;
    private readonly Membership _membership;
    private readonly NodeMachine _machine;
    private readonly ChannelBook _channels;
    private readonly RoundTasks _rounds;
    private readonly PeerMail _mail;
    private readonly ClipWatch _clip = new();
    private readonly INodeObserver _observer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly EffectRecord? _record;
    private readonly long _started;
    private V1.RunHead? _head;
    private (bool Succeeded, string Reason)? _outcome;

    public NodeLoop(NodeOptions options, Membership membership, Recollection earlier, INodeObserver observer, TimeProvider clock, ILogger logger)
    {
        (_options, _membership, _observer, _clock, _logger, _inbox) = (options, membership, observer, clock, logger, new NodeInbox(clock));
        var self = new NodeId(new Hash256(options.Key.Id.Span));
        var policy = options.Policy with
        {
            OwnerObjection = spec => options.Policy.OwnerObjection?.Invoke(spec) ?? AnnouncedJob.Objection(membership.Job, spec) ?? _clip.Objection(spec),
            PartyRule = (spec, leaders) => options.Policy.PartyRule?.Invoke(spec, leaders) ?? options.Owner?.OfRound(spec, leaders, self),
        };
        ulong entropy = BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _machine = new NodeMachine(new NodeSettings(membership.Run, self, options.Incarnation, options.CanLead, policy, earlier.Memory), entropy);
        _channels = new ChannelBook(options, membership.Run, clock);
        _rounds = new RoundTasks(options, membership, _channels, new BackgroundWork(options.Name, _inbox.PostAsync, logger), logger, earlier.Held);
        _mail = new PeerMail(options.Name, membership, _channels, _rounds, logger);
        _record = options.Record is { } record ? new EffectRecord(record, options.Name, logger) : null;
        (_started, Recollection, _head) = (clock.GetTimestamp(), earlier, earlier.Head);
    }

    /// <summary>What a later connection must know, once this one has ended.</summary>
    public Recollection Recollection { get; private set; }

    /// <summary>Runs until the run ends.</summary>
    /// <exception cref="RpcException">The connection is lost.</exception>
    public async Task<(bool Succeeded, string Reason)> RunAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var frames = _inbox.PumpAsync(_membership.Frames, ended.Token);
        var envelopes = _inbox.PumpAsync(_membership.Link.ResponseStream, ended.Token);
        var beats = _membership.Pulse?.RunAsync(_inbox.Post, ended.Token) ?? Task.CompletedTask;
        try
        {
            while (_outcome is null)
            {
                await StepAsync(await _inbox.NextAsync(_machine.NextDeadline, _started, ended.Token));
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
            await Task.WhenAll(frames, envelopes, beats);
            Recollection = new Recollection(_machine.Memory, await _rounds.EndAsync(_machine.Memory.Agreed?.Spec.Round), _head);
        }
    }

    public void Dispose() => _channels.Dispose();

    private async Task StepAsync(object item)
    {
        var input = item switch
        {
            NodeInput ready => ready,
            ServerFrame frame => Heard(frame),
            Envelope envelope => _mail.Read(envelope),
            _ when item == NodeInbox.Nudge => null,
            _ => throw new InvalidOperationException($"The mailbox holds {item.GetType().Name}."),
        };
        if (input is null)
        {
            return;
        }

        _machine.Step(input, _clock.GetElapsedTime(_started), _effects);
        _record?.Withhold(_effects, _machine.Leaders, _inbox.Owe);
        foreach (var effect in _effects)
        {
            await CarryAsync(effect);
        }

        _effects.Clear();
    }

    /// <summary>A replacement counts only with the survivors' own signatures: the coordinator's alone could name anybody.</summary>
    private NodeInput.FromServer? Heard(ServerFrame frame)
    {
        var message = ServerFrames.FromWire(frame, _membership.Run, VerifyServer);
        if (RunHeads.FromWire(frame.Head, _membership.Run, VerifyServer) is { } head
            && (_head is null || head.IsBeyond(new Term(_head.Term), new Round(_head.Round))))
        {
            _head = frame.Head;
        }

        if (message is ServerMessage.Replaced m && _channels.Unsigned(m.Agreements) is { } signer)
        {
            Log.AgreementRefused(_logger, _options.Name, m.Round, m.Offer.Offer.Slot, signer);
            return null;
        }

        return new NodeInput.FromServer(message);
    }

    private void Sign(NodeEffect.SignReplacement effect)
    {
        var (replacement, offer) = (effect.Replacement, effect.Offer);
        if (_channels.Judge(offer) is { } objection)
        {
            Log.ReplacementNotSigned(_logger, _options.Name, replacement.Round, replacement.Slot, objection);
            _inbox.Owe(new NodeInput.ReplacementDeclined(replacement));
            return;
        }

        byte[] signature = _options.Key.Sign(Replacement.Domain, replacement.Statement());
        _inbox.Owe(new NodeInput.ReplacementSigned(new SignedReplacement(_machine.OwnSlot!.Value, replacement, signature)));
    }

    private bool VerifyServer(string domain, byte[] statement, ReadOnlyMemory<byte> signature) =>
        Signature.Verify(_membership.ServerKey.Span, domain, statement, signature.Span);

    private async Task CarryAsync(NodeEffect effect)
    {
        _record?.Note(effect);
        switch (effect)
        {
            case NodeEffect.Tell m:
                await _membership.TellAsync(m.Message);
                break;
            case NodeEffect.ToHolder m:
                await _mail.SendToHolderAsync(m.Slot, m.Message);
                break;
            case NodeEffect.ToParty m:
                await _mail.SendToPartyAsync(m.Party, m.Message);
                break;
            case NodeEffect.SeatLeaders m:
                _channels.Seat(m.Leaders, _rounds.IsOpen);
                break;
            case NodeEffect.OfferKeys m:
                await _membership.TellAsync(new NodeMessage.OfferMade(_channels.Offer(m.Leaders, m.Slot, m.FirstRound)));
                break;
            case NodeEffect.AnswerOffers m:
                await _mail.AnswerAsync(m.Offers);
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
            case NodeEffect.Reseal m:
                await _mail.ResealAsync(m);
                break;
            case NodeEffect.SignReplacement m:
                Sign(m);
                break;
            case NodeEffect.SignDigest m:
                byte[] signature = _options.Key.Sign(RoundDigest.Domain, m.Digest.Statement());
                _inbox.Owe(new NodeInput.DigestSigned(new SignedDigest(_machine.OwnSlot!.Value, m.Digest, signature)));
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
}
