using DemoFl.Node.Rounds;
using DemoFl.Protocol;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Owner;

/// <summary>Writes down what a node's machine wants done, before it is done. One per connection; called from the node's loop.</summary>
internal sealed class EffectRecord(OwnerRecord record, string name, ILogger logger)
{
    private int _committedParties;

    /// <summary>
    /// Announcements are written down together before the first one leaves. Where that fails they are taken out, and the machine is to hear next
    /// that the round has no update.
    /// </summary>
    public void Withhold(List<NodeEffect> effects, LeaderSet? leaders, Action<NodeInput> next)
    {
        var announcements = effects.OfType<NodeEffect.ToHolder>().Where(e => e.Message is PeerMessage.Announcement).ToArray();
        if (announcements.Length == 0)
        {
            return;
        }

        var round = ((PeerMessage.Announcement)announcements[0].Message).Round;
        try
        {
            record.Require([.. announcements.Select(a => RecordNote.Announcement(round, leaders!.Seats.Single(s => s.Slot == a.Slot)))]);
        }
        catch (RecordException e)
        {
            Log.RoundNotRecorded(logger, name, round, e.Message);
            effects.RemoveAll(announcements.Contains);
            next(new NodeInput.UpdateFailed(round, RoundTasks.Unrecorded));
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
