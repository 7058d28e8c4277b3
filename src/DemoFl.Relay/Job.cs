using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Relay;

/// <summary>
/// What a server trains: the model, its starting point, and how a run is governed.
/// </summary>
/// <param name="Text">The job in canonical text: a resumed run must have been started with the same.</param>
/// <param name="Model">The model; d is its layout's length.</param>
/// <param name="Seed">From which the first W, the draws and the parties' shuffles follow.</param>
/// <param name="Rules">The protocol's rules; the run id is filled in from the run folder.</param>
/// <param name="HeldOut">Examples that every committed model is judged on, or null.</param>
public sealed record Job(string Text, Model Model, ulong Seed, CoordinatorRules Rules, Dataset? HeldOut);
