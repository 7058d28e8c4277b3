namespace DemoFl.Simulation;

/// <summary>What honest parties know and have said: their updates, under which nonce, and to which leader sets they have given their word.</summary>
internal sealed class PartyWords
{
    private readonly Dictionary<(Round Round, NodeId Party, Hash256 NonceHash), uint[]> _updates = [];
    private readonly HashSet<(Round Round, NodeId Party, Hash256 Leaders)> _given = [];
    private readonly Dictionary<(NodeId Party, Nonce Nonce), PeerMessage.Announcement> _announced = [];


    public void Keep(Round round, NodeId party, Hash256 nonceHash, uint[] update) => _updates[(round, party, nonceHash)] = update;

    public uint[]? UpdateOf(Round round, Contribution contribution) => _updates.GetValueOrDefault((round, contribution.Party, contribution.NonceHash));

    public void Announce(NodeId party, PeerMessage.Announcement announcement) => _announced[(party, announcement.Nonce)] = announcement;

    /// <summary>As the party said it, whoever heard it.</summary>
    public PeerMessage.Announcement? AnnouncementOf(NodeId party, Nonce nonce) => _announced.GetValueOrDefault((party, nonce));

    public void GiveWord(Round round, NodeId party, Hash256 leaders) => _given.Add((round, party, leaders));

    public bool HasGivenWord(Round round, NodeId party, Hash256 leaders) => _given.Contains((round, party, leaders));
}
