namespace DemoFl.Figures.Messages;

/// <summary>
/// Logical messages: one sender, one receiver, one thing said. A vector counts once, in however many pieces it travels; a message to all counts
/// once for each receiver; what a node that is party and leader sends itself goes through the relay and counts like any other.
/// </summary>
internal enum MessageKind
{
    /// <summary>Set-up: a node would lead.</summary>
    Recommendation,

    /// <summary>Set-up: the election opens, to each node.</summary>
    ElectionOpened,

    /// <summary>Set-up: the leader set, to each node.</summary>
    LeaderSet,

    /// <summary>Set-up: a leader's key offer to the server, and all offers to each node.</summary>
    KeyOffer,

    /// <summary>Set-up: a node's answer to one leader.</summary>
    KeyAnswer,

    /// <summary>Set-up: the first sealed message each way, and a node's word that all its channels work.</summary>
    KeyConfirmation,

    /// <summary>The round's specification and W_t, to each party.</summary>
    Model,

    /// <summary>A party's vector, to the server or (rotating) to a leader.</summary>
    Vector,

    /// <summary>A party's sealed share for one leader: the nonce of its mask.</summary>
    Share,

    /// <summary>A leader's B_j.</summary>
    Holdings,

    /// <summary>B, to each leader.</summary>
    Intersection,

    /// <summary>A leader's A_j.</summary>
    Sum,

    /// <summary>A leader's word that it holds a share; a party's word that a leader has its vector.</summary>
    Acknowledgement,

    /// <summary>Leaders' signed digests, to each other and to the server.</summary>
    Digest,

    /// <summary>The server's questions to leaders: report B_j, release A_j.</summary>
    Question,

    /// <summary>The round is committed, to each node.</summary>
    Commit,

    /// <summary>A party's word to a leader that it accepts the set with a lost slot filled anew; without faults there are none, nor any of those behind heartbeats.</summary>
    Affirmation,

    /// <summary>The server's beats to leaders, and their answers: as many as the run takes half seconds.</summary>
    Heartbeat,

    /// <summary>What fills a lost slot: pauses and offers, the leaders' agreements, the new set to each node, parties' word that they have resealed.</summary>
    Reorganisation,

    /// <summary>A party's seed of the lost slot, for its new holder.</summary>
    Seed,

    /// <summary>A node's word that it will not, or cannot, or that another does not answer.</summary>
    Refusal,

    /// <summary>The round is aborted, to each node.</summary>
    Abort,
}
