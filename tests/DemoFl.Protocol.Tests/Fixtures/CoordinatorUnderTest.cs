using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests;

/// <summary>The coordinator's machine and a way to bring it where a case begins.</summary>
internal sealed class CoordinatorUnderTest(CoordinatorRules rules, CoordinatorProgress? progress = null, ulong entropy = 1)
{
    public static readonly RoundTotals Totals = new(1, 0, 0.5, 1, 1);

    public CoordinatorMachine Machine { get; } = new(
        rules, progress ?? new CoordinatorProgress(default, default, 0, Some.Hash("model"), 0.5), entropy);

    public TimeSpan Now { get; private set; }

    public RoundSpec Spec { get; private set; } = null!;

    /// <summary>The attempt at closing the open round that is under way.</summary>
    public Attempt Attempt { get; private set; } = Attempt.First;

    public LeaderSet Leaders => Machine.Leaders!;

    public List<CoordinatorEffect> Step(CoordinatorInput input)
    {
        var effects = new List<CoordinatorEffect>();
        Machine.Step(input, Now, effects);
        if (effects.Messages<ServerMessage.RoundOpened>().LastOrDefault() is { } opened)
        {
            (Spec, Attempt) = (opened.Spec, Attempt.First);
        }

        Attempt = effects.Messages<ServerMessage.HoldingsAsked>().LastOrDefault()?.Attempt ?? Attempt;
        return effects;
    }

    /// <summary>Waits for the machine's deadline and ticks.</summary>
    public List<CoordinatorEffect> PassDeadline()
    {
        Now = Machine.NextDeadline!.Value;
        return Step(new CoordinatorInput.Tick());
    }

    /// <summary>Lets time pass without a tick.</summary>
    public void Wait(TimeSpan span) => Now += span;

    public List<CoordinatorEffect> Tick() => Step(new CoordinatorInput.Tick());

    public List<CoordinatorEffect> Arrive(int node, int? incarnation = null, bool canLead = true) =>
        Step(new CoordinatorInput.NodeArrived(Some.Node(node), $"node-{node:00}", Some.Incarnation(incarnation ?? node), canLead));

    public List<CoordinatorEffect> ArriveAll(int count) => [.. Enumerable.Range(0, count).SelectMany(i => Arrive(i))];

    public List<CoordinatorEffect> Depart(int node, int? incarnation = null) =>
        Step(new CoordinatorInput.NodeDeparted(Some.Node(node), Some.Incarnation(incarnation ?? node)));

    public List<CoordinatorEffect> Say(int node, NodeMessage message) => Step(new CoordinatorInput.NodeSaid(Some.Node(node), message));

    public List<CoordinatorEffect> Recommend(int node, ulong? term = null) =>
        Say(node, new NodeMessage.Recommendation(term is { } t ? new Term(t) : Machine.Term));

    public List<CoordinatorEffect> Offer(int node) => Say(node, new NodeMessage.OfferMade(Some.Offer(Leaders.SeatOf(Some.Node(node))!, Machine.Round.Next)));

    public List<CoordinatorEffect> Keyed(int node) => Say(node, new NodeMessage.KeysEstablished(Machine.Term));

    public List<CoordinatorEffect> Upload(int party, int? nonce = null, Round? round = null) =>
        Step(new CoordinatorInput.VectorReceived(Some.Node(party), round ?? Spec.Round, Some.Nonce(nonce ?? party).Hash));

    public List<CoordinatorEffect> Hold(int leader, params int[] parties) =>
        Say(leader, new NodeMessage.HoldingsReported(Spec.Round, Attempt, [.. parties.Select(Some.Node)]));

    public List<CoordinatorEffect> Digests(int leader, params int[] parties) => Digests(leader, Some.Parties(parties).Digest);

    public List<CoordinatorEffect> Digests(int leader, Hash256 intersection)
    {
        var digest = new RoundDigest(Some.Run, Leaders.Term, Spec.Round, Attempt, Spec.Digest, Leaders.Digest, intersection);
        ImmutableArray<SignedDigest> all = [.. Leaders.Seats.Select(s => new SignedDigest(s.Slot, digest, default))];
        return Say(leader, new NodeMessage.DigestsReported(Spec.Round, Attempt, all));
    }

    public List<CoordinatorEffect> Sum(int leader) => Step(new CoordinatorInput.SumReceived(Some.Node(leader), Spec.Round, Attempt));

    public List<CoordinatorEffect> ClosingPrepared() => Step(new CoordinatorInput.ClosingPrepared(Spec.Round, Attempt));

    public List<CoordinatorEffect> CommitDone() => Step(new CoordinatorInput.CommitDone(Spec.Round, Some.Hash("next model"), 0.25, Totals));

    /// <summary>
    /// Nodes 0 to <paramref name="nodes"/> - 1 present, the first N_l of them seated in slots 0 to N_l - 1, and everyone keyed: round 1 is open.
    /// </summary>
    public List<CoordinatorEffect> ToUploading(int nodes = 4)
    {
        ArriveAll(nodes);
        return Seat(nodes);
    }

    /// <summary>The open round's deadline passes with too few vectors, and the next one opens under leaders elected anew.</summary>
    public List<CoordinatorEffect> AbortRound()
    {
        var effects = PassDeadline();
        if (Machine.Phase == CoordinatorPhase.Electing)
        {
            Seat(4);
        }

        return effects;
    }

    /// <summary>Everyone has uploaded.</summary>
    public List<CoordinatorEffect> ToIntersecting(int nodes = 4)
    {
        ToUploading(nodes);
        return UploadAll();
    }

    /// <summary>All leaders hold everyone.</summary>
    public List<CoordinatorEffect> ToAgreeing(int nodes = 4)
    {
        ToIntersecting(nodes);
        return HoldAll();
    }

    public List<CoordinatorEffect> ToClosing(int nodes = 4)
    {
        ToAgreeing(nodes);
        return DigestAll();
    }

    public List<CoordinatorEffect> ToReleasing(int nodes = 4)
    {
        ToClosing(nodes);
        return ClosingPrepared();
    }

    public List<CoordinatorEffect> ToCommitting(int nodes = 4)
    {
        ToReleasing(nodes);
        return SumAll();
    }

    /// <summary>From an open round to its commit, with everyone in it.</summary>
    public List<CoordinatorEffect> CommitOpenRound()
    {
        UploadAll();
        return CommitUploaded();
    }

    /// <summary>From the leaders' reports to the commit, with everyone in it.</summary>
    public List<CoordinatorEffect> CommitUploaded()
    {
        HoldAll();
        DigestAll();
        ClosingPrepared();
        SumAll();
        return CommitDone();
    }

    /// <summary>All but one of these leaders answer their beats.</summary>
    public void Answer(Dictionary<int, ulong> beats, int? except = null)
    {
        foreach (var (leader, number) in beats.Where(b => b.Key != except))
        {
            Assert.Empty(Say(leader, new NodeMessage.BeatAnswered(number)));
        }
    }

    public List<CoordinatorEffect> UploadAll() => [.. Parties.SelectMany(p => Upload(p))];

    public List<CoordinatorEffect> HoldAll() => [.. Holders.SelectMany(h => Hold(h, Parties))];

    public List<CoordinatorEffect> DigestAll() => [.. Holders.SelectMany(h => Digests(h, Parties))];

    public List<CoordinatorEffect> SumAll() => [.. Holders.SelectMany(Sum)];

    /// <summary>The numbers of the parties selected.</summary>
    public int[] Parties => [.. Spec.Participants.Select(Some.NumberOf)];

    /// <summary>The numbers of the leaders, in slot order.</summary>
    public int[] Holders => [.. Leaders.Seats.Select(s => Some.NumberOf(s.Holder))];

    /// <summary>The first nodes win an election, and everyone agrees keys with them.</summary>
    private List<CoordinatorEffect> Seat(int nodes)
    {
        Enumerable.Range(0, rules.EffectiveLeaders).ToList().ForEach(i => Recommend(i));
        Enumerable.Range(0, rules.EffectiveLeaders).ToList().ForEach(i => Offer(i));
        return [.. Enumerable.Range(0, nodes).SelectMany(Keyed)];
    }
}
