using DemoFl.Node.Connections;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Rounds;

/// <summary>
/// Rotating layout, at the party: hands its vector to the leader that keeps it, and to the next one if that leader is replaced. A keeper that cannot
/// be reached is the coordinator's to judge: the machine hears that it does not take the vector. Called from the node's loop.
/// </summary>
internal sealed class VectorHandover(string name, Membership membership, ChannelBook channels, BackgroundWork background, ILogger logger)
{
    /// <summary>Begins to send the vector, once it is ready.</summary>
    /// <param name="round">The open round.</param>
    /// <param name="keeper">The slot that keeps the vector.</param>
    /// <param name="failed">What the machine is told when it cannot be made ready.</param>
    /// <param name="prepare">Masks it and writes it down.</param>
    public void Begin(OpenRound round, Slot keeper, Func<Round, string, NodeInput> failed, Func<NodeId, CancellationToken, Task> prepare)
    {
        var delivery = New(round, keeper);
        round.Handed = Run("sending the vector", round, delivery, failed, async cancellation =>
        {
            await prepare(delivery.Receiver, cancellation);
            await delivery.SendAsync(round.Spec, round.Update!, cancellation);
        });
    }

    /// <summary>Sends the same bytes again, to who took the keeper's slot; what was still under way to the earlier holder is given up.</summary>
    /// <param name="round">The open round.</param>
    /// <param name="keeper">The slot that keeps the vector.</param>
    /// <param name="failed">What the machine is told when it cannot be written down.</param>
    /// <param name="seed">Goes ahead of it.</param>
    /// <param name="record">Writes it down.</param>
    public void Again(OpenRound round, Slot keeper, Func<Round, string, NodeInput> failed, (NodeId Receiver, PeerFrame Frame) seed, Action<NodeId> record)
    {
        var ready = round.Handed;
        var delivery = New(round, keeper);
        var first = new Envelope { Peer = Field.Of(seed.Receiver), Content = seed.Frame.ToByteString() };
        round.Handed = Run("sending the vector again", round, delivery, failed, async cancellation =>
        {
            await ready;
            if (!round.Update!.IsMasked)
            {
                throw new InvalidOperationException("The vector was never masked.");
            }

            record(delivery.Receiver);
            await delivery.SendAsync(round.Spec, round.Update, first, cancellation);
        });
    }

    /// <summary>Sends a message behind the vector if its receiver is getting one; false otherwise.</summary>
    public bool TrySendBehind(OpenRound? round, Slot slot, SealedKind kind, byte[] content)
    {
        if (round?.Delivery is not { } delivery || channels.HolderOf(slot) != delivery.Receiver)
        {
            return false;
        }

        Run("sending a message", round, delivery, (_, _) => new NodeInput.CameBack(delivery.Receiver),
            cancellation => delivery.SendAsync(kind, round.Spec.Round, content, cancellation));
        return true;
    }

    private KeeperDelivery New(OpenRound round, Slot keeper)
    {
        var holder = channels.HolderOf(keeper) ?? throw new InvalidOperationException($"There is no channel to slot {keeper}.");
        return round.Replace(new KeeperDelivery(membership, channels, keeper, holder));
    }

    private Task Run(
        string what, OpenRound round, KeeperDelivery delivery, Func<Round, string, NodeInput> failed, Func<CancellationToken, Task> work)
    {
        var turn = delivery.NextTurn();
        return background.Start(what, round, failed, async cancellation =>
        {
            using var taken = turn;
            try
            {
                await turn.Before;
                await work(cancellation);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Given up: somebody else holds the slot now.
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                Log.NotDelivered(logger, name, delivery.Receiver, round.Spec.Round, e.Status.Detail);
                return new NodeInput.UpdateFailed(round.Spec.Round, "the vector could not be delivered", Undelivered: true);
            }

            return null;
        });
    }
}
