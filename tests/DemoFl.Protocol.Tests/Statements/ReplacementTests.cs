using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Statements;

/// <summary>What counts as one slot filled anew, and what is signed about it (DESIGN section 7; promise P3).</summary>
public class ReplacementTests
{
    private const int Sets = 2_000;

    [Fact]
    public void ReplacedIn_OneSlotFilledInAHigherTerm_IsThatSlot()
    {
        var random = new Random(1);
        for (int i = 0; i < Sets; i++)
        {
            var leaders = Drawn(random);
            int slot = random.Next(leaders.Seats.Length);
            ulong term = leaders.Term.Value + (ulong)random.Next(1, 4);
            Assert.Equal(new Slot(slot), leaders.ReplacedIn(Some.Replaced(leaders, slot, holder: 300, term)));
        }
    }

    [Fact]
    public void ReplacedIn_NoneOrSeveralSlotsChanged_IsNone()
    {
        var random = new Random(2);
        for (int i = 0; i < Sets; i++)
        {
            var leaders = Drawn(random);
            var term = leaders.Term.Next;
            Assert.Null(leaders.ReplacedIn(leaders));
            Assert.Null(leaders.ReplacedIn(new LeaderSet(leaders.Run, term, leaders.Seats)));
            int[] slots = [.. Enumerable.Range(0, leaders.Seats.Length).OrderBy(_ => random.Next()).Take(random.Next(2, leaders.Seats.Length + 1))];
            Assert.Null(leaders.ReplacedIn(slots.Aggregate(leaders, (set, slot) => Some.Replaced(set, slot, 300 + slot, term.Value))));
        }
    }

    [Fact]
    public void ReplacedIn_AnotherRunOrLengthOrNoHigherTermOrASeatDatedBack_IsNone()
    {
        var random = new Random(3);
        for (int i = 0; i < Sets; i++)
        {
            var leaders = Drawn(random);
            int slot = random.Next(leaders.Seats.Length);
            var next = Some.Replaced(leaders, slot, holder: 300, leaders.Term.Value + 2);
            var seat = next.Seats[slot];
            Assert.Null(leaders.ReplacedIn(new LeaderSet(new RunId(9), next.Term, next.Seats)));
            Assert.Null(leaders.ReplacedIn(new LeaderSet(next.Run, next.Term, next.Seats.RemoveAt(next.Seats.Length - 1))));
            Assert.Null(leaders.ReplacedIn(new LeaderSet(next.Run, next.Term, next.Seats.Add(Appended(next)))));
            Assert.Null(leaders.ReplacedIn(new LeaderSet(next.Run, leaders.Term, next.Seats.SetItem(slot, seat with { Since = leaders.Term }))));
            Assert.Null(leaders.ReplacedIn(new LeaderSet(next.Run, next.Term, next.Seats.SetItem(slot, seat with { Since = leaders.Term.Next }))));
            Assert.Null(next.ReplacedIn(leaders));
        }
    }

    /// <summary>Whatever sets there are: nobody who sits in one of them gets a second slot of the round, nor does another node of its process.</summary>
    [Fact]
    public void ReplacedIn_AnyTwoSets_NeverGivesAProcessASecondSlot()
    {
        var random = new Random(4);
        int found = 0;
        for (int i = 0; i < 10 * Sets; i++)
        {
            if (Any(random, term: 1) is { } before && Any(random, term: 2, before) is { } next && before.ReplacedIn(next) is { } slot)
            {
                found++;
                var taken = next.Seats[slot.Index];
                var others = before.Seats.Concat(next.Seats).Where(s => s.Slot != slot).ToArray();
                Assert.DoesNotContain(others, s => s.Holder == taken.Holder || s.Incarnation == taken.Incarnation);
                Assert.All(before.Seats.Where(s => s.Slot != slot), s => Assert.Equal(s, next.Seats[s.Slot.Index]));
            }
        }

        Assert.True(found > 100, $"only {found} of the pairs were replacements");
    }

    [Fact]
    public void Of_SameRoundSetAndKey_IsEqualAndAnyOtherIsNot()
    {
        var leaders = Some.Replaced(Some.LeadersOf(1, 2, 3), slot: 1, holder: 4);
        var offer = Some.Offer(leaders.Seats[1]).Offer;
        var replacement = Replacement.Of(new Round(5), leaders, offer);
        Assert.Equal(replacement, Replacement.Of(new Round(5), leaders, offer with { PublicKey = offer.PublicKey.ToArray() }));
        Assert.Equal((new Term(2), new Slot(1), Some.Node(4)), (replacement.Term, replacement.Slot, replacement.Holder));

        Replacement[] others =
        [
            Replacement.Of(new Round(6), leaders, offer), Replacement.Of(new Round(5), Some.Replaced(leaders, 0, 9, term: 2), offer),
            Replacement.Of(new Round(5), leaders, offer with { PublicKey = new byte[] { 4, 2 } }),
            Replacement.Of(new Round(5), leaders, offer with { FirstRound = new Round(5) }),
        ];
        Assert.Equal(others.Length + 1, others.Append(replacement).Distinct().Count());
    }

    private static Seat Appended(LeaderSet leaders) =>
        new(new Slot(leaders.Seats.Length), Some.Node(301), Some.Incarnation(301), leaders.Term);

    /// <summary>2 to 15 leaders.</summary>
    private static LeaderSet Drawn(Random random) => Some.LeadersOf([.. Enumerable.Range(0, 100).OrderBy(_ => random.Next()).Take(random.Next(2, 16))]);

    /// <summary>Of few nodes in few processes, mostly like <paramref name="like"/>; null where it would be no leader set.</summary>
    private static LeaderSet? Any(Random random, ulong term, LeaderSet? like = null)
    {
        ImmutableArray<Seat> seats = [.. Enumerable.Range(0, 3).Select(i => like is not null && random.Next(3) > 0 ? like.Seats[i] : Drawn(i))];
        bool sound = seats.Select(s => s.Holder).Distinct().Count() == 3 && seats.Select(s => s.Incarnation).Distinct().Count() == 3;
        return sound ? new LeaderSet(Some.Run, new Term(term), seats) : null;

        Seat Drawn(int slot) => new(new Slot(slot), Some.Node(random.Next(5)), Some.Incarnation(random.Next(5)), new Term(term));
    }
}
