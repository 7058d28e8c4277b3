using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>C4 over real sockets with a server optimiser: what a masked federation commits against an exact oracle.</summary>
public sealed class ServerOptimizerTests
{
    private const int Nodes = 4;
    private const int Rounds = 3;

    [Theory]
    [InlineData(Layout.Masked, ServerMethod.Momentum)]
    [InlineData(Layout.Masked, ServerMethod.Adam)]
    [InlineData(Layout.Rotating, ServerMethod.Yogi)]
    public async Task Run_WithAServerOptimizer_CommitsTheOraclesModelToTheBit(Layout layout, ServerMethod method)
    {
        // Clipped coordinates are whole units of the ring, hence free of rounding.
        var trainers = Enumerable.Range(0, Nodes).Select(n => StubTrainer.Moving((r, i) => 5_000f * Sign(n, r, i), samples: 100)).ToArray();
        var rules = Rules.Of(Nodes, Rounds, layout);
        var step = new ServerStep(method, 0.05, 0.9, 0.99, 0.001);
        await using var federation = await Federation.StartAsync(rules with { Training = rules.Training with { Server = step } });
        federation.JoinAll(trainers);

        await federation.CompleteAsync();

        var optimizer = new ServerOptimizer((ServerOptimizerKind)method, 0.05, 0.9, 0.99, 0.001);
        float[] expected = Some.Model.Initialise(1);
        float[] state = optimizer.InitialState(expected.Length);
        double units = (double)(ulong.MaxValue >> (64 - (32 - 3)));
        for (int round = 1; round <= Rounds; round++)
        {
            // Clipping in each round doubles the range of the next one.
            double unit = 0.5 * Math.Pow(2, round - 1) / units * (100.0 / (Nodes * 100));
            float[] delta = [.. Enumerable.Range(0, expected.Length).Select(i =>
                (float)(Enumerable.Range(0, Nodes).Sum(n => Sign(n, new Round((ulong)round), i)) * units * unit))];
            optimizer.Step(delta, expected, state);
        }

        Assert.Equal(expected, federation.CommittedModel());
    }

    private static int Sign(int node, Round round, int i) => (((node + 1) * (i + 3) * (int)round.Value) % 3) - 1;
}
