using DemoFl.Node.Rounds;
using DemoFl.Protocol;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Owner;

/// <summary>Writes down what a node's machine wants done, before it is done. One per connection; called from the node's loop.</summary>
internal sealed class EffectRecord(OwnerRecord record, string name, ILogger logger)
{
    private int _committedParties;

    /// <summary>
    /// Announcements, and what a party gives and says to a slot's new holder, are written down together before the first one leaves. Where that fails
    /// they are taken out, and the machine is to hear next that the round has no update.
    /// </summary>
    public void Withhold(List<NodeEffect> effects, LeaderSet? leaders, Action<NodeInput> next)
    {
        var sent = effects.Select(e => (Effect: e, Note: NoteOf(e, leaders))).Where(e => e.Note is not null).ToArray();
        if (sent.Length == 0)
        {
            return;
        }

        var round = RoundOf(sent[0].Effect);
        try
        {
            record.Require([.. sent.Select(s => s.Note!)]);
        }
        catch (RecordException e)
        {
            Log.RoundNotRecorded(logger, name, round, e.Message);
            effects.RemoveAll(effect => sent.Any(s => ReferenceEquals(s.Effect, effect)));
            next(new NodeInput.UpdateFailed(round, BackgroundWork.Unrecorded));
        }
    }

    /// <summary>Writes down an effect that is carried out next.</summary>
    /// <exception cref="RecordException">It is a key offer, and cannot be written.</exception>
    public void Note(NodeEffect effect)
    {
        if (effect is NodeEffect.OfferKeys offer)
        {
            record.Require(RecordNote.Offer(offer.Leaders, offer.Slot));
        }
        else if (effect is NodeEffect.ObserveTotals totals)
        {
            _committedParties = totals.Commit.Parties;
        }
        else if (NoteOf(effect) is { } note)
        {
            record.Note(note);
        }
    }

    private static RecordNote? NoteOf(NodeEffect effect, LeaderSet? leaders) => effect switch
    {
        NodeEffect.ToHolder { Message: PeerMessage.Announcement m } e => RecordNote.Announcement(m.Round, leaders!.Seats[e.Slot.Index]),
        NodeEffect.ToHolder { Message: PeerMessage.Affirmation m } e => RecordNote.Affirmation(m.Round, m.Term, leaders!.Seats[e.Slot.Index]),
        NodeEffect.Reseal e => RecordNote.Reseal(e.Spec.Round, leaders!.Seats[e.Slot.Index]),
        _ => null,
    };

    private static Round RoundOf(NodeEffect effect) => effect switch
    {
        NodeEffect.Reseal e => e.Spec.Round,
        NodeEffect.ToHolder { Message: PeerMessage.Affirmation m } => m.Round,
        NodeEffect.ToHolder { Message: PeerMessage.Announcement m } => m.Round,
        _ => throw new ArgumentException($"{effect.GetType().Name} is of no round.", nameof(effect)),
    };

    private RecordNote? NoteOf(NodeEffect effect) => effect switch
    {
        NodeEffect.Tell { Message: NodeMessage.Declined m } => RecordNote.Told(m.Round, asLeader: false, m.Reason),
        NodeEffect.Tell { Message: NodeMessage.LeaderRefused m } => RecordNote.Told(m.Round, asLeader: true, m.Reason),
        NodeEffect.Report { Event: NodeEvent.Declined m } => RecordNote.Declined(m.Round, m.Reason),
        NodeEffect.Report { Event: NodeEvent.RoundEnded m } => RecordNote.Ended(m.Round, m.AbortReason is null ? _committedParties : null, m.AbortReason),
        NodeEffect.Finish m => RecordNote.Finished(m.Succeeded, m.Reason),
        _ => null,
    };
}
