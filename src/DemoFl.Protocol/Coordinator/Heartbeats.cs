using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// The coordinator's watch over the leaders: a beat to each every t_h, and a probe of one that parties report. Who leaves
/// <see cref="LeaderCare.MissedBeats"/> in a row unanswered, or a probe for t_h, is silent. A coordinator that itself overslept blames nobody for it.
/// </summary>
internal sealed class Heartbeats(LeaderCare care)
{
    private readonly Dictionary<Seat, Pulse> _pulses = [];
    private ulong _number;
    private TimeSpan? _next;

    /// <summary>When the next beat, or the end of a probe, is due.</summary>
    public TimeSpan? Deadline => _pulses.Values.Select(p => p.ProbeEnds).Append(_next).Min();

    /// <summary>From now on these are watched; who was watched before keeps its count.</summary>
    public void Watch(LeaderSet? leaders, TimeSpan now)
    {
        foreach (var gone in _pulses.Keys.Where(s => leaders?.Seats.Contains(s) != true).ToArray())
        {
            _pulses.Remove(gone);
        }

        foreach (var seat in leaders?.Seats ?? [])
        {
            _pulses.TryAdd(seat, new Pulse());
        }

        _next = leaders is null ? null : _next ?? (now + care.Heartbeat);
    }

    /// <summary>Time has passed: sends the beats that are due and returns who is silent, with the reason.</summary>
    public ImmutableArray<(Seat Seat, string Reason)> Advance(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_next is not { } due || Deadline > now)
        {
            return [];
        }

        if (now - due > care.Heartbeat)
        {
            foreach (var pulse in _pulses.Values)
            {
                pulse.Reset();
            }
        }

        var silent = ImmutableArray.CreateBuilder<(Seat, string)>();
        foreach (var (seat, pulse) in _pulses.OrderBy(p => p.Key.Slot.Index))
        {
            if (pulse.ProbeEnds <= now)
            {
                pulse.ProbeEnds = null;
                silent.Add((seat, "parties get no answer from it, and neither does the coordinator"));
            }
            else if (due <= now && pulse.Miss() >= care.MissedBeats)
            {
                silent.Add((seat, $"it left {care.MissedBeats} heartbeats unanswered"));
            }
            else if (due <= now)
            {
                Beat(seat, pulse, effects);
                pulse.InTurn = pulse.Sent;
            }
        }

        _next = due <= now ? now + care.Heartbeat : _next;
        return silent.ToImmutable();
    }

    /// <summary>A party says that this leader is silent: a beat at once, which must be answered within t_h.</summary>
    public void Probe(Seat seat, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_pulses.GetValueOrDefault(seat) is { ProbeEnds: null } pulse)
        {
            Beat(seat, pulse, effects);
            pulse.ProbeEnds = now + care.Heartbeat;
            pulse.ProbedBy = _number;
        }
    }

    public void OnAnswer(Seat seat, ulong number) => _pulses.GetValueOrDefault(seat)?.Answer(number);

    private void Beat(Seat seat, Pulse pulse, List<CoordinatorEffect> effects)
    {
        pulse.Sent = ++_number;
        effects.Add(new CoordinatorEffect.Send(seat.Holder, new ServerMessage.Beat(_number)));
    }

    /// <summary>One leader's beats: the newest sent, the newest answered, and how many in a row were not.</summary>
    private sealed class Pulse
    {
        private ulong _answered;
        private int _missed;

        public ulong Sent { get; set; }

        /// <summary>The newest that was no probe: a probe's answer may still be on its way when the next beat is due.</summary>
        public ulong InTurn { get; set; }

        public TimeSpan? ProbeEnds { get; set; }

        public ulong ProbedBy { get; set; }

        /// <summary>How many beats in a row are unanswered, now that the next is due.</summary>
        public int Miss() => _missed = _answered >= InTurn ? 0 : _missed + 1;

        /// <summary>Any answer shows life, a late one too; only the probe's own, or a later one, ends a probe.</summary>
        public void Answer(ulong number)
        {
            if (number <= _answered || number > Sent)
            {
                return;
            }

            (_answered, _missed) = (number, 0);
            ProbeEnds = number >= ProbedBy ? null : ProbeEnds;
        }

        public void Reset() => (_missed, _answered, ProbeEnds) = (0, Sent, null);
    }
}
