namespace DemoFl.Chaos.Scenarios.Matrix;

/// <summary>A phase that something holds open.</summary>
/// <param name="Victims">Who is to be killed in it.</param>
/// <param name="LetGo">Ends the holding; called right after the blow.</param>
internal sealed record HeldPhase(IReadOnlyList<string> Victims, Action LetGo);
