using System.Security.Cryptography;
using DemoFl.Node.Connections;
using DemoFl.Node.Owner;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Rounds;

/// <summary>
/// The long work of the open round, beside the node's loop: fetching, training, masking, sending, summing. Everything that touches a channel is
/// called from the loop; what runs in the background has its seeds already. Closing a round cancels its work and clears its bytes.
/// </summary>
internal sealed class RoundTasks(
    NodeOptions options, Membership membership, ChannelBook channels, BackgroundWork background, ILogger logger, OpenRound? kept = null) : IAsyncDisposable
{
    private readonly VectorStreams _streams = new(membership);
    private readonly UpdateMaker _maker = new(options.Trainer);
    private readonly VectorHandover _handover = new(options.Name, membership, channels, background, logger);
    private readonly List<Task> _closing = [];
    private Task _training = Task.CompletedTask;
    private Task _summing = Task.CompletedTask;
    private OpenRound? _open = kept;

    /// <summary>Whether a round is open.</summary>
    public bool IsOpen => _open is not null;

    public void Open(RoundSpec spec) => _open = new OpenRound(spec);

    public void Prepare(RoundSpec spec)
    {
        var (round, earlier) = (_open!, _training);
        _training = Task.WhenAll(earlier, background.Start("making the update", round, NoUpdate, async cancellation =>
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
            .Select(s => Taken(channels.SeedForSlot(s.Slot, spec, leaders!, effect.Nonce))).ToArray();
        if (keeper is { } slot)
        {
            _handover.Begin(round, slot, NoUpdate, (receiver, cancellation) => PrepareAsync(update, seeds, receiver.Value.ToString(), cancellation));
            return;
        }

        background.Start("sending the vector", round, NoUpdate, async cancellation =>
        {
            await PrepareAsync(update, seeds, RecordNote.Coordinator, cancellation);
            var key = new VectorKey { Round = spec.Round.Value, Kind = spec.Layout == Layout.Plain ? VectorKind.Plain : VectorKind.Masked };
            await _streams.SubmitAsync(key, update.Words, update.Lanes, Field.Of(effect.Nonce.Hash), cancellation);
            return new NodeInput.VectorSubmitted(spec.Round);
        });
    }

    /// <summary>
    /// Gives the present holder of a slot what its earlier one has: the seed, or, where the slot keeps the whole vector, that again if it was on its
    /// way. Returns the frame to send; null when it goes ahead of the vector, or nowhere.
    /// </summary>
    public (NodeId Receiver, PeerFrame Frame)? Reseal(NodeEffect.Reseal effect)
    {
        bool keeps = Keeps(effect.Spec, effect.Announced, effect.Slot, effect.Nonce);
        byte[] seed = keeps ? [] : channels.SeedForSlot(effect.Slot, effect.Spec, effect.Announced, effect.Nonce);
        byte[] content = SeedContents.ToBytes(effect.Nonce, seed);
        CryptographicOperations.ZeroMemory(seed);
        var message = channels.SealToHolder(effect.Slot, SealedKind.Seed, effect.Spec.Round, default, content);
        CryptographicOperations.ZeroMemory(content);
        if (message is not { } first || !keeps || !effect.Vector)
        {
            return message;
        }

        var (spec, update) = (effect.Spec, _open!.Update!);
        _handover.Again(_open, effect.Slot, NoUpdate, first, receiver => options.Record?.Require(NoteOf(spec, update, receiver.Value.ToString())));
        return null;
    }

    /// <summary>The holder of a slot has confirmed its keys.</summary>
    public void Confirm(Slot slot) => _open?.Delivery?.Confirm(slot);

    /// <summary>Sends a message behind the vector if its receiver is getting one; false otherwise.</summary>
    public bool TrySendBehind(Slot slot, SealedKind kind, byte[] content) => _handover.TrySendBehind(_open, slot, kind, content);

    /// <summary>Rotating: takes a piece of a party's vector; true when it was the last.</summary>
    /// <exception cref="WireFormatException">It does not continue the party's vector.</exception>
    public bool TakePiece(NodeId party, Round round, VectorPiece piece)
    {
        var assembly = (_open?.Spec.Round == round ? _open.AssemblyOf(party) : null)
            ?? throw new WireFormatException($"There is no vector to take from that node in round {round}.");
        assembly.Append(piece);
        return assembly.IsComplete;
    }

    /// <summary>
    /// Takes what a party gives this node, a new holder: the seed of its mask, or none where this node is to keep its vector. The seed is cleared.
    /// </summary>
    /// <exception cref="WireFormatException">It has no place here, or the party has given something else before.</exception>
    public void TakeSeed(NodeId party, SealContext context, Nonce nonce, Memory<byte> seed)
    {
        try
        {
            if (_open?.Spec is not { } spec || spec.Round != context.Round || channels.Leaders is not { } leaders
                || seed.IsEmpty != Keeps(spec, leaders, context.Slot, nonce) || !_open.TryReseal(party, nonce, seed.Span))
            {
                throw new WireFormatException($"There is no such seed to take from that node in round {context.Round}.");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed.Span);
        }
    }

    /// <summary>Derives and keeps the seed of a party's mask; a vector that this leader itself will keep has none for it.</summary>
    public void Hold(NodeEffect.HoldMask effect)
    {
        if (!Keeps(effect.Spec, effect.Leaders, effect.Slot, effect.Nonce))
        {
            _open!.Hold(effect.Party, effect.Nonce, Taken(channels.SeedOfParty(effect.Party, effect.Spec, effect.Leaders, effect.Nonce)));
        }
    }

    /// <summary>A_j: the masks of B, and in the rotating layout the vectors that this leader keeps.</summary>
    public void Release(NodeEffect.ReleaseSum effect)
    {
        // Asked again while it is under way, there is nothing more to do.
        if (!_summing.IsCompleted)
        {
            return;
        }

        var (spec, round, leaders) = (effect.Spec, _open!, effect.Leaders);
        var byKeeping = effect.Parties.ToLookup(p => Keeps(spec, leaders, effect.Slot, p.Nonce));
        var kept = byKeeping[true].Select(p => round.AssemblyOf(p.Party)!).ToArray();
        var masks = byKeeping[false].Select(p => round.MaskOf(p.Party, p.Nonce)).ToArray();
        _summing = background.Start("summing", round, (number, reason) => new NodeInput.SumFailed(number, reason), async cancellation =>
        {
            var (sum, lanes) = await HeavyWork.RunAsync(() => SumOf(spec, masks, kept), cancellation);
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
        (_open, _summing) = (null, Task.CompletedTask);
    }

    /// <summary>
    /// Ends with the connection. Of the round that this node may still be asked to sum, what that takes is returned; everything else is cleared.
    /// </summary>
    public async Task<OpenRound?> EndAsync(Round? agreed)
    {
        if (_open?.Spec.Round != agreed)
        {
            await DisposeAsync();
            return null;
        }

        var kept = _open is null ? null : await _open.HandOnAsync();
        _open = null;
        await DisposeAsync();
        return kept;
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

    private static MaskSeed Taken(byte[] seed)
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

    private static (RingVector Sum, RingVector Lanes) SumOf(RoundSpec spec, MaskSeed[] masks, VectorAssembly[] kept)
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

        return (sum, lanes);
    }

    /// <summary>Masks the vector. The round counts, and the vector is written down, before its first byte leaves; where that fails, none does.</summary>
    private async Task PrepareAsync(PreparedUpdate update, MaskSeed[] seeds, string to, CancellationToken cancellation)
    {
        try
        {
            await HeavyWork.RunAsync(() => update.MaskOnce(seeds), cancellation);
        }
        finally
        {
            Clear(seeds);
        }

        options.Owner?.Budget?.Take();
        if (options.Record is { } record)
        {
            record.Require(await HeavyWork.RunAsync(() => NoteOf(update.Spec, update, to), cancellation));
        }
    }

    private static RecordNote NoteOf(RoundSpec spec, PreparedUpdate update, string to)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(update.Words.Span);
        hash.AppendData(update.Lanes.Span);
        return RecordNote.Vector(spec, to, update.Words.Length + update.Lanes.Length, new Hash256(hash.GetHashAndReset()));
    }

    private static NodeInput.UpdateFailed NoUpdate(Round round, string reason) => new(round, reason);
}
