using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>One fault of a <see cref="LinkScenario"/>.</summary>
/// <param name="Fault">As results call it.</param>
/// <param name="Role">Whose link.</param>
/// <param name="Phase">When.</param>
/// <param name="Run">Makes it, and looks at what comes of it.</param>
internal sealed record LinkCase(string Fault, string Role, string Phase, Func<FaultRun, FaultyLinks, Task> Run);
