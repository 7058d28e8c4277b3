using DemoFl.Protocol;

namespace DemoFl.Node.Sealing;

/// <summary>
/// A node's channels as a party: one to the present holder of each slot, and, until the open round closes, those to holders that were replaced in
/// it. From the latter seeds are derived and nothing else. Not thread-safe.
/// </summary>
internal sealed class SlotChannels : IDisposable
{
    private readonly SortedDictionary<int, PeerChannel> _present = [];
    private readonly SortedDictionary<int, (Seat Seat, PeerChannel Channel)> _aside = [];
    private LeaderSet? _leaders;

    public PeerChannel? Find(Slot slot) => _present.GetValueOrDefault(slot.Index);

    public void Add(PeerChannel channel) => _present.Add(channel.Slot.Index, channel);

    /// <summary>The channel with who held a slot in <paramref name="leaders"/>, were it replaced since or not.</summary>
    public PeerChannel? Find(Slot slot, LeaderSet leaders)
    {
        var seat = SeatAt(leaders, slot);
        return SeatAt(_leaders, slot) == seat ? Find(slot)
            : _aside.TryGetValue(slot.Index, out var aside) && aside.Seat == seat ? aside.Channel
            : null;
    }

    /// <summary>Keeps the channels of seats that stay as they are.</summary>
    public void Seat(LeaderSet leaders, bool roundIsOpen)
    {
        foreach (var channel in _present.Values.ToArray())
        {
            var seat = SeatAt(_leaders, channel.Slot)!;
            if (seat != SeatAt(leaders, channel.Slot))
            {
                _present.Remove(channel.Slot.Index);
                SetAside(seat, channel, roundIsOpen);
            }
        }

        _leaders = leaders;
    }

    public void CloseRound(Round round)
    {
        foreach (var channel in _present.Values.Where(c => !c.Close(round)).ToArray())
        {
            channel.Dispose();
            _present.Remove(channel.Slot.Index);
        }

        EraseAside();
    }

    public void Dispose()
    {
        foreach (var channel in _present.Values)
        {
            channel.Dispose();
        }

        _present.Clear();
        EraseAside();
    }

    private static Seat? SeatAt(LeaderSet? leaders, Slot slot) =>
        leaders is not null && slot.Index < leaders.Seats.Length ? leaders.Seats[slot.Index] : null;

    /// <summary>A slot that is filled anew twice in one round keeps the channel of its first holder: to that one this party may have announced.</summary>
    private void SetAside(Seat seat, PeerChannel channel, bool roundIsOpen)
    {
        if (!roundIsOpen || !_aside.TryAdd(seat.Slot.Index, (seat, channel)))
        {
            channel.Dispose();
        }
    }

    private void EraseAside()
    {
        foreach (var (_, channel) in _aside.Values)
        {
            channel.Dispose();
        }

        _aside.Clear();
    }
}
