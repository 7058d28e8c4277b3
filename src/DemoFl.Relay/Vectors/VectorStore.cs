using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.Wire;

namespace DemoFl.Relay.Vectors;

/// <summary>
/// The vectors of the open round: what parties upload and, once asked for, what leaders release. Nothing is accepted that the
/// coordinator's machine did not open. What the memory budget does not hold lies in a spill file, one a round. Thread-safe.
/// </summary>
internal sealed class VectorStore(long memoryBudgetBytes, string spillFolder) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MemoryBudget _budget = new(memoryBudgetBytes);
    private OpenRound? _open;

    public void Open(RoundSpec spec)
    {
        lock (_gate)
        {
            _open?.Dispose();
            _open = new OpenRound(spec, new RoundSpace(_budget, Path.Combine(spillFolder, $"round-{spec.Round}.bin")));
        }
    }

    public void AcceptSums(Round round, Attempt attempt, LeaderSet leaders)
    {
        lock (_gate)
        {
            if (_open?.Spec.Round == round)
            {
                _open.Sums.Clear();
                _open.Releasing = (attempt, leaders);
            }
        }
    }

    /// <summary>
    /// Accepts nothing more for the round. Its vectors can still be read until the caller, who knows when nobody does any more, disposes
    /// what is returned; null when the round is not open.
    /// </summary>
    public IDisposable? Close(Round round)
    {
        lock (_gate)
        {
            if (_open?.Spec.Round != round)
            {
                return null;
            }

            var closed = _open;
            _open = null;
            return closed;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _open?.Dispose();
            _open = null;
        }
    }

    /// <summary>The vector to write to, made at its first header; refuses by exception whatever has no place.</summary>
    /// <exception cref="WireFormatException">The header does not fit the round.</exception>
    /// <exception cref="VectorRefusedException">The sender has no vector to send here and now.</exception>
    public ReceivedVector Accept(NodeId sender, V1.VectorHeader header)
    {
        var key = Field.Present(header.Key, "header.key");
        lock (_gate)
        {
            var open = OpenFor(sender, key);
            int byteLength = open.ByteLength;
            if (header.ByteLength != (ulong)byteLength)
            {
                throw new WireFormatException($"header.byte_length is {header.ByteLength}; a vector of this round has {byteLength} bytes.");
            }

            if (header.Lanes.Length != Lanes.Count * sizeof(ulong))
            {
                throw new WireFormatException($"header.lanes has {header.Lanes.Length} bytes, not {Lanes.Count * sizeof(ulong)}.");
            }

            bool isSum = key.Kind == V1.VectorKind.Sum;
            var nonceHash = isSum ? default : Field.Hash(header.NonceHash, "header.nonce_hash");
            var vectors = isSum ? open.Sums : open.Uploads;
            if (!vectors.TryGetValue(sender, out var vector))
            {
                vectors[sender] = vector = new ReceivedVector(open.Space.Allocate(byteLength), header.Lanes.ToByteArray(), nonceHash);
            }

            return vector.Matches(header.Lanes.Span, nonceHash)
                ? vector
                : throw new VectorRefusedException("The vector differs from the one begun before; one party sends one vector a round.");
        }
    }

    /// <summary>How much of a vector is here already.</summary>
    public int Progress(NodeId sender, V1.VectorKey key)
    {
        lock (_gate)
        {
            var open = OpenFor(sender, key);
            var vectors = key.Kind == V1.VectorKind.Sum ? open.Sums : open.Uploads;
            return vectors.GetValueOrDefault(sender)?.Received ?? 0;
        }
    }

    /// <summary>The complete vectors of B, in the order of B; none in the rotating layout, whose vectors go to the leaders.</summary>
    public IReadOnlyList<ReceivedVector> UploadsOf(Round round, PartySet parties)
    {
        lock (_gate)
        {
            var open = Require(round);
            return open.Spec.Layout == Layout.Rotating ? [] : [.. parties.Contributions.Select(c => open.Uploads[c.Party])];
        }
    }

    /// <summary>The complete sums of the leaders.</summary>
    public IReadOnlyList<ReceivedVector> SumsOf(Round round)
    {
        lock (_gate)
        {
            return [.. Require(round).Sums.Values];
        }
    }

    private OpenRound Require(Round round) =>
        _open?.Spec.Round == round ? _open : throw new InvalidOperationException($"Round {round} is not open.");

    private OpenRound OpenFor(NodeId sender, V1.VectorKey key)
    {
        if (_open is null || _open.Spec.Round.Value != key.Round)
        {
            throw new VectorRefusedException($"Round {key.Round} is not open.");
        }

        bool admitted = key.Kind switch
        {
            V1.VectorKind.Masked => _open.Spec.Layout == Layout.Masked && _open.Participants.Contains(sender),
            V1.VectorKind.Plain => _open.Spec.Layout == Layout.Plain && _open.Participants.Contains(sender),
            V1.VectorKind.Sum => _open.Releasing is { } releasing && releasing.Attempt.Number == key.Attempt && releasing.Leaders.SeatOf(sender) is not null,
            _ => false,
        };
        return admitted ? _open : throw new VectorRefusedException($"Node {sender} has no {key.Kind} vector to send in round {key.Round}.");
    }

    private sealed class OpenRound(RoundSpec spec, RoundSpace space) : IDisposable
    {
        public RoundSpec Spec => spec;

        public RoundSpace Space => space;

        public HashSet<NodeId> Participants { get; } = [.. spec.Participants];

        public Dictionary<NodeId, ReceivedVector> Uploads { get; } = [];

        public Dictionary<NodeId, ReceivedVector> Sums { get; } = [];

        public (Attempt Attempt, LeaderSet Leaders)? Releasing { get; set; }

        public int ByteLength => checked(spec.Training.Dimension * (spec.Layout == Layout.Plain ? sizeof(float) : spec.Encoding.RingBits / 8));

        public void Dispose() => space.Dispose();
    }
}
