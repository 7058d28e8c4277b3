namespace DemoFl.Learning.Tests.ServerOptimizers;

public sealed class ServerOptimizerTests
{
    private static readonly ParameterLayout Layout = new([new TensorShape("w", [2, 3]), new TensorShape("b", [1])]);

    // Powers of two throughout: every step can be followed by hand and is exact.
    [Fact]
    public void Step_Momentum_FollowsTheHandComputedSteps()
    {
        var optimizer = new ServerOptimizer(ServerOptimizerKind.Momentum, 0.5, 0.5, 0, 0);
        float[] model = [1, -1];
        var state = optimizer.InitialState(2);

        optimizer.Step([4, 1], model, state);
        Assert.Equal([4f, 1f], state);
        Assert.Equal([3f, -0.5f], model);
        optimizer.Step([2, -1], model, state);
        Assert.Equal([4f, -0.5f], state);
        Assert.Equal([5f, -0.75f], model);
    }

    [Fact]
    public void Step_Adam_FollowsTheHandComputedSteps()
    {
        var optimizer = new ServerOptimizer(ServerOptimizerKind.Adam, 1, 0.5, 0.75, 1);
        float[] model = [0];
        var state = optimizer.InitialState(1);
        Assert.Equal([0f, 1f], state);

        // v = 3/4 + 13/4 = 4, so the step is 1.8 / (2 + 1).
        optimizer.Step([MathF.Sqrt(13)], model, state);
        Assert.Equal(MathF.Sqrt(13) / 2, state[0]);
        Assert.Equal(4, state[1], 1e-6);
        Assert.Equal(Math.Sqrt(13) / 2 / 3, model[0], 1e-6);

        // v = 3 + 1/4 * 24 = 9.
        optimizer.Step([MathF.Sqrt(24)], model, state);
        Assert.Equal((Math.Sqrt(13) / 4) + (Math.Sqrt(24) / 2), state[0], 1e-6);
        Assert.Equal(9, state[1], 1e-5);
        Assert.Equal((Math.Sqrt(13) / 6) + (((Math.Sqrt(13) / 4) + (Math.Sqrt(24) / 2)) / 4), model[0], 1e-6);
    }

    [Fact]
    public void Step_Yogi_MovesTheSecondMomentTowardsTheSquareByNoMoreThanTheSquare()
    {
        var optimizer = new ServerOptimizer(ServerOptimizerKind.Yogi, 2, 0, 0.5, 1);
        float[] model = [0, 0, 0];
        var state = optimizer.InitialState(3);

        // v starts at 1: above the square 1/4 it falls by half of it, below the square 16 it grows by half of it, at the square it stays.
        optimizer.Step([0.5f, 4, 1], model, state);
        Assert.Equal([0.875f, 9f, 1f], state[3..]);
        Assert.Equal([(float)(2 * 0.5 / (Math.Sqrt(0.875) + 1)), 2f, 1f], model);
    }

    [Theory]
    [InlineData(ServerOptimizerKind.Momentum)]
    [InlineData(ServerOptimizerKind.Adam)]
    [InlineData(ServerOptimizerKind.Yogi)]
    public void Step_RandomDeltas_AreTheOraclesToTheBit(ServerOptimizerKind kind)
    {
        const int Length = 1_001;
        var (rate, beta1, beta2, tau) = (0.03, 0.9, 0.99, 1e-3);
        var optimizer = new ServerOptimizer(kind, rate, beta1, beta2, tau);
        var random = new Random(11);
        var model = Enumerable.Range(0, Length).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var state = optimizer.InitialState(Length);
        var (w, m, v) = (model.ToArray(), new float[Length], Enumerable.Repeat((float)(tau * tau), Length).ToArray());
        for (var round = 0; round < 5; round++)
        {
            var delta = Enumerable.Range(0, Length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, -random.Next(9)))).ToArray();
            optimizer.Step(delta, model, state);
            for (var i = 0; i < Length; i++)
            {
                double d = delta[i];
                if (kind == ServerOptimizerKind.Momentum)
                {
                    m[i] = (float)(beta1 * m[i] + d);
                    w[i] = (float)(w[i] + rate * m[i]);
                    continue;
                }

                m[i] = (float)(beta1 * m[i] + (1 - beta1) * d);
                double sign = v[i] > d * d ? 1 : v[i] < d * d ? -1 : 0;
                v[i] = kind == ServerOptimizerKind.Adam ? (float)(beta2 * v[i] + (1 - beta2) * (d * d)) : (float)(v[i] - (1 - beta2) * (d * d) * sign);
                w[i] = (float)(w[i] + rate * (m[i] / (Math.Sqrt(v[i]) + tau)));
            }
        }

        Assert.Equal(w, model);
        Assert.Equal(kind == ServerOptimizerKind.Momentum ? m : [.. m, .. v], state);
    }

    /// <summary>From a few lines of Python: a platform or a compiler that rounds otherwise is noticed here.</summary>
    [Fact]
    public void Step_KnownAnswer_HasTheKnownBits()
    {
        var optimizer = new ServerOptimizer(ServerOptimizerKind.Yogi, 0.01, 0.9, 0.99, 1e-3);
        float[] model = [0.1f, -0.2f, 0.3f];
        var state = optimizer.InitialState(3);
        for (var round = 0; round < 3; round++) optimizer.Step([0.01f, -0.003f, 1e-5f], model, state);
        Assert.Equal(
            "b106f63dc70355be489d993e419a313b821f55ba72dd3536bd378636dd74aa35a2378635", Convert.ToHexStringLower(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([.. model, .. state])));
    }

    [Fact]
    public void StateLayout_OfAModel_NamesBothMoments()
    {
        Assert.Equal(
            ["m.w[2,3]", "m.b[1]"], new ServerOptimizer(ServerOptimizerKind.Momentum, 1, 0.9, 0, 0).StateLayout(Layout).Tensors.Select(t => t.ToString()));
        var adam = new ServerOptimizer(ServerOptimizerKind.Adam, 1, 0.9, 0.99, 1e-3);
        Assert.Equal(["m.w[2,3]", "m.b[1]", "v.w[2,3]", "v.b[1]"], adam.StateLayout(Layout).Tensors.Select(t => t.ToString()));
        Assert.Equal(adam.StateLayout(Layout).Length, adam.InitialState(Layout.Length).Length);
    }

    [Fact]
    public void Step_ThatLeavesTheFloats_SaysSo()
    {
        var optimizer = new ServerOptimizer(ServerOptimizerKind.Momentum, 100, 0.9, 0, 0);
        var error = Assert.Throws<ArithmeticException>(() => optimizer.Step([0, 1e38f], new float[2], new float[2]));
        Assert.Contains("diverged at parameter 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArithmeticException>(() => new ServerOptimizer(ServerOptimizerKind.Adam, 1, 0.9, 0.9, 1).Step([1e30f], new float[1], new float[2]));
    }

    [Fact]
    public void Step_LengthsThatDoNotFit_AreRefused()
    {
        var optimizer = new ServerOptimizer(ServerOptimizerKind.Adam, 1, 0.9, 0.99, 1e-3);
        Assert.Throws<ArgumentException>(() => optimizer.Step(new float[2], new float[2], new float[2]));
        Assert.Throws<ArgumentException>(() => optimizer.Step(new float[3], new float[2], new float[4]));
    }
}
