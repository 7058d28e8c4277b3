namespace DemoFl.Identity.Tests;

public sealed class RosterTests
{
    private static readonly byte[] Alice = Samples.NewPublicKey();
    private static readonly byte[] Bob = Samples.NewPublicKey();
    private static readonly byte[] Hub = Samples.NewPublicKey();

    private static string Key(byte[] publicKey) => Convert.ToBase64String(publicKey);

    [Fact]
    public void Parse_CommentsBlanksAndWindowsLineEnds_GivesTheEntriesInOrder()
    {
        Roster roster = Roster.Parse(
            $"# who belongs\r\n\r\n  node bob {Key(Bob)} # second site\r\n\tserver\thub  {Key(Hub)}\nnode alice {Key(Alice)}");
        Assert.Equal([new RosterEntry("bob", Bob), new RosterEntry("hub", Hub, true), new RosterEntry("alice", Alice)], roster.Entries);
        Assert.Equal("bob", roster.Find(Bob)!.Name);
        Assert.True(roster.Find("hub")!.IsServer);
        Assert.Null(roster.Find("carol"));
        Assert.Null(roster.Find([1, 2, 3]));
    }

    [Fact]
    public void Format_AnyRoster_IsReadBackEqual()
    {
        Roster roster = Roster.Empty.With(new RosterEntry("alice", Alice)).With(new RosterEntry("hub", Hub, IsServer: true));
        Assert.Equal($"node alice {Key(Alice)}\nserver hub {Key(Hub)}\n", roster.Format());
        Assert.Equal(roster.Entries, Roster.Parse(roster.Format()).Entries);
        Assert.Empty(Roster.Parse("").Entries);
    }

    [Fact]
    public void Parse_WrongLines_NamesEveryOneByNumber()
    {
        string text =
            $"node alice {Key(Alice)}\n" // 1
            + "# fine\n"
            + "node bob\n" // 3
            + $"peer bob {Key(Bob)}\n" // 4
            + $"node Bob {Key(Bob)}\n" // 5
            + "node bob AAAA\n" // 6
            + "node bob !!!!\n" // 7
            + $"node bob {Key(new byte[91])}\n" // 8
            + $"node alice {Key(Bob)}\n" // 9
            + $"server also-alice {Key(Alice)}\n" // 10
            + $"node bob {Key(Bob)} extra\n"; // 11
        string message = Assert.Throws<FormatException>(() => Roster.Parse(text)).Message;
        (int Line, string Complaint)[] expected =
        [
            (3, "expected 'node NAME KEY'"),
            (4, "expected 'node NAME KEY'"),
            (5, "a name has 1 to 63"),
            (6, "the key is not the Base64"),
            (7, "the key is not the Base64"),
            (8, "the key is not a P-256 public key"),
            (9, "the name 'alice' is on line 1 already"),
            (10, "the key of 'also-alice' is on line 1 already"),
            (11, "expected 'node NAME KEY'"),
        ];
        Assert.All(expected, wrong => Assert.Contains($"Line {wrong.Line}: {wrong.Complaint}", message, StringComparison.Ordinal));
        Assert.DoesNotContain("Line 1:", message);
        Assert.DoesNotContain("Line 2:", message);
    }

    [Fact]
    public void Parse_VeryManyWrongLines_StopsAtTwenty()
    {
        string message = Assert.Throws<FormatException>(() => Roster.Parse(string.Concat(Enumerable.Repeat("?\n", 1000)))).Message;
        Assert.Contains("Line 20:", message);
        Assert.DoesNotContain("Line 21:", message);
    }

    [Fact]
    public void With_DuplicateOrMalformedEntry_Throws()
    {
        Roster roster = Roster.Empty.With(new RosterEntry("alice", Alice));
        Assert.Contains("name 'alice'", Throws(new RosterEntry("alice", Bob)));
        Assert.Contains("as 'alice'", Throws(new RosterEntry("bob", Alice)));
        Assert.Contains("name has", Throws(new RosterEntry("Bob", Bob)));
        Assert.Contains("key is not", Throws(new RosterEntry("bob", Bob.AsMemory(1))));
        Assert.Single(roster.Entries);

        string Throws(RosterEntry bad) => Assert.Throws<ArgumentException>("entry", () => roster.With(bad)).Message;
    }

    [Fact]
    public void Load_SavedRoster_IsEqualAndBadFileIsNamed()
    {
        using var folder = new TemporaryFolder();
        Roster roster = Roster.Empty.With(new RosterEntry("alice", Alice));
        roster.Save(folder["roster"]);
        roster.With(new RosterEntry("bob", Bob)).Save(folder["roster"]);
        Assert.Equal(["alice", "bob"], Roster.Load(folder["roster"]).Entries.Select(entry => entry.Name));
        File.WriteAllText(folder["bad"], "\nnode alice\n");
        string message = Assert.Throws<IdentityFileException>(() => Roster.Load(folder["bad"])).Message;
        Assert.Contains(folder["bad"], message);
        Assert.Contains("Line 2:", message);
    }

    [Fact]
    public void Judge_RosterTrust_TrustsExactlyTheListedNodes()
    {
        var trust = new RosterTrust(Roster.Parse($"node alice {Key(Alice)}\nserver hub {Key(Hub)}\n"));
        Assert.True(trust.VouchesForKeys);
        Assert.Equal("listed in the roster", Samples.Basis(trust.Judge(Samples.Claim("alice", Alice), Samples.Now)));
        Assert.Contains("not in the roster", Samples.Reason(trust.Judge(Samples.Claim("bob", Bob), Samples.Now)));
        Assert.Contains("not in the roster", Samples.Reason(trust.Judge(Samples.Claim("bob", Alice), Samples.Now)));
        Assert.Contains("another key", Samples.Reason(trust.Judge(Samples.Claim("alice", Bob), Samples.Now)));
        Assert.Contains("as a server", Samples.Reason(trust.Judge(Samples.Claim("hub", Hub), Samples.Now)));
    }

    [Fact]
    public void Judge_HostileName_IsRefusedWithoutBeingQuoted()
    {
        ITrustPolicy[] policies = [new RosterTrust(Roster.Empty), new FirstUseTrust()];
        foreach (ITrustPolicy policy in policies)
        {
            string reason = Samples.Reason(policy.Judge(Samples.Claim("evil\u001b[2J", Alice), Samples.Now));
            Assert.DoesNotContain("evil", reason);
            Assert.Equal("IdentityClaim(malformed name)", Samples.Claim("evil\u001b[2J", Alice).ToString());
            Assert.Contains("accepted encoding", Samples.Reason(policy.Judge(Samples.Claim("alice", Alice.AsMemory(1)), Samples.Now)));
        }
    }
}
