using DemoFl.Protocol;
using Frame = DemoFl.V1.ServerFrame;

namespace DemoFl.Wire;

/// <summary>Signs a statement under a domain.</summary>
public delegate byte[] Signer(string domain, ReadOnlySpan<byte> statement);

/// <summary>Says whether a signature over a statement under a domain is the coordinator's.</summary>
public delegate bool Verifier(string domain, byte[] statement, ReadOnlyMemory<byte> signature);

/// <summary>
/// What the coordinator says on the control stream, to and from its frames; signed statements are signed and verified on the way. Beats are
/// <see cref="Beats"/>'.
/// </summary>
public static class ServerFrames
{
    /// <summary>The frame of a message, signed where the protocol wants it.</summary>
    public static Frame ToWire(ServerMessage message, RunId run, Signer sign) => message switch
    {
        ServerMessage.ElectionOpened m => new Frame
        {
            ElectionOpened = new V1.ElectionOpened { Term = m.Term.Value, WindowMs = (uint)m.Window.TotalMilliseconds, Seats = (uint)m.Seats },
        },
        ServerMessage.LeadersAnnounced m => new Frame
        {
            LeadersAnnounced = new V1.LeadersAnnounced { Leaders = Signed(m.Leaders, sign), NextRound = m.NextRound.Value },
        },
        ServerMessage.OffersPublished m => new Frame
        {
            OffersPublished = new V1.OffersPublished { Term = m.Term.Value, Offers = { m.Offers.Select(Records.ToWire) } },
        },
        ServerMessage.RoundOpened m => new Frame { RoundOpened = RoundSpecs.ToWire(m.Spec, sign(RoundSpec.Domain, m.Spec.Statement())) },
        ServerMessage.Paused m => new Frame { Paused = new V1.Paused { Round = m.Round.Value, Term = m.Term.Value, LostSlot = (uint)m.Lost.Index } },
        ServerMessage.SlotOffered m => new Frame { SlotOffered = new V1.SlotOffered { Round = m.Round.Value, Leaders = Signed(m.Leaders, sign) } },
        ServerMessage.ReplacementAsked m => new Frame
        {
            ReplacementAsked = new V1.ReplacementAsked { Round = m.Round.Value, Leaders = Signed(m.Leaders, sign), Offer = Records.ToWire(m.Offer) },
        },
        ServerMessage.Replaced m => new Frame
        {
            Replaced = new V1.Replaced
            {
                Round = m.Round.Value, Leaders = Signed(m.Leaders, sign), Offer = Records.ToWire(m.Offer),
                Agreements = { m.Agreements.Select(Records.ToWire) },
            },
        },
        ServerMessage.HoldingsAsked m => new Frame
        {
            HoldingsAsked = new V1.HoldingsAsked
            {
                Round = m.Round.Value, Attempt = (uint)m.Attempt.Number, Uploaded = { Records.ToWire(m.Uploaded) },
                Signature = Field.Of(sign(PartySet.UploadDomain, m.Uploaded.UploadStatement(run, m.Round, m.Attempt))), ByLeaders = m.ByLeaders,
            },
        },
        ServerMessage.IntersectionProposed m => new Frame
        {
            IntersectionProposed = new V1.IntersectionProposed
            {
                Round = m.Round.Value, Attempt = (uint)m.Attempt.Number, Intersection = { Records.ToWire(m.Intersection) },
            },
        },
        ServerMessage.ReleaseAsked m => new Frame { ReleaseAsked = new V1.ReleaseAsked { Round = m.Round.Value, Attempt = (uint)m.Attempt.Number } },
        ServerMessage.RoundCommitted m => new Frame
        {
            RoundCommitted = new V1.RoundCommitted
            {
                Round = m.Round.Value, ModelHash = Field.Of(m.ModelHash), Parties = (uint)m.Parties, Totals = Records.ToWire(m.Totals),
            },
        },
        ServerMessage.RoundAborted m => new Frame { RoundAborted = new V1.RoundAborted { Round = m.Round.Value, Reason = Shortened(m.Reason) } },
        ServerMessage.RunFinished m => new Frame { RunFinished = new V1.RunFinished { Succeeded = m.Succeeded, Reason = Shortened(m.Reason) } },
        _ => throw new ArgumentException($"No frame for {message.GetType().Name}.", nameof(message)),
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="WireFormatException">Malformed, or a signature is not the coordinator's.</exception>
    public static ServerMessage FromWire(Frame frame, RunId run, Verifier verify) => frame.FrameCase switch
    {
        Frame.FrameOneofCase.ElectionOpened => new ServerMessage.ElectionOpened(
            new Term(frame.ElectionOpened.Term), Field.Milliseconds(frame.ElectionOpened.WindowMs, "election_opened.window_ms"),
            Field.Int(frame.ElectionOpened.Seats, "election_opened.seats", WireLimits.MaxSlots)),
        Frame.FrameOneofCase.LeadersAnnounced => new ServerMessage.LeadersAnnounced(
            Verified(frame.LeadersAnnounced.Leaders, "leaders_announced.leaders", verify),
            Field.Round(frame.LeadersAnnounced.NextRound, "leaders_announced.next_round")),
        Frame.FrameOneofCase.OffersPublished => new ServerMessage.OffersPublished(
            new Term(frame.OffersPublished.Term), Field.List(frame.OffersPublished.Offers, "offers", WireLimits.MaxSlots, Records.FromWire)),
        Frame.FrameOneofCase.RoundOpened => Opened(frame.RoundOpened, verify),
        Frame.FrameOneofCase.Paused => new ServerMessage.Paused(
            new Round(frame.Paused.Round), new Term(frame.Paused.Term), Field.Slot(frame.Paused.LostSlot, "paused.lost_slot")),
        Frame.FrameOneofCase.SlotOffered => new ServerMessage.SlotOffered(
            Field.Round(frame.SlotOffered.Round, "slot_offered.round"), Verified(frame.SlotOffered.Leaders, "slot_offered.leaders", verify)),
        Frame.FrameOneofCase.ReplacementAsked => new ServerMessage.ReplacementAsked(
            new Round(frame.ReplacementAsked.Round), Verified(frame.ReplacementAsked.Leaders, "replacement_asked.leaders", verify),
            Records.FromWire(Field.Present(frame.ReplacementAsked.Offer, "replacement_asked.offer"))),
        Frame.FrameOneofCase.Replaced => new ServerMessage.Replaced(
            new Round(frame.Replaced.Round), Verified(frame.Replaced.Leaders, "replaced.leaders", verify),
            Records.FromWire(Field.Present(frame.Replaced.Offer, "replaced.offer")),
            Field.List(frame.Replaced.Agreements, "replaced.agreements", WireLimits.MaxSlots, Records.FromWire)),
        Frame.FrameOneofCase.HoldingsAsked => Asked(frame.HoldingsAsked, run, verify),
        Frame.FrameOneofCase.IntersectionProposed => new ServerMessage.IntersectionProposed(
            new Round(frame.IntersectionProposed.Round), Field.Attempt(frame.IntersectionProposed.Attempt, "attempt"),
            Records.FromWire(frame.IntersectionProposed.Intersection, "intersection")),
        Frame.FrameOneofCase.ReleaseAsked => new ServerMessage.ReleaseAsked(
            new Round(frame.ReleaseAsked.Round), Field.Attempt(frame.ReleaseAsked.Attempt, "attempt")),
        Frame.FrameOneofCase.RoundCommitted => new ServerMessage.RoundCommitted(
            new Round(frame.RoundCommitted.Round), Field.Hash(frame.RoundCommitted.ModelHash, "model_hash"),
            (int)Field.Between(frame.RoundCommitted.Parties, "round_committed.parties", 1, WireLimits.MaxParties), Records.FromWire(frame.RoundCommitted.Totals)),
        Frame.FrameOneofCase.RoundAborted => new ServerMessage.RoundAborted(new Round(frame.RoundAborted.Round), Field.Text(frame.RoundAborted.Reason, "reason")),
        Frame.FrameOneofCase.RunFinished => new ServerMessage.RunFinished(frame.RunFinished.Succeeded, Field.Text(frame.RunFinished.Reason, "reason")),
        _ => throw new WireFormatException($"A server frame of kind {frame.FrameCase} has no place here."),
    };

    private static V1.LeaderSet Signed(LeaderSet leaders, Signer sign) => Records.ToWire(leaders, sign(LeaderSet.Domain, leaders.Statement()));

    private static LeaderSet Verified(V1.LeaderSet? announced, string field, Verifier verify)
    {
        var wire = Field.Present(announced, field);
        var leaders = Records.FromWire(wire);
        Require(verify, LeaderSet.Domain, leaders.Statement(), wire.Signature.Memory, "leader set");
        return leaders;
    }

    private static ServerMessage.RoundOpened Opened(V1.RoundSpec wire, Verifier verify)
    {
        var spec = RoundSpecs.FromWire(wire);
        Require(verify, RoundSpec.Domain, spec.Statement(), wire.Signature.Memory, "round specification");
        return new ServerMessage.RoundOpened(spec);
    }

    private static ServerMessage.HoldingsAsked Asked(V1.HoldingsAsked wire, RunId run, Verifier verify)
    {
        var asked = new ServerMessage.HoldingsAsked(
            new Round(wire.Round), Field.Attempt(wire.Attempt, "attempt"), Records.FromWire(wire.Uploaded, "uploaded"), wire.ByLeaders);
        Require(verify, PartySet.UploadDomain, asked.Uploaded.UploadStatement(run, asked.Round, asked.Attempt), wire.Signature.Memory, "set of uploaded vectors");
        return asked;
    }

    private static void Require(Verifier verify, string domain, byte[] statement, ReadOnlyMemory<byte> signature, string what)
    {
        if (!verify(domain, statement, signature))
        {
            throw new WireFormatException($"The {what} is not signed by this federation's coordinator.");
        }
    }

    private static string Shortened(string reason) => reason.Length <= WireLimits.MaxText ? reason : reason[..WireLimits.MaxText];
}
