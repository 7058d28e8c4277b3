namespace DemoFl.Learning;

/// <summary>
/// Turns the aggregate delta of a round into a step of the global model (Reddi et al., "Adaptive Federated Optimization", ICLR 2021,
/// Algorithm 2 without bias correction; Hsu et al., 2019, for FedAvgM). Arithmetic is in doubles, coordinate by coordinate, without fused
/// multiply-add, and what is kept is float32: equal inputs give equal bits everywhere, before and after a restart. Holds no state of its own;
/// thread-safe.
/// </summary>
/// <param name="kind">Which one.</param>
/// <param name="learningRate">eta, above 0.</param>
/// <param name="beta1">Decay of the first moment m, 0 to below 1.</param>
/// <param name="beta2">Decay of the second moment v, 0 to below 1; unused by momentum.</param>
/// <param name="tau">The degree of adaptivity, above 0; unused by momentum. v starts at tau^2.</param>
public sealed class ServerOptimizer(ServerOptimizerKind kind, double learningRate, double beta1, double beta2, double tau)
{
    private bool HasSecondMoment => kind is ServerOptimizerKind.Adam or ServerOptimizerKind.Yogi;

    /// <summary>The state's tensors: <c>m.NAME</c> for every tensor of the model, then <c>v.NAME</c> where there is a second moment.</summary>
    public ParameterLayout StateLayout(ParameterLayout model) => new(
        Named("m", model).Concat(HasSecondMoment ? Named("v", model) : []));

    /// <summary>The state before the first round, for <paramref name="dimension"/> parameters: m = 0, v = tau^2.</summary>
    public float[] InitialState(int dimension)
    {
        var state = new float[HasSecondMoment ? checked(2 * dimension) : dimension];
        state.AsSpan(dimension).Fill((float)(tau * tau));
        return state;
    }

    /// <summary>Moves the model by one round's delta.</summary>
    /// <param name="delta">The aggregate delta, d values.</param>
    /// <param name="model">W_t, d values; becomes W_{t+1}.</param>
    /// <param name="state">m, then v; becomes the next round's.</param>
    /// <exception cref="ArgumentException">A length is not what it must be.</exception>
    /// <exception cref="ArithmeticException">A parameter or a moment is no longer finite; model and state are of no use any more.</exception>
    public void Step(ReadOnlySpan<float> delta, Span<float> model, Span<float> state)
    {
        var length = HasSecondMoment ? 2L * model.Length : model.Length;
        if (delta.Length != model.Length || state.Length != length)
            throw new ArgumentException($"A model of {model.Length} values takes a delta of as many and a state of {length}.");

        var first = state[..model.Length];
        var second = state[model.Length..];
        for (var i = 0; i < model.Length; i++)
        {
            var step = kind == ServerOptimizerKind.Momentum ? Momentum(delta[i], ref first[i]) : Adaptive(delta[i], ref first[i], ref second[i]);
            model[i] = (float)(model[i] + (learningRate * step));
            if (!float.IsFinite(model[i]) || !float.IsFinite(first[i]) || (HasSecondMoment && !float.IsFinite(second[i])))
                throw new ArithmeticException($"the server optimiser diverged at parameter {i}; lower its learning rate ({learningRate})");
        }
    }

    private double Momentum(double delta, ref float m)
    {
        m = (float)((beta1 * m) + delta);
        return m;
    }

    private double Adaptive(double delta, ref float m, ref float v)
    {
        var square = delta * delta;
        m = (float)((beta1 * m) + ((1 - beta1) * delta));
        v = (float)(kind == ServerOptimizerKind.Adam
            ? (beta2 * v) + ((1 - beta2) * square)
            : v - ((1 - beta2) * square * Math.Sign(v - square)));
        return m / (Math.Sqrt(v) + tau);
    }

    private static IEnumerable<TensorShape> Named(string moment, ParameterLayout model) =>
        model.Tensors.Select(tensor => new TensorShape($"{moment}.{tensor.Name}", tensor.Dimensions));
}
