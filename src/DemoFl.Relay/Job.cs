using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Relay;

/// <summary>
/// What a server trains: the parameters, their starting point, and how a run is governed.
/// </summary>
/// <param name="Text">The job in canonical text: a resumed run must have been started with the same.</param>
/// <param name="Parameters">The named tensors; d is their length.</param>
/// <param name="Start">W_0, d values.</param>
/// <param name="Rules">The protocol's rules; the run id is filled in from the run folder.</param>
/// <param name="Model">The embedded model that the parameters belong to; null when only the nodes' own trainers know it.</param>
/// <param name="HeldOut">Examples that every committed model is judged on, or null; needs a model.</param>
public sealed record Job(
    string Text, ParameterLayout Parameters, ReadOnlyMemory<float> Start, CoordinatorRules Rules, Model? Model = null, Dataset? HeldOut = null)
{
    /// <summary>An embedded model, started from what <paramref name="seed"/> draws.</summary>
    public static Job Of(string text, Model model, ulong seed, CoordinatorRules rules, Dataset? heldOut = null) =>
        new(text, model.Layout, model.Initialise(seed), rules, model, heldOut);
}
