using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Node.Connections;
using DemoFl.Node.Owner;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Rounds;

/// <summary>
/// The long work of the open round, beside the node's loop: fetching, training, masking, sending, summing. Everything that touches a channel is
/// called from the loop; what runs in the background has its seeds already. Closing a round cancels its work and clears its bytes.
/// </summary>
internal sealed class RoundTasks(
    NodeOptions options, Membership membership, ChannelBook channels, Func<NodeInput, ValueTask> post, ILogger logger) : IAsyncDisposable
{
    /// <summary>What the coordinator is told where the owner's record or count cannot be written.</summary>
    public const string Unrecorded = "this node cannot record what it sends";

    private readonly VectorStreams _streams = new(membership);
    private readonly UpdateMaker _maker = new(options.Trainer);
    private readonly KeeperDelivery _delivery = new(membership, channels);
    private readonly List<Task> _closing = [];
    private Task _training = Task.CompletedTask;
    private OpenRound? _open;

    public void Open(RoundSpec spec) => _open = new OpenRound(spec);

    public void Prepare(RoundSpec spec)
    {
        var (round, earlier) = (_open!, _training);
        _training = Task.WhenAll(earlier, Start("making the update", round, NoUpdate, async cancellation =>
        {
            float[] model = await _streams.FetchModelAsync(spec, cancellation);

            // A trainer takes one call at a time, and one that was cancelled may be slow to notice.
            await earlier;
            cancellation.ThrowIfCancellationRequested();
            round.Update = await _maker.MakeAsync(spec, model, cancellation);
            return new NodeInput.UpdatePrepared(spec.Round, round.Update.Nonce);
        }));
    }

    public void Submit(NodeEffect.SubmitVector effect)
    {
        var (spec, round, leaders) = (effect.Spec, _open!, effect.Leaders);
        var update = round.Update!;
        Slot? keeper = spec.Layout == Layout.Rotating ? VectorKeeper.Of(effect.Nonce, leaders!.Seats.Length) : null;
        var seeds = (leaders?.Seats ?? []).Where(s => s.Slot != keeper)
            .Select(s => TakeSeed(channels.SeedForSlot(s.Slot, spec, leaders!, effect.Nonce))).ToArray();
        Start("sending the vector", round, NoUpdate, async cancellation =>
        {
            update.MaskOnce(seeds);
            Clear(seeds);
            RecordVector(spec, update, keeper is { } k ? leaders!.Seats.Single(s => s.Slot == k).Holder : null);
            if (keeper is { } slot)
            {
                await _delivery.SendAsync(spec, slot, update, cancellation);
            }
            else
            {
                var key = new VectorKey { Round = spec.Round.Value, Kind = spec.Layout == Layout.Plain ? VectorKind.Plain : VectorKind.Masked };
                await _streams.SubmitAsync(key, update.Words, update.Lanes, Field.Of(effect.Nonce.Hash), cancellation);
            }

            return new NodeInput.VectorSubmitted(spec.Round);
        });
    }

    /// <summary>Rotating: takes a piece of a party's vector; true when it was the last.</summary>
    /// <exception cref="WireFormatException">It does not continue the party's vector.</exception>
    public bool TakePiece(NodeId party, Round round, VectorPiece piece)
    {
        var assembly = (_open?.Spec.Round == round ? _open.AssemblyOf(party) : null)
            ?? throw new WireFormatException($"There is no vector to take from that node in round {round}.");
        assembly.Append(piece);
        return assembly.IsComplete;
    }

    /// <summary>Derives and keeps the seed of a party's mask; a vector that this leader itself will keep has none for it.</summary>
    public void Hold(NodeEffect.HoldMask effect)
    {
        if (!Keeps(effect.Spec, effect.Leaders, effect.Slot, effect.Nonce))
        {
            _open!.Hold(effect.Party, TakeSeed(channels.SeedOfParty(effect.Party, effect.Spec, effect.Leaders, effect.Nonce)));
        }
    }

    /// <summary>A_j: the masks of B, and in the rotating layout the vectors that this leader keeps.</summary>
    public void Release(NodeEffect.ReleaseSum effect)
    {
        var (spec, round, leaders) = (effect.Spec, _open!, effect.Leaders);
        var byKeeping = effect.Parties.ToLookup(p => Keeps(spec, leaders, effect.Slot, p.Nonce), p => p.Party);
        var kept = byKeeping[true].Select(p => round.AssemblyOf(p)!).ToArray();
        var masks = byKeeping[false].Select(round.MaskOf).ToArray();
        Start("summing", round, (number, reason) => new NodeInput.SumFailed(number, reason), async cancellation =>
        {
            var sum = new RingVector((RingWidth)spec.Encoding.RingBits, spec.Training.Dimension);
            var lanes = new RingVector(RingWidth.Bits64, Lanes.Count);
            foreach (var mask in masks)
            {
                Mask.Add(mask, sum, lanes);
            }

            foreach (var vector in kept)
            {
                sum.Add(vector.Vector);
                lanes.Add(vector.Lanes);
            }

            options.Record?.Require(RecordNote.Sum(spec, effect.Attempt, effect.Parties.Length, sum.ByteLength + lanes.ByteLength));
            var key = new VectorKey { Round = spec.Round.Value, Attempt = (uint)effect.Attempt.Number, Kind = VectorKind.Sum };
            await _streams.SubmitAsync(key, sum.Memory, lanes.Memory, ByteString.Empty, cancellation);
            return null;
        });
    }

    /// <summary>Cancels what is under way and forgets the round's bytes.</summary>
    public void Close(Round round)
    {
        if (_open?.Spec.Round != round)
        {
            return;
        }

        _closing.RemoveAll(t => t.IsCompleted);
        _closing.Add(_open.DisposeAsync().AsTask());
        _open = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } round)
        {
            Close(round.Spec.Round);
        }

        await Task.WhenAll(_closing);
    }

    private static bool Keeps(RoundSpec spec, LeaderSet leaders, Slot slot, Nonce nonce) =>
        spec.Layout == Layout.Rotating && VectorKeeper.Of(nonce, leaders.Seats.Length) == slot;

    private static MaskSeed TakeSeed(byte[] seed)
    {
        var taken = new MaskSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        return taken;
    }

    private static void Clear(MaskSeed[] seeds)
    {
        foreach (var seed in seeds)
        {
            seed.Dispose();
        }
    }

    /// <summary>The round counts, and the vector is written down, before its first byte leaves; where that fails, none does.</summary>
    private void RecordVector(RoundSpec spec, PreparedUpdate update, NodeId? keeper)
    {
        options.Owner?.Budget?.Take();
        if (options.Record is { } record)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(update.Words.Span);
            hash.AppendData(update.Lanes.Span);
            record.Require(RecordNote.Vector(
                spec, keeper?.Value.ToString() ?? RecordNote.Coordinator, update.Words.Length + update.Lanes.Length, new Hash256(hash.GetHashAndReset())));
        }
    }

    private static NodeInput.UpdateFailed NoUpdate(Round round, string reason) => new(round, reason);

    private Task Start(string what, OpenRound round, Func<Round, string, NodeInput> failed, Func<CancellationToken, Task<NodeInput?>> work)
    {
        var running = RunAsync(round.Spec.Round, round.Closed);
        round.Add(running);
        return running;

        async Task RunAsync(Round number, CancellationToken cancellation)
        {
            try
            {
                if (await Task.Run(() => work(cancellation), CancellationToken.None) is { } result)
                {
                    await post(result);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // The round closed first.
            }
            catch (RpcException) when (cancellation.IsCancellationRequested)
            {
                // Likewise, seen through a call.
            }
            catch (Exception e)
            {
                // Whatever went wrong is this round's loss, not the node's.
                Log.WorkFailed(logger, options.Name, what, number, e is RpcException rpc ? rpc.Status.Detail : e.Message);
                await post(failed(number, $"{what} failed: {Outward(e)}"));
            }
        }
    }

    /// <summary>What the server may be told. An error of the owner's trainer may quote the owner's data: its text stays in this node's log.</summary>
    private static string Outward(Exception e) => e switch
    {
        RpcException rpc => rpc.Status.Detail,
        RecordException => Unrecorded,
        TrainerException => "the trainer did not deliver; this node's log says why",
        NonFiniteUpdateException or TrainingDivergedException or WireFormatException => e.Message,
        _ => $"{e.GetType().Name}; this node's log says more",
    };
}
