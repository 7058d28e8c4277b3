namespace DemoFl.Cli.Jobs;

/// <summary>A way in which values that are each in range may not go together.</summary>
/// <param name="Keys">The settings that it compares.</param>
/// <param name="Rule">What must hold, for people.</param>
/// <param name="Objection">What is wrong, or null.</param>
internal sealed record JobContradiction(string[] Keys, string Rule, Func<JobValues, string?> Objection);
