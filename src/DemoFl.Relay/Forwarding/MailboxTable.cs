using System.Collections.Concurrent;
using DemoFl.Protocol;

namespace DemoFl.Relay.Forwarding;

/// <summary>The mailboxes of the nodes that are linked now. Thread-safe.</summary>
internal sealed class MailboxTable
{
    private readonly ConcurrentDictionary<NodeId, Mailbox> _mailboxes = new();

    public Mailbox? Find(NodeId node) => _mailboxes.GetValueOrDefault(node);

    /// <summary>Opens a node's mailbox; an earlier one is closed.</summary>
    public Mailbox Open(NodeId node)
    {
        var mailbox = new Mailbox();
        _mailboxes.AddOrUpdate(node, mailbox, (_, earlier) =>
        {
            earlier.Close();
            return mailbox;
        });
        return mailbox;
    }

    public void Close(NodeId node, Mailbox mailbox)
    {
        mailbox.Close();
        _mailboxes.TryRemove(new KeyValuePair<NodeId, Mailbox>(node, mailbox));
    }
}
