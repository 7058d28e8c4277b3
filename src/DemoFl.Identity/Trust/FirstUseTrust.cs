namespace DemoFl.Identity;

/// <summary>
/// Pins the key with which a name first appears and refuses any other from then on. Does not vouch for keys: whoever controls the
/// first contact chooses the key, so the promises hold only against servers that are honest but curious.
/// </summary>
/// <remarks>
/// Pins are kept in memory or in a file. The file is a roster: once reviewed, it can be used as one. Thread-safe within a process; two
/// processes must not share a file.
/// </remarks>
public sealed class FirstUseTrust : ITrustPolicy
{
    /// <summary>The most names that are pinned. Names cost an attacker nothing, so memory must have a bound.</summary>
    public const int MaxPins = 4096;

    private readonly Lock _gate = new();
    private readonly string? _path;
    private Roster _pins;

    /// <summary>Pins in memory: a restart forgets them.</summary>
    public FirstUseTrust() => _pins = Roster.Empty;

    /// <summary>Pins in a file, which is created at the first pin.</summary>
    /// <exception cref="IdentityFileException">The file exists but is no roster, or cannot be read.</exception>
    public FirstUseTrust(string path)
    {
        _path = path;
        _pins = File.Exists(path) ? Roster.Load(path) : Roster.Empty;
    }

    /// <summary>What has been pinned so far.</summary>
    public Roster Pins
    {
        get
        {
            lock (_gate)
            {
                return _pins;
            }
        }
    }

    /// <summary>False.</summary>
    public bool VouchesForKeys => false;

    /// <summary>Judges a claim; pins the key when neither it nor the name has been seen.</summary>
    /// <exception cref="IdentityFileException">A new pin cannot be written; it is not kept in memory either.</exception>
    public TrustDecision Judge(IdentityClaim claim, DateTimeOffset now)
    {
        if (ClaimForm.Refusal(claim) is { } malformed)
        {
            return malformed;
        }

        lock (_gate)
        {
            return Refusal(claim) is { } refused ? refused
                : _pins.Find(claim.Name) is null ? Pin(claim)
                : new TrustDecision.Trusted("same key as at first use");
        }
    }

    private TrustDecision.Refused? Refusal(IdentityClaim claim)
    {
        string claimed = ClaimForm.Describe(claim.Name, claim.PublicKey);
        RosterEntry? named = _pins.Find(claim.Name);
        RosterEntry? keyed = _pins.Find(claim.PublicKey.Span);
        return named switch
        {
            null when keyed is not null => new($"The key of '{claimed}' was first seen as '{keyed.Name}'. A key keeps its name."),
            null when _pins.Entries.Count >= MaxPins => new($"'{claimed}' is new, and {MaxPins} names are pinned already."),
            null => null,
            { IsServer: true } => new($"'{claim.Name}' is pinned as a server, not as a node."),
            _ when !named.PublicKey.Span.SequenceEqual(claim.PublicKey.Span) => new(
                $"'{ClaimForm.Describe(named.Name, named.PublicKey)}' was seen first, and '{claimed}' has another key. "
                + "If the key was replaced on purpose, remove the old pin."),
            _ => null,
        };
    }

    private TrustDecision.Trusted Pin(IdentityClaim claim)
    {
        // The claim's memory is the caller's and may be reused.
        Roster pinned = _pins.With(new RosterEntry(claim.Name, claim.PublicKey.ToArray()));
        if (_path is not null)
        {
            pinned.Save(_path);
        }

        _pins = pinned;
        return new TrustDecision.Trusted("first use: the key is pinned from now on, nobody vouches for it");
    }
}
