using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Node.Rounds;

/// <summary>
/// Recomputes the public clip rule from the totals of each committed round, so that a server cannot quietly choose a clip range. A node that
/// came late, or that missed a round, starts to follow at the first change, when the count of quiet rounds is known to be zero.
/// </summary>
internal sealed class ClipWatch
{
    private ClipState? _expected;
    private double? _lastClip;
    private Round _last;
    private TrainingStage _lastStage;

    /// <summary>Why a round's clip is not what the rule gives, or null.</summary>
    public string? Objection(RoundSpec spec)
    {
        // The totals of a round that this node did not see may have moved the clip.
        if (spec.Round != _last.Next)
        {
            (_expected, _lastClip) = (null, null);
        }

        // The rule begins with the first training round: at round 1, or behind those that measure columns in an encoding of their own.
        bool first = spec.Round == new Round(1) || (spec.Round == _last.Next && _lastStage != TrainingStage.Training);
        (_last, _lastStage) = (spec.Round, spec.Training.Stage);
        if (_lastStage != TrainingStage.Training)
        {
            return null;
        }

        if (_expected is null && (first || (_lastClip is { } last && last != spec.Encoding.Clip)))
        {
            _expected = new ClipState(spec.Encoding.Clip, 0);
        }

        _lastClip = spec.Encoding.Clip;
        return _expected is { } expected && expected.Clip != spec.Encoding.Clip
            ? $"the clip is {spec.Encoding.Clip}, but the public rule gives {expected.Clip} after the rounds so far"
            : null;
    }

    /// <summary>Takes a committed round's totals.</summary>
    public void Observe(RoundSpec spec, ServerMessage.RoundCommitted commit) => _expected = _expected?.Next(
        commit.Totals.Clipped, commit.Parties, spec.Training.Dimension, new ClipBounds(spec.Encoding.MinClip, spec.Encoding.MaxClip));
}
