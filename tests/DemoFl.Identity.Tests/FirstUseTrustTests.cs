namespace DemoFl.Identity.Tests;

public sealed class FirstUseTrustTests
{
    private static readonly byte[] Alice = Samples.NewPublicKey();
    private static readonly byte[] Bob = Samples.NewPublicKey();

    [Fact]
    public void Judge_FirstUse_PinsTheKeyAndRefusesAnother()
    {
        var trust = new FirstUseTrust();
        Assert.False(trust.VouchesForKeys);
        Assert.Contains("first use", Samples.Basis(trust.Judge(Samples.Claim("alice", Alice), Samples.Now)));
        Assert.Equal("same key as at first use", Samples.Basis(trust.Judge(Samples.Claim("alice", Alice), Samples.Now)));
        Assert.Contains("another key", Samples.Reason(trust.Judge(Samples.Claim("alice", Bob), Samples.Now)));
        Assert.Equal("same key as at first use", Samples.Basis(trust.Judge(Samples.Claim("alice", Alice), Samples.Now)));
    }

    [Fact]
    public void Judge_PinnedKeyUnderAnotherName_IsRefusedAndThatNameStaysFree()
    {
        var trust = new FirstUseTrust();
        trust.Judge(Samples.Claim("alice", Alice), Samples.Now);
        Assert.Contains("as 'alice'", Samples.Reason(trust.Judge(Samples.Claim("bob", Alice), Samples.Now)));
        Samples.Basis(trust.Judge(Samples.Claim("bob", Bob), Samples.Now));
    }

    [Fact]
    public void Judge_WithAFile_RemembersPinsAfterARestart()
    {
        using var folder = new TemporaryFolder();
        new FirstUseTrust(folder["pins"]).Judge(Samples.Claim("alice", Alice), Samples.Now);
        var restarted = new FirstUseTrust(folder["pins"]);
        Assert.Contains("another key", Samples.Reason(restarted.Judge(Samples.Claim("alice", Bob), Samples.Now)));
        Samples.Basis(restarted.Judge(Samples.Claim("alice", Alice), Samples.Now));
        Samples.Basis(new RosterTrust(Roster.Load(folder["pins"])).Judge(Samples.Claim("alice", Alice), Samples.Now));
    }

    [Fact]
    public void Judge_FileCannotBeWritten_ThrowsAndDoesNotPin()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a-file"], "");
        var trust = new FirstUseTrust(Path.Combine(folder["a-file"], "pins"));
        Assert.Throws<IdentityFileException>(() => trust.Judge(Samples.Claim("alice", Alice), Samples.Now));
        Assert.Empty(trust.Pins.Entries);
    }

    [Fact]
    public void Judge_ClaimMemoryReusedByTheCaller_LeavesThePinAlone()
    {
        var trust = new FirstUseTrust();
        byte[] buffer = [.. Alice];
        trust.Judge(Samples.Claim("alice", buffer), Samples.Now);
        Bob.CopyTo(buffer, 0);
        Samples.Basis(trust.Judge(Samples.Claim("alice", Alice), Samples.Now));
    }

    [Fact]
    public async Task Judge_ManyKeysForOneNameAtOnce_TrustsExactlyOne()
    {
        var trust = new FirstUseTrust();
        TrustDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => trust.Judge(Samples.Claim("alice", Samples.NewPublicKey()), Samples.Now))));
        Assert.Single(decisions.OfType<TrustDecision.Trusted>());
    }
}
