namespace DemoFl.Simulation.Tests;

public class RepeatTests
{
    [Fact]
    public void Run_SameSeedTwice_HasTheSameTrace()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var first = TraceOf(seed);
            Assert.True(first == TraceOf(seed), $"seed {seed} ran differently the second time");
            Assert.True(first != TraceOf(seed + 1), $"seeds {seed} and {seed + 1} ran alike");
        }
    }

    private static Hash256 TraceOf(ulong seed)
    {
        var trace = new Trace(hashed: true);
        Simulations.Run(ScenarioDraw.From(seed), trace);
        return trace.Digest;
    }
}
