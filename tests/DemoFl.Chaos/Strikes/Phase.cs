namespace DemoFl.Chaos.Strikes;

/// <summary>What a federation goes through, in order.</summary>
internal enum Phase
{
    /// <summary>The server waits for nodes.</summary>
    Join,

    /// <summary>A term is open and has vacant slots.</summary>
    Election,

    /// <summary>Leaders are seated, and nodes agree keys with them.</summary>
    Keys,

    /// <summary>A round is open, and no party has announced.</summary>
    Training,

    /// <summary>A party has announced to the leaders; no vector is on its way.</summary>
    Announce,

    /// <summary>A vector is on its way or there, and others are waited for.</summary>
    Upload,

    /// <summary>The leaders say what they hold and agree on B.</summary>
    Intersect,

    /// <summary>The closing record becomes durable, and leaders hand their sums out.</summary>
    Release,

    /// <summary>The model and its record become durable.</summary>
    Commit,

    /// <summary>A lost leader's slot is filled anew, and parties reseal.</summary>
    Reorganisation,

    /// <summary>No round is open, nor anything else.</summary>
    Between,
}
