using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Storage;

namespace DemoFl.Relay.Coordination;

/// <summary>Takes the model from W_t to W_{t+1} as a round's plan says.</summary>
internal static class ServerSteps
{
    /// <summary>The plan's server optimiser, or null in plain federated averaging.</summary>
    public static ServerOptimizer? OptimizerOf(ServerStep step) => step.Method == ServerMethod.None
        ? null
        : new ServerOptimizer((ServerOptimizerKind)step.Method, step.LearningRate, step.Beta1, step.Beta2, step.Tau);

    /// <summary>The optimiser's state before the first round, or null without an optimiser.</summary>
    public static Moments? Begin(Job job) => OptimizerOf(job.Rules.Training.Server) is { } optimizer
        ? new Moments(optimizer.StateLayout(job.Parameters), optimizer.InitialState(job.Parameters.Length))
        : null;

    /// <summary>
    /// The next model, the next state and the lanes' totals. Without an optimiser the aggregate is applied as it is (DESIGN section 6); an
    /// optimiser takes the aggregate delta rounded to float32. A round before training has no optimiser and leaves the state as it is.
    /// </summary>
    /// <exception cref="UnusableSumException">There is no model that the sum could make.</exception>
    public static (ModelSnapshot Model, Moments? Moments, RoundTotals Totals) Take(
        Aggregate aggregate, RoundSpec spec, int parties, ModelSnapshot model, Moments? moments)
    {
        RoundTotals totals = null!;
        if (OptimizerOf(spec.Training.Server) is not { } optimizer)
        {
            return (model.Changed(parameters => totals = aggregate.Apply(spec, parameters, parties)), moments, totals);
        }

        var delta = new float[model.Parameters.Length];
        totals = aggregate.Apply(spec, delta, parties);
        float[] state = [.. moments!.Values];
        try
        {
            var next = model.Changed(parameters => optimizer.Step(delta, parameters, state));
            return (next, new Moments(moments.Layout, state), totals);
        }
        catch (ArithmeticException e)
        {
            throw new UnusableSumException(e.Message);
        }
    }
}
