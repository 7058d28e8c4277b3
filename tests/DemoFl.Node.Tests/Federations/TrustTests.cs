using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>Who belongs (DESIGN section 5): the server decides who is let in, each node for itself with whom it makes keys.</summary>
public sealed class TrustTests : IDisposable
{
    private const int OfferRefused = 106;
    private const int Dropped = 104;

    private readonly IdentityKey[] _keys = [.. Enumerable.Range(0, 4).Select(_ => IdentityKey.Create())];

    [Fact]
    public async Task RunAsync_NotOnTheServersRoster_IsRefusedWithWhatToDo()
    {
        var roster = RosterOf(3);
        await using var federation = await Federation.StartAsync(Rules.Of(3, 1), with: s => s with { Trust = new RosterTrust(roster) });
        var stranger = federation.Join("n-3", Trainer(), o => o with { Key = _keys[3] });

        var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => stranger.Completion.WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Contains("is not in the roster. Add its line to the roster if it belongs", refusal.Message, StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
        {
            Join(federation, i, roster);
        }

        await federation.CompleteAsync();
    }

    [Fact]
    public async Task Run_ServerSeatsANodeThatTheOthersRosterDoesNotList_NobodyMakesKeysWithIt()
    {
        var roster = RosterOf(3);
        await using var federation = await Federation.StartAsync(Rules.Of(4, 1));
        var honest = Enumerable.Range(0, 3).Select(i => Join(federation, i, roster, canLead: i < 2)).ToArray();
        var stranger = federation.Join("n-3", Trainer(), o => o with { Key = _keys[3] });

        // With the stranger there are just three candidates: it holds a slot.
        var seated = await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>();
        Assert.NotNull(seated.Leaders.SeatOf(stranger.Id));
        foreach (var member in honest)
        {
            await federation.Log.WhenAsync<LogLine>(l => l.Id == OfferRefused && l.Text.StartsWith(member.Options.Name, StringComparison.Ordinal)
                && l.Text.Contains("is not in the roster", StringComparison.Ordinal));
        }

        foreach (var leader in honest.Take(2))
        {
            await federation.Log.WhenAsync<LogLine>(l => l.Id == Dropped && l.Text.StartsWith(leader.Options.Name, StringComparison.Ordinal)
                && l.Text.Contains(stranger.Id.ToString(), StringComparison.Ordinal) && l.Text.Contains("is not in the roster", StringComparison.Ordinal));
        }

        Assert.All(honest, m => Assert.DoesNotContain(m.Events.All, e => e is NodeEvent.KeysEstablished));
        Assert.DoesNotContain(federation.Events.All, e => e is CoordinatorEvent.RoundStarted);
    }

    [Fact]
    public async Task RunAsync_ServerKeyNotOnARosterThatListsServers_RefusesTheServer()
    {
        using var hub = IdentityKey.Create();
        var roster = RosterOf(4).With(new RosterEntry("hub", hub.PublicKey, IsServer: true));
        await using var federation = await Federation.StartAsync(Rules.Of(3, 1));

        var member = Join(federation, 0, roster);

        var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => member.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("The server 'server' signs with a key that the roster does not list. Wrong server, or an old roster.", refusal.Message);
    }

    [Fact]
    public async Task Run_ServerKeyOnTheRoster_Commits()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(3, 1));
        var roster = RosterOf(3).With(new RosterEntry("hub", federation.ServerPublicKey, IsServer: true));
        for (int i = 0; i < 3; i++)
        {
            Join(federation, i, roster);
        }

        await federation.CompleteAsync();
    }

    [Fact]
    public async Task Run_FederationCertificates_AdmitCertifiedNodesOnly()
    {
        var now = DateTimeOffset.UtcNow;
        using var authority = FederationAuthority.CreateAuthority("owners", TimeSpan.FromDays(30), now);
        var trust = new FederationTrust(authority);
        await using var federation = await Federation.StartAsync(Rules.Of(3, 1), with: s => s with { Trust = trust });
        var bare = federation.Join("n-3", Trainer(), o => o with { Key = _keys[3], Trust = trust });

        var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => bare.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("shows no certificate", refusal.Message, StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
        {
            using X509Certificate2 certificate = FederationAuthority.IssueNode(authority, $"n-{i}", _keys[i].PublicKey, TimeSpan.FromDays(1), now);
            byte[] encoded = certificate.RawData;
            var key = _keys[i];
            federation.Join($"n-{i}", Trainer(), o => o with { Key = key, Trust = trust, Certificate = encoded });
        }

        await federation.CompleteAsync();
    }

    [Fact]
    public async Task RunAsync_JoinToken_AdmitsOneNode()
    {
        string token = JoinTokens.Generate();
        await using var federation = await Federation.StartAsync(
            Rules.Of(3, 1), with: s => s with { Tokens = JoinTokens.Parse(JoinTokens.HashOf(token)) });

        var first = federation.Join("n-0", Trainer(), o => o with { Token = token });
        await federation.Log.WhenAsync<LogLine>(l => l.Id == 101);
        var second = federation.Join("n-1", Trainer(), o => o with { Token = token });

        var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => second.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("--token", refusal.Message, StringComparison.Ordinal);
        Assert.False(first.Completion.IsCompleted);
        Assert.DoesNotContain(federation.Log.All, l => l.Text.Contains(token, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private static StubTrainer Trainer() => StubTrainer.Moving((_, _) => 0.01f, 100);

    private Roster RosterOf(int nodes) => _keys.Take(nodes).Select((k, i) => new RosterEntry($"n-{i}", k.PublicKey))
        .Aggregate(Roster.Empty, (roster, entry) => roster.With(entry));

    private Member Join(Federation federation, int index, Roster roster, bool canLead = true) => federation.Join(
        $"n-{index}", Trainer(), o => o with { Key = _keys[index], Trust = new RosterTrust(roster), CanLead = canLead });
}
