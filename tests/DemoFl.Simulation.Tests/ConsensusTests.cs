namespace DemoFl.Simulation.Tests;

/// <summary>Institutions that agree without a server keep what Raft promises, whatever goes wrong.</summary>
public class ConsensusTests
{
    private const int Seeds = 300;

    [Fact]
    public void Run_ManySeeds_BreaksNoPromise() => Parallel.For(0, Seeds, seed =>
    {
        var run = ConsensusSimulations.Run(ConsensusScenario.From((ulong)seed));
        Assert.True(run.Violation is null, $"{run}");
    });

    /// <summary>A fault that never happens is never survived.</summary>
    [Fact]
    public void Run_ManySeeds_InjectsEveryFault()
    {
        var tally = new Campaign(Subject.Consensus, keepsGoing: true).Run(0, 49, TimeSpan.MaxValue, 1, CancellationToken.None).Tally;
        foreach (var fault in new[] { ConsensusFaults.LostMessages, ConsensusFaults.DoubledMessages, ConsensusFaults.Cuts, ConsensusFaults.Crashes, ConsensusFaults.Pauses })
        {
            Assert.True(tally.Of($"{fault}") > 0, $"{fault} never happened");
        }

        Assert.True(tally.Of("ballots won") > 50);
    }

    [Fact]
    public void Run_SameSeedTwice_HasTheSameTrace()
    {
        static Hash256 TraceOf(ulong seed)
        {
            var trace = new Trace(hashed: true);
            ConsensusSimulations.Run(ConsensusScenario.From(seed), trace);
            return trace.Digest;
        }

        for (ulong seed = 0; seed < 10; seed++)
        {
            Assert.Equal(TraceOf(seed), TraceOf(seed));
            Assert.NotEqual(TraceOf(seed), TraceOf(seed + 1));
        }
    }
}
