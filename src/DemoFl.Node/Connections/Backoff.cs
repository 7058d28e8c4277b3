using System.Security.Cryptography;

namespace DemoFl.Node.Connections;

/// <summary>Exponential waits with full jitter, so that a herd does not come back at once.</summary>
internal static class Backoff
{
    private const int FirstMs = 200;
    private const int LongestMs = 5_000;

    /// <summary>The wait before try number <paramref name="attempt"/> + 1.</summary>
    public static TimeSpan Delay(int attempt)
    {
        int ceiling = (int)Math.Min(LongestMs, FirstMs * Math.Pow(2, Math.Min(attempt, 10)));
        return TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(FirstMs / 2, ceiling));
    }
}
