using System.Text;

namespace DemoFl.Identity;

/// <summary>
/// The list of who belongs to a federation. A text file that people write, review and sign off, one entry a line:
/// <code>
/// # comment
/// node alice MFkwEwYHKoZIzj0C...
/// server hub MFkwEwYHKoZIzj0C...
/// </code>
/// The last word is the Base64 of the encoded public key. No name and no key appears twice. Immutable, hence thread-safe.
/// </summary>
public sealed class Roster
{
    /// <summary>The most entries of a roster.</summary>
    public const int MaxEntries = 65_536;

    /// <summary>The largest roster file, in bytes.</summary>
    public const int MaxFileSize = 16 * 1024 * 1024;

    private readonly RosterEntry[] _entries;
    private readonly Dictionary<string, RosterEntry> _byName;
    private readonly Dictionary<string, RosterEntry> _byKey;

    private Roster(RosterEntry[] entries)
    {
        _entries = entries;
        _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        _byKey = entries.ToDictionary(KeyOf, StringComparer.Ordinal);
    }

    /// <summary>The roster without entries.</summary>
    public static Roster Empty { get; } = new([]);

    /// <summary>The entries, in the order of the file.</summary>
    public IReadOnlyList<RosterEntry> Entries => _entries;

    /// <summary>Loads a roster file (UTF-8).</summary>
    /// <exception cref="IdentityFileException">The file is missing, too large or malformed; the message names the lines.</exception>
    public static Roster Load(string path)
    {
        try
        {
            return Parse(Encoding.UTF8.GetString(IdentityFile.Read(path, MaxFileSize)));
        }
        catch (FormatException cause)
        {
            throw new IdentityFileException(path, $"is not a valid roster. {cause.Message}", cause);
        }
    }

    /// <summary>Reads a roster from text.</summary>
    /// <exception cref="FormatException">Lists what is wrong by line number, up to 20 lines.</exception>
    public static Roster Parse(string text) => new(RosterText.Parse(text));

    /// <summary>Saves the roster atomically, for everybody to read, replacing an older one. Comments of that one are lost.</summary>
    /// <exception cref="IdentityFileException">The file cannot be written.</exception>
    public void Save(string path) =>
        IdentityFile.Write(path, Encoding.UTF8.GetBytes(Format()), IdentityFile.Everyone, overwrite: true);

    /// <summary>The roster as text that <see cref="Parse"/> reads back: a line an entry, each ended by a line feed.</summary>
    public string Format() => string.Concat(_entries.Select(entry => $"{entry}\n"));

    /// <summary>The entry, node or server, with this name, or null.</summary>
    public RosterEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The entry, node or server, with this key, or null.</summary>
    public RosterEntry? Find(ReadOnlySpan<byte> publicKey) => _byKey.GetValueOrDefault(Convert.ToHexString(publicKey));

    /// <summary>The roster with one more entry at its end.</summary>
    /// <exception cref="ArgumentException">The entry is malformed, its name or key is there already, or the roster is full.</exception>
    public Roster With(RosterEntry entry)
    {
        string? complaint =
            RosterText.Complaint(entry)
            ?? (_byName.ContainsKey(entry.Name) ? $"the name '{entry.Name}' is in the roster already"
            : Find(entry.PublicKey.Span) is { } owner ? $"the key is in the roster already, as '{owner.Name}'"
            : _entries.Length == MaxEntries ? $"the roster is full ({MaxEntries} entries)"
            : null);
        return complaint is null
            ? new Roster([.. _entries, entry])
            : throw new ArgumentException($"Cannot add to the roster: {complaint}.", nameof(entry));
    }

    internal static string KeyOf(RosterEntry entry) => Convert.ToHexString(entry.PublicKey.Span);
}
