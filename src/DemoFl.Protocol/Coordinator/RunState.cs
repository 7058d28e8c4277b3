namespace DemoFl.Protocol;

/// <summary>How far a run has come, and what its next round is: the numbers that the journal keeps.</summary>
internal sealed class RunState(CoordinatorRules rules, CoordinatorProgress progress)
{
    private Hash256 _modelHash = progress.ModelHash;
    private double _clip = progress.Clip;
    private int _consecutiveAborts;

    public Round LastRound { get; private set; } = progress.LastRound;

    public int CommittedRounds { get; private set; } = progress.CommittedRounds;

    /// <summary>How the run ends, once it has nothing more to do or no hope.</summary>
    public (bool Succeeded, string Reason)? Outcome { get; private set; } = Done(rules, progress.CommittedRounds, progress.Judged);

    /// <summary>As many as leave a value 8 bits in the ring (DESIGN section 6), and as fit one message.</summary>
    private int MostParties => rules.Layout == Layout.Plain
        ? RoundSpec.MaxParticipants
        : (int)Math.Min(RoundSpec.MaxParticipants, 1L << Math.Min(62, rules.Encoding.RingBits - RoundSpec.MinValueBits));

    /// <summary>Uses up a round number and draws its parties.</summary>
    public RoundSpec OpenNext(IReadOnlyList<Member> eligible)
    {
        LastRound = LastRound.Next;

        // A draw of its own per round: a resumed run selects what an uninterrupted one would have.
        var draw = new SplitMix64(rules.Training.Seed ^ (LastRound.Value * 0x9E3779B97F4A7C15));
        var stage = rules.StageAfter(CommittedRounds);
        var selected = draw.Draw(eligible, CountOf(eligible.Count, stage)).Select(m => m.Node).OrderBy(n => n.Value);

        // A statistic is taken as it is: a server optimiser would make a fraction of it.
        var training = stage == TrainingStage.Training ? rules.Training : rules.Training with { Stage = stage, Server = default };
        return new RoundSpec(
            rules.Run, LastRound, _modelHash, rules.Layout, StatisticsEncoding.Of(rules.Encoding with { Clip = _clip }, stage), training, [.. selected],
            rules.KMin, rules.UploadDeadline, rules.CloseDeadline);
    }

    /// <summary>A statistic is everyone's, and its ring is wide enough for all that fit one message.</summary>
    private int CountOf(int eligible, TrainingStage stage)
    {
        if (stage != TrainingStage.Training)
        {
            return Math.Min(eligible, RoundSpec.MaxParticipants);
        }

        int most = Math.Min(eligible, MostParties);
        return Math.Clamp((int)Math.Ceiling(eligible * rules.Fraction), Math.Min(rules.KMin, most), most);
    }

    /// <summary>Takes a round that ended into account and tells everybody.</summary>
    public void Conclude(CoordinatorRound round, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (round.Commit is { } commit)
        {
            Committed(round, commit, now, effects);
        }
        else
        {
            Aborted(round.Spec.Round, round.AbortReason!, effects);
        }

        effects.Add(new CoordinatorEffect.DiscardRound(round.Spec.Round));
    }

    private void Committed(CoordinatorRound round, CoordinatorInput.CommitDone commit, TimeSpan now, List<CoordinatorEffect> effects)
    {
        _consecutiveAborts = 0;
        CommittedRounds++;
        (_modelHash, _clip) = (commit.ModelHash, commit.NextClip);
        var (parties, stage) = (round.IntersectionCount, round.Spec.Training.Stage);
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Committed(
            commit.Round, round.Spec.Participants.Length, parties, commit.Totals, round.Age(now), stage)));
        if (stage != TrainingStage.Training && commit.Totals.Clipped > 0)
        {
            effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.StatisticsClipped(commit.Round, stage, commit.Totals.Clipped, round.Spec.Encoding.Clip)));
        }

        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.RoundCommitted(commit.Round, commit.ModelHash, parties, commit.Totals)));
        Outcome = Done(rules, CommittedRounds, commit.Judged ?? Judgement.OfParties(commit.Totals));
    }

    private static (bool Succeeded, string Reason)? Done(CoordinatorRules rules, int committed, Judgement? judged)
    {
        int trained = committed - rules.StatisticsRounds;
        string rounds = $"{trained} rounds committed";
        return trained > 0 && judged is { } value && rules.Target?.ReachedBy(value) is { } reached ? (true, $"{rounds}, {reached}")
            : trained >= rules.Rounds ? (true, rounds)
            : null;
    }

    private void Aborted(Round round, string reason, List<CoordinatorEffect> effects)
    {
        effects.Add(new CoordinatorEffect.Journal(new JournalEntry.RoundAborted(round, reason)));
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Aborted(round, reason)));
        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.RoundAborted(round, reason)));
        if (++_consecutiveAborts >= rules.MaxConsecutiveAborts)
        {
            Outcome = (false, $"{_consecutiveAborts} rounds in a row were aborted, the last because {reason}");
        }
    }
}
