using System.Security.Cryptography;

namespace DemoFl.Channels;

/// <summary>
/// The ratchet: the chain keys of the rounds that are still open, oldest first. It only ever moves forward. Keys lie in pinned
/// memory, so that the garbage collector leaves no copies behind when it compacts, and are cleared when their round closes.
/// </summary>
internal sealed class RoundKeys : IDisposable
{
    private readonly List<byte[]> _open = [];

    /// <param name="firstRound">The round of <paramref name="chainKey"/>, the oldest one there will be.</param>
    /// <param name="chainKey">32 bytes; copied.</param>
    public RoundKeys(ulong firstRound, ReadOnlySpan<byte> chainKey)
    {
        Oldest = firstRound;
        byte[] first = NewKey();
        chainKey.CopyTo(first);
        _open.Add(first);
    }

    /// <summary>The oldest round whose key still exists.</summary>
    public ulong Oldest { get; private set; }

    /// <summary>The arrays themselves, so that a test can see them cleared.</summary>
    internal IReadOnlyList<byte[]> Held => _open;

    private ulong Newest => Oldest + (ulong)_open.Count - 1;

    /// <summary>Whether the key of <paramref name="round"/> was erased.</summary>
    public bool IsClosed(ulong round) => round < Oldest;

    /// <summary>Whether <paramref name="round"/> lies more than <see cref="PairChannel.MaxSkippedRounds"/> past the oldest round.</summary>
    public bool IsTooFarAhead(ulong round) => round > Oldest && round - Oldest > PairChannel.MaxSkippedRounds;

    /// <summary>Copies the chain key of a round in reach, deriving a later one without keeping it.</summary>
    public void CopyTo(ulong round, Span<byte> chainKey)
    {
        if (round <= Newest)
        {
            _open[(int)(round - Oldest)].CopyTo(chainKey);
            return;
        }

        _open[^1].CopyTo(chainKey);
        for (ulong at = Newest; at < round; at++)
        {
            KeySchedule.Step(chainKey, chainKey);
        }
    }

    /// <summary>Derives and keeps the keys of all rounds up to a round in reach. Earlier keys stay until they are closed.</summary>
    public void AdvanceTo(ulong round)
    {
        while (Newest < round)
        {
            byte[] next = NewKey();
            KeySchedule.Step(_open[^1], next);
            _open.Add(next);
        }
    }

    /// <summary>Clears the keys of every round up to and including <paramref name="round"/>, which must be in reach.</summary>
    public void Close(ulong round)
    {
        AdvanceTo(round + 1);
        int closing = (int)(round - Oldest) + 1;
        foreach (byte[] key in _open.Take(closing))
        {
            CryptographicOperations.ZeroMemory(key);
        }

        _open.RemoveRange(0, closing);
        Oldest = round + 1;
    }

    /// <summary>Clears all keys.</summary>
    public void Dispose()
    {
        foreach (byte[] key in _open)
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] NewKey() => GC.AllocateArray<byte>(KeySchedule.KeySize, pinned: true);
}
