using System.Security.Cryptography;
using DemoFl.Node.Connections;
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
    private readonly VectorStreams _streams = new(membership);
    private readonly UpdateMaker _maker = new(options.Trainer);
    private readonly KeeperDelivery _delivery = new(membership, channels);
    private readonly Dictionary<NodeId, VectorAssembly> _assemblies = [];
    private readonly List<Task> _running = [];
    private CancellationTokenSource _round = new();
    private RoundSpec? _spec;
    private PreparedUpdate? _update;

    public void Open(RoundSpec spec) => _spec = spec;

    public void Prepare(RoundSpec spec) => Start("making the update", spec.Round, async cancellation =>
    {
        float[] model = await _streams.FetchModelAsync(spec, cancellation);
        var update = await _maker.MakeAsync(spec, model, cancellation);
        _update = update;
        return new NodeInput.UpdatePrepared(spec.Round, update.Nonce);
    });

    public void Submit(NodeEffect.SubmitVector effect)
    {
        var (spec, update, leaders) = (effect.Spec, _update!, effect.Leaders);
        Slot? keeper = spec.Layout == Layout.Rotating ? VectorKeeper.Of(effect.Nonce, leaders!.Seats.Length) : null;
        var seeds = (leaders?.Seats ?? []).Where(s => s.Slot != keeper)
            .Select(s => TakeSeed(channels.SeedForSlot(s.Slot, spec, leaders!, effect.Nonce))).ToArray();
        Start("sending the vector", spec.Round, async cancellation =>
        {
            update.MaskOnce(seeds);
            Clear(seeds);
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
        if (_spec is not { Layout: Layout.Rotating } spec || spec.Round != round)
        {
            throw new WireFormatException($"Round {round} is not open for vectors.");
        }

        if (!_assemblies.TryGetValue(party, out var assembly))
        {
            _assemblies[party] = assembly = new VectorAssembly(spec);
        }

        assembly.Append(piece);
        return assembly.IsComplete;
    }

    /// <summary>A_j: the masks of B, and in the rotating layout the vectors that this leader keeps.</summary>
    public void Release(NodeEffect.ReleaseSum effect)
    {
        var (spec, leaders) = (effect.Spec, effect.Leaders);
        bool Keeps(Nonce nonce) => spec.Layout == Layout.Rotating && VectorKeeper.Of(nonce, leaders.Seats.Length) == effect.Slot;
        var kept = effect.Parties.Where(p => Keeps(p.Nonce)).Select(p => _assemblies[p.Party]).ToArray();
        var seeds = effect.Parties.Where(p => !Keeps(p.Nonce))
            .Select(p => TakeSeed(channels.SeedOfParty(p.Party, spec, leaders, p.Nonce))).ToArray();
        Start("summing", spec.Round, async cancellation =>
        {
            var sum = new RingVector((RingWidth)spec.Encoding.RingBits, spec.Training.Dimension);
            var lanes = new RingVector(RingWidth.Bits64, Lanes.Count);
            foreach (var seed in seeds)
            {
                Mask.Add(seed, sum, lanes);
            }

            Clear(seeds);
            foreach (var vector in kept)
            {
                sum.Add(vector.Vector);
                lanes.Add(vector.Lanes);
            }

            var key = new VectorKey { Round = spec.Round.Value, Attempt = (uint)effect.Attempt.Number, Kind = VectorKind.Sum };
            await _streams.SubmitAsync(key, sum.Memory, lanes.Memory, ByteString.Empty, cancellation);
            return null;
        });
    }

    /// <summary>Cancels what is under way and forgets the round's bytes.</summary>
    public void Close(Round round)
    {
        if (_spec?.Round != round)
        {
            return;
        }

        _round.Cancel();
        _round = new CancellationTokenSource();
        _running.RemoveAll(t => t.IsCompleted);
        if (_running.Count == 0)
        {
            _update?.Clear();
        }

        (_spec, _update) = (null, null);
        _assemblies.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _round.CancelAsync();
        await Task.WhenAll(_running);
        _round.Dispose();
    }

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

    private void Start(string what, Round round, Func<CancellationToken, Task<NodeInput?>> work)
    {
        _running.RemoveAll(t => t.IsCompleted);
        _running.Add(RunAsync(_round.Token));

        async Task RunAsync(CancellationToken cancellation)
        {
            try
            {
                if (await Task.Run(() => work(cancellation), cancellation) is { } result)
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
                string reason = e is RpcException rpc ? rpc.Status.Detail : e.Message;
                Log.WorkFailed(logger, options.Name, what, round, reason);
                await post(new NodeInput.UpdateFailed(round, $"{what} failed: {reason}"));
            }
        }
    }
}
