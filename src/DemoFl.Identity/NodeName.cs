using System.Buffers;

namespace DemoFl.Identity;

/// <summary>
/// The rule for the names of nodes: 1 to 63 characters out of a-z, 0-9, '-', '.' and '_', the first one a letter or a digit. Such a
/// name is safe in a file name, a URN, a log line and on a command line.
/// </summary>
public static class NodeName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 63 characters out of a-z, 0-9, '-', '.', '_', beginning with a letter or a digit";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Whether <paramref name="name"/> follows the rule. Never throws.</summary>
    public static bool IsValid(string name) =>
        name is { Length: >= 1 and <= MaxLength }
        && name[0] is not ('-' or '.' or '_')
        && !name.AsSpan().ContainsAnyExcept(Allowed);
}
