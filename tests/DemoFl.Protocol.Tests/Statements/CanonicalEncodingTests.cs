using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Statements;

/// <summary>Nothing that is signed, hashed or bound can be altered without its bytes changing (DESIGN section 5, promises P5 and P7).</summary>
public class CanonicalEncodingTests
{
    [Fact]
    public void RoundSpec_AnyFieldAltered_ChangesTheStatement() => AssertAllDiffer(Known.Spec, s => s.Statement(), atLeast: 50);

    [Fact]
    public void RoundDigest_AnyFieldAltered_ChangesTheStatement() => AssertAllDiffer(Known.Digest, d => d.Statement(), atLeast: 100);

    [Fact]
    public void SealContext_AnyFieldAltered_ChangesTheStatement() => AssertAllDiffer(Known.Context, c => c.Statement(), atLeast: 70);

    [Fact]
    public void KeyOffer_AnyFieldAltered_ChangesTheStatement() => AssertAllDiffer(Known.Offer, o => o.Statement(), atLeast: 39);

    [Fact]
    public void KeyAnswer_AnyFieldAltered_ChangesStatementAndTranscript()
    {
        AssertAllDiffer(Known.Answer, a => a.Statement(), atLeast: 67);
        AssertAllDiffer(Known.Answer, a => KeyAnswer.Transcript(Known.Offer, a).ToArray(), atLeast: 67);
        AssertAllDiffer(Known.Offer, o => KeyAnswer.Transcript(o, Known.Answer).ToArray(), atLeast: 39);
    }

    [Fact]
    public void Replacement_AnyFieldAltered_ChangesTheStatement() => AssertAllDiffer(Known.Replacement, r => r.Statement(), atLeast: 100);

    [Fact]
    public void RunHead_AnyFieldAltered_ChangesTheStatement() => AssertAllDiffer(Known.Head, h => h.Statement(), atLeast: 3);

    [Fact]
    public void JoinStatement_AnyFieldAltered_ChangesTheStatement() => AssertAllDiffer(Known.Join, j => j.Statement(), atLeast: 99);

    [Fact]
    public void LeaderSet_AnySeatAltered_ChangesTheStatementAndTheHash()
    {
        var original = Known.Leaders;
        var copies = new List<LeaderSet>
        {
            new(new RunId(9), original.Term, original.Seats),
            new(original.Run, original.Term.Next, original.Seats),
            new(original.Run, original.Term, original.Seats.RemoveAt(2)),
        };
        for (int i = 0; i < original.Seats.Length; i++)
        {
            // The slot is the position: a seat with another label is refused, not encoded.
            var altered = Alteration.Each(original.Seats[i]).Where(a => !a.Path.Contains("Slot", StringComparison.Ordinal));
            copies.AddRange(altered.Select(a => new LeaderSet(original.Run, original.Term, original.Seats.SetItem(i, a.Copy))));
        }

        Assert.Equal(copies.Count, copies.Select(c => Convert.ToHexString(c.Statement())).Append(Convert.ToHexString(original.Statement())).Distinct().Count() - 1);
        Assert.DoesNotContain(copies, c => c.Digest == original.Digest);
    }

    [Fact]
    public void LeaderSet_SlotsOutOfOrderOrOneProcessTwice_IsRefused()
    {
        var seats = Known.Leaders.Seats;
        Assert.Throws<ArgumentException>(() => new LeaderSet(Known.Run, new Term(1), [seats[1], seats[0]]));
        Assert.Throws<ArgumentException>(() => new LeaderSet(Known.Run, new Term(1), [seats[0], seats[1] with { Holder = seats[0].Holder }]));
        Assert.Throws<ArgumentException>(() => new LeaderSet(Known.Run, new Term(1), [seats[0], seats[1] with { Incarnation = seats[0].Incarnation }]));
    }

    [Fact]
    public void PartySet_AnyContributionAltered_ChangesTheHash()
    {
        var contributions = Known.B.Contributions;
        var digests = contributions.SelectMany((c, i) => Alteration.Each(c).Select(a => new PartySet(contributions.SetItem(i, a.Copy)).Digest)).ToList();
        digests.Add(new PartySet(contributions.RemoveAt(0)).Digest);
        digests.Add(Known.B.Digest);
        Assert.Equal(digests.Count, digests.Distinct().Count());
    }

    [Fact]
    public void PartySet_APartyTwice_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new PartySet([new Contribution(Known.Node(1), default), new Contribution(Known.Node(1), Known.Fill(2))]));

    [Fact]
    public void UploadStatement_RunRoundOrAttemptAltered_Changes()
    {
        byte[][] statements =
        [
            Known.B.UploadStatement(Known.Run, new Round(42), new Attempt(1)), Known.B.UploadStatement(new RunId(9), new Round(42), new Attempt(1)),
            Known.B.UploadStatement(Known.Run, new Round(43), new Attempt(1)), Known.B.UploadStatement(Known.Run, new Round(42), new Attempt(2)),
            new PartySet([]).UploadStatement(Known.Run, new Round(42), new Attempt(1)),
        ];
        Assert.Equal(statements.Length, statements.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void MaskContext_AnyPartAltered_Changes()
    {
        var (run, round, slot, nonce, leaders, spec) = (Known.Run, new Round(42), new Slot(2), new Nonce(Known.Fill(1)), Known.Fill(2), Known.Fill(3));
        byte[][] statements =
        [
            MaskContext.Statement(run, round, slot, nonce, leaders, spec), MaskContext.Statement(new RunId(9), round, slot, nonce, leaders, spec),
            MaskContext.Statement(run, round.Next, slot, nonce, leaders, spec), MaskContext.Statement(run, round, new Slot(1), nonce, leaders, spec),
            MaskContext.Statement(run, round, slot, new Nonce(Known.Fill(9)), leaders, spec),
            MaskContext.Statement(run, round, slot, nonce, spec, leaders), MaskContext.Statement(run, round, slot, nonce, leaders, Known.Fill(9)),
        ];
        Assert.Equal(statements.Length, statements.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Statements_OfDifferentKinds_StartWithDifferentDomains()
    {
        byte[][] statements =
        [
            Known.Leaders.Statement(), Known.Spec.Statement(), Known.B.UploadStatement(Known.Run, new Round(1), Attempt.First), Known.Digest.Statement(),
            Known.Context.Statement(), Known.Offer.Statement(), Known.Answer.Statement(), Known.Join.Statement(), Known.Replacement.Statement(),
            MaskContext.Statement(Known.Run, new Round(1), new Slot(0), default, default, default),
        ];
        var domains = statements.Select(s => Convert.ToHexString(s[..(4 + s[3])])).ToArray();
        Assert.Equal(domains.Length, domains.Distinct().Count());
    }

    [Fact]
    public void Text_DifferentSplits_HaveDifferentBytes() => Assert.NotEqual(
        new CanonicalWriter("d").Text("ab").Text("c").ToArray(), new CanonicalWriter("d").Text("a").Text("bc").ToArray());

    [Fact]
    public void Text_HalfASurrogatePair_IsRefused() => Assert.ThrowsAny<ArgumentException>(() => new CanonicalWriter("d").Text("\ud800"));

    private static void AssertAllDiffer<T>(T original, Func<T, byte[]> statement, int atLeast)
        where T : class
    {
        var seen = new Dictionary<string, string> { [Convert.ToHexString(statement(original))] = "the original" };
        foreach (var (path, copy) in Alteration.Each(original))
        {
            string bytes = Convert.ToHexString(statement(copy));
            Assert.True(seen.TryAdd(bytes, path), $"{path} altered has the bytes of {seen.GetValueOrDefault(bytes)}");
        }

        Assert.True(seen.Count > atLeast, $"only {seen.Count - 1} alterations were tried");
    }
}
