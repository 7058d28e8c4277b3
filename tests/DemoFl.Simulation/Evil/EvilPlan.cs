namespace DemoFl.Simulation;

/// <summary>What an evil server may do, each switched on or off by the seed.</summary>
[Flags]
internal enum Tampering
{
    None = 0,

    /// <summary>Tells nodes of different leader sets in one term.</summary>
    EquivocatesOnLeaders = 1,

    /// <summary>Proposes different intersections.</summary>
    EquivocatesOnIntersection = 2,

    /// <summary>States different sets of complete vectors.</summary>
    EquivocatesOnUploads = 4,

    /// <summary>Sends different models and specifications.</summary>
    EquivocatesOnSpec = 8,

    /// <summary>Names parties and holders that nobody knows.</summary>
    InventsNodes = 16,

    /// <summary>Declares leaders dead that are not, one after another.</summary>
    DeclaresDead = 32,

    /// <summary>Sends what it has sent before.</summary>
    Replays = 64,

    /// <summary>Sends what nodes should have signed and have not.</summary>
    Forges = 128,

    /// <summary>Delivers sealed messages elsewhere, or in another place.</summary>
    Misroutes = 256,

    /// <summary>Sends nothing where it should.</summary>
    Drops = 512,

    /// <summary>Asks for releases before, after and instead of what was agreed.</summary>
    AsksAgain = 1024,
}

/// <summary>An evil server and the nodes in league with it: they share all they learn, and sign what it wants.</summary>
/// <param name="Tampering">What it does.</param>
/// <param name="Corrupt">The nodes in league, by index; each in a process of its own.</param>
internal sealed record EvilPlan(Tampering Tampering, IReadOnlyList<int> Corrupt)
{
    /// <summary>
    /// It keeps rounds open until a party that has announced is restarted, and opens them to its next life again: which has forgotten, and makes another
    /// update of the same round under another nonce.
    /// </summary>
    public bool SecondLives { get; init; }

    public static EvilPlan From(SplitMix64 draw, int leaders, int perProcess, int early)
    {
        // Who does everything gets nowhere: half of them do two things, and those well.
        var tampering = (draw.OneIn(2) ? draw.Draw(Enum.GetValues<Tampering>(), 2) : Enum.GetValues<Tampering>().Where(_ => draw.OneIn(3)))
            .Aggregate(Tampering.None, (all, t) => all | t);
        int[] processes = draw.Draw([.. Enumerable.Range(0, (early + perProcess - 1) / perProcess)], draw.Between(0, Math.Max(1, leaders - 1)));
        return new EvilPlan(tampering, [.. processes.Select(p => p * perProcess)]);
    }

    public bool Does(Tampering tampering) => (Tampering & tampering) != 0;

    public override string ToString() =>
        $"evil server that {Tampering}{(SecondLives ? ", SecondLives" : "")}, in league with [{string.Join(' ', Corrupt.Select(Resident.NameOf))}]";
}
