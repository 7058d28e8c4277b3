using DemoFl.Node.Connections;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Node.Rounds;

/// <summary>
/// Rotating layout, at the party: sends the one full vector, sealed piece by piece, to the leader that keeps it, and behind it whatever else that
/// leader must get meanwhile. One after another, on bulk transfers: on the link a short message would overtake the pieces, and a channel opens
/// nothing that was sealed before what it opened last.
/// </summary>
/// <param name="membership">Where to send.</param>
/// <param name="channels">The seals.</param>
/// <param name="keeper">The slot that keeps the vector.</param>
/// <param name="receiver">Its holder. When another one takes the slot, nothing more is sealed for this one.</param>
internal sealed class KeeperDelivery(Membership membership, ChannelBook channels, Slot keeper, NodeId receiver) : IDisposable
{
    /// <summary>Leaves room for the piece's own fields within an envelope.</summary>
    private const int PieceBytes = WireLimits.PieceBytes - 1024;

    private readonly CancellationTokenSource _givenUp = new();
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _last = Task.CompletedTask;

    public NodeId Receiver => receiver;

    /// <summary>A new receiver has confirmed its keys: what went to it on the link, the answer to its offer above all, has arrived.</summary>
    public void Confirm(Slot slot)
    {
        if (slot == keeper)
        {
            _confirmed.TrySetResult();
        }
    }

    /// <summary>Gives up what is not sent yet.</summary>
    public void GiveUp() => _givenUp.Cancel();

    /// <summary>The next turn; called from the node's loop, and whoever took it disposes it.</summary>
    public Turn NextTurn()
    {
        var turn = new Turn(_last);
        _last = turn.Over;
        return turn;
    }

    /// <summary>In its turn: sends the vector.</summary>
    /// <exception cref="RpcException">The receiver could not be reached.</exception>
    /// <exception cref="OperationCanceledException">It was given up, or the slot has another holder.</exception>
    public Task SendAsync(RoundSpec spec, PreparedUpdate update, CancellationToken cancellation) => SendAsync(Pieces(spec, update), cancellation);

    /// <summary>
    /// In its turn, to a holder that took the slot in this round: sends the vector behind its first envelope, once the holder has confirmed its keys. The
    /// relay could otherwise be faster with this than with the answer that made them.
    /// </summary>
    /// <exception cref="RpcException">The receiver could not be reached.</exception>
    /// <exception cref="OperationCanceledException">It was given up, or the slot has another holder.</exception>
    public async Task SendAsync(RoundSpec spec, PreparedUpdate update, Envelope first, CancellationToken cancellation)
    {
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _givenUp.Token))
        {
            await _confirmed.Task.WaitAsync(either.Token);
        }

        await SendAsync(Pieces(spec, update).Prepend(first), cancellation);
    }

    /// <summary>In its turn: sends a short message.</summary>
    /// <exception cref="RpcException">The receiver could not be reached.</exception>
    /// <exception cref="OperationCanceledException">It was given up, or the slot has another holder.</exception>
    public Task SendAsync(SealedKind kind, Round round, byte[] content, CancellationToken cancellation) =>
        SendAsync([Sealed(kind, round, content)], cancellation);

    public void Dispose() => _givenUp.Dispose();

    private async Task SendAsync(IEnumerable<Envelope> envelopes, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _givenUp.Token);
        either.Token.ThrowIfCancellationRequested();
        try
        {
            await TransferAsync(envelopes, either.Token);
        }
        catch (RpcException) when (either.IsCancellationRequested)
        {
            // Seen through a call.
            throw new OperationCanceledException(either.Token);
        }
    }

    private async Task TransferAsync(IEnumerable<Envelope> envelopes, CancellationToken cancellation)
    {
        using var call = membership.Relay.Send(membership.Call(cancellation));
        try
        {
            foreach (var envelope in envelopes)
            {
                membership.Record?.Count(envelope);
                await call.RequestStream.WriteInTimeAsync(envelope, cancellation);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The relay has answered early, or the call is lost; the receipt below says which.
        }

        await call.ResponseAsync;
    }

    private IEnumerable<Envelope> Pieces(RoundSpec spec, PreparedUpdate update)
    {
        for (int at = 0; at < update.Words.Length; at += PieceBytes)
        {
            var words = update.Words.Slice(at, Math.Min(PieceBytes, update.Words.Length - at));
            var content = new PeerContent
            {
                VectorPiece = new VectorPiece
                {
                    ByteLength = (ulong)update.Words.Length, Offset = (ulong)at, Words = UnsafeByteOperations.UnsafeWrap(words),
                    Lanes = at == 0 ? Field.Of(update.Lanes) : ByteString.Empty,
                },
            };
            yield return Sealed(SealedKind.VectorPiece, spec.Round, content.ToByteArray());
        }
    }

    private Envelope Sealed(SealedKind kind, Round round, byte[] content) =>
        channels.SealToHolder(keeper, kind, round, default, content) is { } message && message.Receiver == receiver
            ? new Envelope { Peer = Field.Of(receiver), Content = message.Frame.ToByteString() }
            : throw new OperationCanceledException($"Slot {keeper} has another holder by now.");

    /// <summary>One of a delivery's transfers, after those before it.</summary>
    public sealed class Turn(Task before) : IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The end of the turn before.</summary>
        public Task Before => before;

        public Task Over => _over.Task;

        public void Dispose() => _over.TrySetResult();
    }
}
