namespace DemoFl.Chaos.Strikes;

/// <summary>Phases in words.</summary>
internal static class PhaseWords
{
    public static string Word(this Phase phase) => $"{phase}".ToLowerInvariant();
}
