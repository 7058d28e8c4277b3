using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>Plays the one leader of a federation whose parties mask nothing: says what a leader says and releases zeros.</summary>
internal sealed class ScriptedLeader(ScriptedNode node)
{
    /// <summary>The term it was last elected for.</summary>
    public Term Term { get; private set; }

    /// <summary>From the opened election to agreed keys.</summary>
    public async Task LeadAsync()
    {
        Term = new Term((await node.ExpectAsync(f => f.ElectionOpened)).Term);
        await node.SayAsync(new NodeMessage.Recommendation(Term));
        var nextRound = new Round((await node.ExpectAsync(f => f.LeadersAnnounced)).NextRound);
        var offer = new Protocol.KeyOffer(node.Run, Term, new Slot(0), node.Id, node.Incarnation, nextRound, new byte[65]);
        await node.SayAsync(new NodeMessage.OfferMade(
            new SignedOffer(offer, node.Credentials, node.Key.Sign(Protocol.KeyOffer.Domain, offer.Statement()))));
        await node.ExpectAsync(f => f.OffersPublished);
        await node.SayAsync(new NodeMessage.KeysEstablished(Term));
    }

    /// <summary>From the open round to the released sum.</summary>
    public async Task CloseAsync(RoundSpec spec, Func<Protocol.RoundDigest, Protocol.RoundDigest>? change = null, Func<uint, Task>? release = null)
    {
        var asked = await node.ExpectAsync(f => f.HoldingsAsked);
        var attempt = new Attempt((int)asked.Attempt);
        await node.SayAsync(new NodeMessage.HoldingsReported(
            spec.Round, attempt, [.. asked.Uploaded.Select(c => Field.Node(c.Party, "party"))]));
        var proposed = await node.ExpectAsync(f => f.IntersectionProposed);
        var digest = new Protocol.RoundDigest(
            node.Run, Term, spec.Round, attempt, spec.Digest, Leaders.Digest, Records.FromWire(proposed.Intersection, "b").Digest);
        digest = change?.Invoke(digest) ?? digest;
        byte[] signature = node.Key.Sign(Protocol.RoundDigest.Domain, digest.Statement());
        await node.SayAsync(new NodeMessage.DigestsReported(spec.Round, attempt, [new Protocol.SignedDigest(new Slot(0), digest, signature)]));
        if (change is not null)
        {
            return;
        }

        await node.ExpectAsync(f => f.ReleaseAsked);
        if (release is not null)
        {
            await release((uint)attempt.Number);
            return;
        }

        var header = Some.Header(32, kind: VectorKind.Sum, round: spec.Round.Value, attempt: (uint)attempt.Number, lanes: new byte[40]);
        await node.SubmitAsync(header, new byte[32]);
    }

    private LeaderSet Leaders => new(node.Run, Term, [new Seat(new Slot(0), node.Id, node.Incarnation, Term)]);
}
