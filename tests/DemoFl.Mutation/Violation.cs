using System.Globalization;

namespace DemoFl.Mutation;

/// <summary>What a simulator found.</summary>
/// <param name="Seed">That broke it.</param>
/// <param name="Promise">Which, such as P5; empty where a machine threw.</param>
/// <param name="Message">The simulator's words.</param>
internal sealed record Violation(ulong Seed, string Promise, string Message)
{
    /// <param name="found"><c>seed: promise: words</c>.</param>
    public static Violation Parse(string found)
    {
        string[] parts = found.Split(": ", 3);
        bool named = parts.Length == 3 && parts[1] is [>= 'A' and <= 'Z', >= '0' and <= '9'];
        return new Violation(
            ulong.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), named ? parts[1] : "", found[(parts[0].Length + ": ".Length)..].Split('\n')[0]);
    }
}
