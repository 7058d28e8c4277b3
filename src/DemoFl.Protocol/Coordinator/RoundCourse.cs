namespace DemoFl.Protocol;

/// <summary>
/// The open round at the coordinator and what becomes of it when leaders are lost (DESIGN section 7). A round that has a lost leader's sum already goes on
/// without it; else one slot can be filled anew while the round waits, and whatever goes beyond that ends the round.
/// </summary>
internal sealed class RoundCourse(CoordinatorRules rules, LeaderTerm leaders, Membership members, SplitMix64 randomness)
{
    private CoordinatorRound? _round;
    private Reorganisation? _reorganisation;

    public RoundSpec? Spec => _round?.Spec;

    /// <summary>When the host must tick next for the round's sake.</summary>
    public TimeSpan? Deadline => _reorganisation?.Deadline ?? _round?.Deadline;

    /// <summary>The round has all it needs from others; nobody's absence changes it any more.</summary>
    public bool DiskAtWork => _round is { Stage: RoundStage.Committing };

    /// <summary>While a slot is being filled anew, offers, agreements and refusals are about that.</summary>
    public bool IsReorganising => _reorganisation is not null;

    public void Open(RoundSpec spec, TimeSpan now, List<CoordinatorEffect> effects)
    {
        _round = new CoordinatorRound(spec, rules, leaders.Seated, now);
        _round.Open(effects);
    }

    /// <summary>Goes on with the round that an earlier process of the run was closing.</summary>
    public void TakeUp(UnfinishedRound unfinished, TimeSpan now, List<CoordinatorEffect> effects)
    {
        _round = new CoordinatorRound(unfinished, rules, now);
        _round.TakeUp(now, effects);
    }

    /// <summary>A party's word that a leader does not answer it; true for the first about each.</summary>
    public bool Complain(NodeId party, Seat leader) => _round?.Complaints.Add(party, leader) ?? false;

    public void OnSaid(NodeId node, NodeMessage message, List<CoordinatorEffect> effects) => _reorganisation?.OnSaid(node, message, effects);

    public void Step(CoordinatorInput input, TimeSpan now, List<CoordinatorEffect> effects)
    {
        _round?.Step(input, now, effects);
        if (_round is { Stage: not RoundStage.Ended } round)
        {
            LoseLeaders(round, now, effects);
            if (_reorganisation is { } reorganisation)
            {
                Advance(round, reorganisation, timeUp: input is CoordinatorInput.Tick && reorganisation.Deadline <= now, now, effects);
            }
        }
    }

    public void Abort(string reason) => _round?.Abort(reason);

    /// <summary>The round, if it is over; it is open no more then.</summary>
    public CoordinatorRound? TakeEnded()
    {
        if (_round is not { Stage: RoundStage.Ended } ended)
        {
            return null;
        }

        (_round, _reorganisation) = (null, null);
        return ended;
    }

    private void LoseLeaders(CoordinatorRound round, TimeSpan now, List<CoordinatorEffect> effects)
    {
        Seat[] lost = [.. leaders.Lost(members).Select(l => l.Seat)];
        if (lost.All(s => round.HasSumOf(s.Slot)) || (lost is [var known] && known.Slot == _reorganisation?.Slot))
        {
            return;
        }

        if (_reorganisation is not null || lost.Length > 1)
        {
            round.Abort("another leader was lost before the first one's slot was filled");
        }
        else if (!CanFillAnew(round, lost[0]))
        {
            round.Abort("a leader was lost");
        }
        else
        {
            leaders.ReportLost(members, effects);
            round.Pause(now);
            _reorganisation = new Reorganisation(rules, round.Spec, lost[0].Slot, leaders, members, randomness, now);
            _reorganisation.Elect(now, effects);
        }
    }

    private bool CanFillAnew(CoordinatorRound round, Seat lost) =>
        rules.Care.OnLoss == LossPolicy.Reseal && rules.EffectiveLeaders > 1 && round.Replacements < LeaderCare.MaxReplacements && round.CanReorganise
        && Reorganisation.HasCandidate(leaders.Seated!, lost, members);

    private void Advance(CoordinatorRound round, Reorganisation reorganisation, bool timeUp, TimeSpan now, List<CoordinatorEffect> effects)
    {
        reorganisation.Advance(timeUp, now, effects);
        if (reorganisation.Failure is { } failure)
        {
            round.Abort(failure);
        }
        else if (reorganisation.Outcome is { } outcome)
        {
            _reorganisation = null;
            leaders.Adopt(outcome.Leaders, outcome.Offer);
            members.ForgetKeys();
            effects.Add(new CoordinatorEffect.Broadcast(outcome));
            effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Replaced(
                outcome.Round, outcome.Leaders.Term, reorganisation.Slot, outcome.Offer.Offer.Holder, now - reorganisation.StartedAt)));
            round.Resume(outcome.Leaders, now, effects);
        }
    }
}
