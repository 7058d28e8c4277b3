using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.Sharing.Paper;

namespace DemoFl.Cli.Attack;

/// <summary>
/// What an adversary has of one round, as vectors of d numbers. Conceded is what the promise gives away to anybody in its place: W_t, the honest
/// parties' sum, and the corrupt nodes' own updates. Seen is everything else, but the lanes: five counts, masked in the same way.
/// </summary>
internal sealed record AdversaryView(IReadOnlyList<float[]> Conceded, IReadOnlyList<float[]> Seen)
{
    /// <summary>
    /// The coordinator with the holders of some slots (promise P4), in either layout: all vectors and sums that reached the coordinator, each
    /// corrupt leader's share of every party, and the corrupt nodes' own shares.
    /// </summary>
    /// <remarks>
    /// Shares add up in the ring and not in the real numbers, so the adversary also has what it can compute there: the total of all that it holds
    /// of each party, what is left of each leader's sum without the corrupt nodes' part, and the victim's total plus and minus each of these and
    /// of its shares. A mask used for two parties, or in two slots, would show in the latter.
    /// </remarks>
    public static AdversaryView OfCoordinator(AttackedRound round, IReadOnlyCollection<int> corruptSlots, Participant victim)
    {
        var holders = round.Holders;
        var corrupt = corruptSlots.Select(slot => holders[slot]).ToArray();
        var honest = round.Parties.Except(corrupt).ToArray();
        RingVector[][] shares = [.. honest.Select(p => SharesOf(round, p, corrupt))];
        RingVector[] totals = [.. shares.Select(s => Rings.Sum(round.Spec, s))];
        RingVector[] sums = [.. holders.Select((_, slot) => round.Sums[new Slot(slot)])];
        RingVector[] rests = [.. sums.Zip(holders, (sum, h) => Without(sum, corrupt.Select(c => h.ShareOf(c.Id))))];
        var own = corrupt.SelectMany(c => holders.Select(h => h.ShareOf(c.Id)));

        int target = Array.IndexOf(honest, victim);
        RingVector[] beside = [.. totals.Where((_, i) => i != target), .. rests, .. shares[target]];
        var combined = beside.SelectMany(r => new[] { Rings.Sum(round.Spec, [totals[target], r]), Without(totals[target], [r]) });
        RingVector[] seen = [.. sums, .. shares.SelectMany(s => s), .. own, .. totals, .. rests, .. combined];
        return new AdversaryView(ConcededBy(round, honest, corrupt), [.. seen.Select(Rings.ToReal)]);
    }

    /// <summary>The most vectors that a view of <see cref="OfCoordinator"/> has with so many leaders: those of all of them in the layout masked.</summary>
    public static int MostVectors(int leaders)
    {
        const int Honest = AttackScene.OtherParties;
        var (sums, shares, own) = (leaders, Honest * (leaders + 1), leaders * leaders);
        int beside = Honest - 1 + leaders + leaders + 1;
        return sums + shares + own + Honest + leaders + (2 * beside);
    }

    /// <summary>One leader alone under the papers' Algorithm 1: its share of every honest party, of the same updates.</summary>
    public static AdversaryView OfPaperLeader(AttackedRound round, IRoundingSource random)
    {
        Participant[] corrupt = [round.Holders[0]];
        var honest = round.Parties.Except(corrupt).ToArray();
        var shares = honest.Select(party => ScalarSplit.Split(party.Update!.Delta, round.Holders.Count, random)[0]);
        return new AdversaryView(ConcededBy(round, honest, corrupt), [.. shares]);
    }

    /// <summary>What the coordinator and the corrupt leaders hold of a party.</summary>
    private static RingVector[] SharesOf(AttackedRound round, Participant party, IEnumerable<Participant> corrupt)
    {
        var held = corrupt.Select(c => c.ShareOf(party.Id));
        return round.Uploads.TryGetValue(party.Id, out var upload) ? [upload, .. held] : [.. held];
    }

    private static RingVector Without(RingVector vector, IEnumerable<RingVector> others)
    {
        var rest = Rings.Copy(vector);
        foreach (var other in others)
        {
            rest.Subtract(other);
        }

        return rest;
    }

    private static float[][] ConcededBy(AttackedRound round, IEnumerable<Participant> honest, IEnumerable<Participant> corrupt)
    {
        var sum = Rings.Sum(round.Spec, honest.Select(p => p.Update!.Encoded));
        return [round.Start, Rings.ToReal(sum), .. corrupt.Select(c => Rings.ToReal(c.Update!.Encoded))];
    }
}
