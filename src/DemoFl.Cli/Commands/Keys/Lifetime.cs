using System.CommandLine;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Cli.Commands;

/// <summary>How long a certificate is to be valid.</summary>
internal static class Lifetime
{
    /// <summary>The most days: twenty years.</summary>
    public const int MaxDays = 7_300;

    /// <summary>The days of an authority, and of what it issues, unless the user gives them.</summary>
    public const int AuthorityDays = 1_825, IssuedDays = 365;

    public static Option<int?> Option(int preset) =>
        new("--days") { Description = $"Days that the certificate is valid, 1 to {MaxDays}; {preset} by default.", HelpName = "N" };

    /// <exception cref="CliException">The number of days is out of range.</exception>
    public static TimeSpan OfAuthority(int? days) => TimeSpan.FromDays(InRange(days ?? AuthorityDays));

    /// <summary>The days asked for; by default as many as suit, but no longer than the authority lives.</summary>
    /// <exception cref="CliException">The days are out of range, or the authority is not valid that long.</exception>
    public static TimeSpan Under(X509Certificate2 authority, int? days, DateTimeOffset now)
    {
        var left = authority.NotAfter - now;
        if (left <= TimeSpan.Zero)
            throw new CliException(
                $"The authority expired on {authority.NotAfter.ToUniversalTime():u}. Make a new one with `demofl keys ca`.");
        if (days is null) return left < TimeSpan.FromDays(IssuedDays) ? left : TimeSpan.FromDays(IssuedDays);

        var asked = TimeSpan.FromDays(InRange(days.Value));
        return asked <= left
            ? asked
            : throw new CliException(
                $"--days {days} reaches beyond the authority, which is valid until {authority.NotAfter.ToUniversalTime():u}. "
                + $"Give --days {left.Days} or fewer.");
    }

    private static int InRange(int days) => days is >= 1 and <= MaxDays
        ? days
        : throw new CliException($"--days is {days}, allowed are 1 to {MaxDays}.");
}
