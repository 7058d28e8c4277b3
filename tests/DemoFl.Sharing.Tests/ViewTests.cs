using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests;

/// <summary>DESIGN P4: the coordinator with any c of N_l leaders, c below N_l, learns the honest inputs' sum and no more.</summary>
public sealed class ViewTests
{
    public static TheoryData<RingWidth> Rings => [RingWidth.Bits16, RingWidth.Bits32, RingWidth.Bits64];

    [Theory]
    [MemberData(nameof(Rings))]
    public void View_TwoHonestInputsSwapped_IsByteIdentical(RingWidth ring)
    {
        const int Parties = 5, Slots = 4, First = 1, Second = 3;
        var inputs = new Scenario(ring, Parties, 67, 23).Encode();
        foreach (var corrupt in Subsets.Of(Slots, Slots - 1))
        {
            int[] corruptParties = [0];
            var unseen = Enumerable.Range(0, Slots).Except(corrupt).ToArray();
            var table = UniformTable(inputs, corruptParties, unseen);
            var view = Bytes(new MaskedRound(inputs, Slots, table).View(corrupt, corruptParties));

            var swapped = inputs.ToArray();
            (swapped[First], swapped[Second]) = (swapped[Second], swapped[First]);
            var context = $"corrupt slots {string.Join(',', corrupt)}";
            Assert.False(view.AsSpan().SequenceEqual(Bytes(new MaskedRound(swapped, Slots, table).View(corrupt, corruptParties))), context);

            // A shifted uniform table is as likely as the table, so a view that it explains tells the worlds apart by nothing.
            var change = inputs[Second].Minus(inputs[First]);
            table[First, unseen[0]] = table[First, unseen[0]].Plus(change);
            table[Second, unseen[0]] = table[Second, unseen[0]].Minus(change);
            Assert.True(view.AsSpan().SequenceEqual(Bytes(new MaskedRound(swapped, Slots, table).View(corrupt, corruptParties))), context);
        }
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void View_AllLeadersButOne_DeterminesNothingButTheHonestSum(RingWidth ring)
    {
        for (var slots = 1; slots <= 4; slots++)
        {
            for (var parties = 2; parties <= 4; parties++)
            {
                foreach (var corruptSlots in Subsets.Of(slots, slots - 1))
                {
                    foreach (var corruptParties in Subsets.Of(parties, parties - 2))
                        OnlyHonestSumIsKnown(ring, parties, slots, corruptSlots, corruptParties);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void View_AllLeaders_DeterminesEveryInput(RingWidth ring)
    {
        for (var slots = 1; slots <= 4; slots++)
        {
            var view = Probe(ring, 3, slots, [.. Enumerable.Range(0, slots)], []);
            Assert.All(Enumerable.Range(0, 3), party => Assert.Equal((int)ring, view.KnownBits(party)));
        }
    }

    [Fact]
    public void View_OneHonestParty_IsDeterminedByTheSum() =>
        Assert.Equal(32, Probe(RingWidth.Bits32, 3, 3, [], [0, 2]).KnownBits(1));

    private static void OnlyHonestSumIsKnown(RingWidth ring, int parties, int slots, int[] corruptSlots, int[] corruptParties)
    {
        var view = Probe(ring, parties, slots, corruptSlots, corruptParties);
        var honest = Enumerable.Range(0, parties).Except(corruptParties).ToArray();
        var context = $"n = {parties}, N_l = {slots}, slots {string.Join(',', corruptSlots)}, parties {string.Join(',', corruptParties)}";
        Assert.All(honest, party => Assert.True(view.KnownBits(party) == 0, context));

        var known = view.Known(honest);
        Assert.True(known.Count > 0, context);
        Assert.All(known, row => Assert.True(honest.All(party => row[party] == row[honest[0]]), context));
    }

    // The linear map of the real arithmetic: secrets are the inputs q_i and the shares s_ij, one word each.
    private static LinearView Probe(RingWidth ring, int parties, int slots, int[] corruptSlots, int[] corruptParties)
    {
        return LinearView.Probe(ring, parties * (1 + slots), secrets =>
        {
            var table = new TableShares(new SeededShares(0));
            for (var party = 0; party < parties; party++)
            {
                for (var slot = 0; slot < slots; slot++)
                    table[party, slot] = Word(ring, secrets[parties + (party * slots) + slot]);
            }

            PartyInput[] inputs = [.. Enumerable.Range(0, parties).Select(party => Word(ring, secrets[party]))];
            var view = new MaskedRound(inputs, slots, table).View(corruptSlots, corruptParties);
            return [.. view.Select(seen => ExactFixedPoint.InRing(seen.Vector.SignedAt(0), ring))];
        });
    }

    private static TableShares UniformTable(IReadOnlyList<PartyInput> inputs, int[] corruptParties, int[] unseenSlots)
    {
        var random = new Random(29);
        var table = new TableShares(new SeededShares(29));
        foreach (var party in Enumerable.Range(0, inputs.Count).Except(corruptParties))
        {
            foreach (var slot in unseenSlots)
                table[party, slot] = PartyInput.Uniform(inputs[0].Vector.Ring, inputs[0].Vector.Length, random);
        }

        return table;
    }

    private static PartyInput Word(RingWidth ring, ulong value)
    {
        var input = PartyInput.Zero(ring, 1);
        input.Vector.SetAt(0, unchecked((long)value));
        return input;
    }

    private static byte[] Bytes(IEnumerable<PartyInput> view) => [.. view.SelectMany(seen => seen.ToBytes())];
}
