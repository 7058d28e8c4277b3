namespace DemoFl.Simulation;

/// <summary>
/// The nodes in league with the server. Beside their own machines, which keep to the protocol and tell all they learn, they make whatever offers the
/// server wants, serve the channels that come of them, and sign every digest and every replacement that would persuade an honest leader.
/// </summary>
internal sealed class Accomplices(EvilServer server, Federation federation)
{
    private readonly SplitMix64 _randomness = Randomness.For(federation.Scenario.Seed, "accomplices");
    private readonly Dictionary<Hash256, KeyOffer> _offers = [];
    private readonly Dictionary<Hash256, (KeyOffer Offer, PairChannel Channel)> _channels = [];

    public int Count { get; } = federation.Population.Residents.Count(r => r.IsCorrupt);

    public bool IsOne(NodeId node) => federation.Population.Find(node) is { IsCorrupt: true };

    /// <summary>One that is there and holds no slot of this set; null where there is none.</summary>
    public NodeHost? Outside(LeaderSet leaders)
    {
        var free = federation.Population.Residents.Where(r => r is { IsCorrupt: true, Life: not null } && leaders.SeatOf(r.Id) is null).ToArray();
        return free.Length == 0 ? null : _randomness.Pick(free).Life;
    }

    /// <summary>A key offer for a seat that an accomplice is to have, beside all that its machine offers.</summary>
    public SignedOffer Offer(RunId run, Seat seat, Round firstRound)
    {
        var offer = new KeyOffer(run, seat.Since, seat.Slot, seat.Holder, seat.Incarnation, firstRound, _randomness.Next256().ToArray());
        federation.Signatures.Sign(seat.Holder, offer.Statement());
        _offers[Hash256.Of(offer.Statement())] = offer;
        return new SignedOffer(offer, new Credentials("", default, default), default);
    }

    /// <summary>Signs a replacement in the name of every accomplice among the survivors.</summary>
    public void Sign(LeaderSet leaders, Replacement replacement)
    {
        foreach (var seat in leaders.Seats.Where(s => IsOne(s.Holder)))
        {
            federation.Signatures.Sign(seat.Holder, replacement.Statement());
        }
    }

    /// <summary>An accomplice's own machine signs what it was told; what the server wants signed goes out instead.</summary>
    public static bool Withholds(NodeHost sender, PeerFrame frame) => sender.Resident.IsCorrupt
        && frame is PeerFrame.Sealed { Content: SealedContent.Said { Message: PeerMessage.DigestShare } };

    /// <summary>True when a frame is for one of the channels that no machine knows of.</summary>
    public bool Takes(NodeHost sender, NodeId receiver, PeerFrame frame)
    {
        if (!IsOne(receiver))
        {
            return false;
        }

        switch (frame)
        {
            case PeerFrame.Answered { Answer.Answer: var answer } when _offers.TryGetValue(answer.OfferHash, out var offer):
                var key = KeyAnswer.Transcript(offer, answer);
                _channels[key] = (offer, new PairChannel(key, sender.Resident.Id, new Seat(offer.Slot, offer.Holder, offer.Incarnation, offer.Term)));
                return true;
            case PeerFrame.Sealed m when _channels.TryGetValue(m.Key, out var known):
                Serve(sender, known.Offer, known.Channel, m);
                if (m.Content is SealedContent.Said { Message: PeerMessage.DigestShare heard })
                {
                    Echo(receiver, m.Context.Slot, heard.Digest);
                }

                return true;
            case PeerFrame.Sealed { ToHolder: true, Content: SealedContent.Said { Message: PeerMessage.DigestShare share } } m:
                Echo(receiver, m.Context.Slot, share.Digest);
                return false;
            default:
                return false;
        }
    }

    /// <summary>
    /// The same digest, signed for the accomplice's own slot, and now and then for slots that it does not hold: an honest leader hears what it says.
    /// </summary>
    private void Echo(NodeId accomplice, Slot own, SignedDigest heard)
    {
        federation.Signatures.Sign(accomplice, heard.Digest.Statement());
        Tell(accomplice, heard.Slot, new SignedDigest(own, heard.Digest, default));
        if (server.Strikes(Tampering.Forges, 3))
        {
            foreach (var slot in Enumerable.Range(0, federation.Scenario.Rules.Leaders).Select(i => new Slot(i)).Where(s => s != heard.Slot && s != own))
            {
                Tell(accomplice, heard.Slot, new SignedDigest(slot, heard.Digest, default));
            }
        }
    }

    /// <summary>Sealed with the accomplice's channel to that slot, in the digest's own place.</summary>
    private void Tell(NodeId accomplice, Slot to, SignedDigest digest)
    {
        if (federation.Population.Find(accomplice)?.Life is { } session && session.Channels.ToHolder(to) is { } channel)
        {
            var (run, term, round, attempt) = (digest.Digest.Run, digest.Digest.Term, digest.Digest.Round, digest.Digest.Attempt);
            var context = new SealContext(run, term, round, attempt, accomplice, channel.Peer, to, SealedKind.Digest);
            var content = new SealedContent.Said(new PeerMessage.DigestShare(digest));
            federation.Carry(session, channel.Peer, new PeerFrame.Sealed(context, true, channel.NextSequence(), channel.Key, content));
        }
    }

    private void Serve(NodeHost party, KeyOffer offer, PairChannel channel, PeerFrame.Sealed frame)
    {
        var kind = frame.Context.Kind;
        (SealedKind, PeerMessage)? reply = frame.Content switch
        {
            SealedContent.Said { Message: PeerMessage.Confirm } => (SealedKind.Confirm, new PeerMessage.Confirm()),
            SealedContent.Said { Message: PeerMessage.Announcement m } =>
                (SealedKind.Acknowledgement, new PeerMessage.Acknowledgement(m.Round, Vector: false)),
            SealedContent.Said { Message: PeerMessage.Affirmation m } =>
                (SealedKind.AffirmationReceipt, new PeerMessage.AffirmationReceipt(m.Round, m.Term)),
            SealedContent.Seed m => (SealedKind.Acknowledgement, new PeerMessage.Acknowledgement(m.Round, Vector: false)),
            SealedContent.Vector m => (SealedKind.Acknowledgement, new PeerMessage.Acknowledgement(m.Round, Vector: true)),
            _ => null,
        };
        if (reply is var (answers, message) && federation.Population.Find(offer.Holder)?.Life is { } session)
        {
            var context = frame.Context with { Sender = offer.Holder, Receiver = party.Resident.Id, Kind = answers };
            federation.Tally.Count($"accomplices answered {kind}");
            var said = new SealedContent.Said(message);
            federation.Carry(session, party.Resident.Id, new PeerFrame.Sealed(context, false, channel.NextSequence(), channel.Key, said));
        }
    }
}
