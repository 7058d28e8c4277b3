using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>A coordinator that no longer hears a majority (Ongaro's thesis, section 6.2).</summary>
public class CheckQuorumTests
{
    private const int MostTicks = 30;

    private readonly InstitutionUnderTest _institution = new(5);

    public CheckQuorumTests() => _institution.Win();

    /// <summary>Thesis 6.2: it steps down once an election timeout has passed without a majority, in the same ballot.</summary>
    [Fact]
    public void Tick_NobodyHeardForATimeout_StepsDown()
    {
        var won = _institution.Now;
        var effects = new List<ConsensusEffect>();
        for (int i = 0; i < MostTicks && _institution.Machine.Role == ConsensusRole.Coordinator; i++)
        {
            effects = _institution.Tick();
        }

        Assert.Equal(won + Patience, _institution.Now);
        Assert.Equal(new Ballot(1), Assert.Single(effects.OfType<ConsensusEffect.SteppedDown>()).Ballot);
        Assert.Null(_institution.Machine.Coordinator);
        Assert.True(_institution.Machine.NextDeadline >= _institution.Now + Patience);
    }

    /// <summary>Thesis 6.2: with itself, two of four others are a majority; one is not.</summary>
    [Theory]
    [InlineData(2, ConsensusRole.Coordinator)]
    [InlineData(1, ConsensusRole.Follower)]
    public void Tick_SomeHeard_GoesOnWithAMajorityOnly(int heard, ConsensusRole role)
    {
        for (int i = 0; i < MostTicks && _institution.Machine.Role == ConsensusRole.Coordinator; i++)
        {
            _institution.Tick();
            for (int from = 1; from <= heard; from++)
            {
                _institution.Acknowledge(from, 0);
            }
        }

        Assert.Equal(role, _institution.Machine.Role);
    }

    /// <summary>Thesis 6.2: afterwards it refuses proposals rather than leave a client waiting.</summary>
    [Fact]
    public void Propose_AfterwardsOrBefore_IsRefused()
    {
        for (int i = 0; i < MostTicks && _institution.Machine.Role == ConsensusRole.Coordinator; i++)
        {
            _institution.Tick();
        }

        Assert.Equal(new ConsensusEffect.ProposalRefused(7, ProposalRefusal.NotCoordinator, null), Assert.Single(_institution.Propose(Round(1))));
    }
}
