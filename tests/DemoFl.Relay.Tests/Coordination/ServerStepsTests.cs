using DemoFl.Relay.Coordination;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;

namespace DemoFl.Relay.Tests.Coordination;

public sealed class ServerStepsTests
{
    private static readonly float[] Start = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly float[] Delta = [0.5f, -0.25f, 0.1f, 0, 1e-4f, 0.3f, -0.7f, 0.05f];

    /// <summary>The aggregate as it was before there were optimisers.</summary>
    [Fact]
    public void Take_WithoutAnOptimiser_AppliesTheAggregateAsItIs()
    {
        var spec = SpecOf(default);
        float[] expected = [.. Start];
        var wanted = Uploaded(spec).Apply(spec, expected, 1);
        var (model, moments, totals) = ServerSteps.Take(Uploaded(spec), spec, 1, new ModelSnapshot(Start), ServerSteps.Begin(JobOf(default)));

        Assert.Equal(expected, model.Parameters.ToArray());
        Assert.Equal((wanted, null), (totals, moments));
    }

    [Fact]
    public void Take_BeforeTraining_AddsTheAggregateAndKeepsTheOptimisersState()
    {
        var moments = ServerSteps.Begin(JobOf(new ServerStep(ServerMethod.Adam, 0.5, 0.9, 0.99, 0.001)))!;
        var spec = SpecOf(default);
        var (model, after, _) = ServerSteps.Take(Uploaded(spec), spec with { Training = spec.Training with { Stage = TrainingStage.Means } }, 1, new ModelSnapshot(Start), moments);
        Assert.Same(moments, after);
        Assert.Equal(Start.Zip(Delta, (w, d) => (float)(w + (double)d)), model.Parameters.ToArray());
    }

    [Theory]
    [InlineData(ServerMethod.Momentum)]
    [InlineData(ServerMethod.Adam)]
    [InlineData(ServerMethod.Yogi)]
    public void Take_WithAnOptimiser_StepsByTheOraclesBits(ServerMethod method)
    {
        var step = new ServerStep(method, 0.5, 0.9, 0.99, 0.001);
        var spec = SpecOf(step);
        var (model, moments) = (new ModelSnapshot(Start), ServerSteps.Begin(JobOf(step)));
        var (w, m, v) = (Start.ToArray(), new float[8], Enumerable.Repeat(1e-6f, 8).ToArray());
        for (int round = 0; round < 3; round++)
        {
            var before = model;
            (model, moments, var totals) = ServerSteps.Take(Uploaded(spec), spec, 1, model, moments);
            Assert.Equal(10u, totals.SampleCount);
            for (int i = 0; i < 8; i++)
            {
                double d = Delta[i];
                m[i] = (float)((0.9 * m[i]) + ((method == ServerMethod.Momentum ? 1 : 1 - 0.9) * d));
                v[i] = method == ServerMethod.Adam ? (float)((0.99 * v[i]) + ((1 - 0.99) * (d * d))) : (float)(v[i] - ((1 - 0.99) * (d * d) * Math.Sign(v[i] - (d * d))));
                w[i] = (float)(w[i] + (0.5 * (method == ServerMethod.Momentum ? m[i] : m[i] / (Math.Sqrt(v[i]) + 0.001))));
            }

            Assert.Equal(w, model.Parameters.ToArray());
            Assert.Equal(method == ServerMethod.Momentum ? m : [.. m, .. v], moments!.Values.ToArray());
            Assert.NotEqual(before.Hash, model.Hash);
        }
    }

    [Fact]
    public void Take_StepThatLeavesTheFloats_IsAnUnusableSumAndChangesNothing()
    {
        var step = new ServerStep(ServerMethod.Momentum, 100, 0.9, 0, 0);
        var spec = SpecOf(step);
        var moments = new Moments(ServerSteps.Begin(JobOf(step))!.Layout, [float.MaxValue, 0, 0, 0, 0, 0, 0, 0]);
        var model = new ModelSnapshot(Start);
        var refused = Assert.Throws<UnusableSumException>(() => ServerSteps.Take(Uploaded(spec), spec, 1, model, moments));

        Assert.Contains("learning rate (100)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Start, model.Parameters.ToArray());
        Assert.Equal(float.MaxValue, moments.Values[0]);
    }

    private static RoundSpec SpecOf(ServerStep step)
    {
        var spec = Some.Spec(Layout.Plain);
        return spec with { Training = spec.Training with { Server = step } };
    }

    private static Relay.Job JobOf(ServerStep step)
    {
        var rules = Some.Rules();
        return Some.Job(rules with { Training = rules.Training with { Server = step } });
    }

    private static Aggregate Uploaded(RoundSpec spec) => Aggregate.OfUploads(spec, [Some.Received(Some.Floats(Delta), Some.Lane(10))]);
}
