using System.Text.Json.Nodes;
using DemoFl.Protocol;

namespace DemoFl.Node.Owner;

/// <summary>
/// What a line of the record says, beside its number, time and chain. Names, numbers, sizes and hashes of what left; never the content of an
/// update, key, mask or share.
/// </summary>
internal sealed record RecordNote(string Event, IReadOnlyList<(string Key, JsonNode? Value)> Fields)
{
    /// <summary>To whom, where it is not another node.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Reasons are cut to this many characters.</summary>
    private const int MaxText = 1024;

    /// <summary>A process begins; a line that was not whole when the one before it died was never acted on, and is gone.</summary>
    public static RecordNote Start(string name, int torn) => new("start", [("name", name), ("torn", torn)]);

    /// <summary>The node's name, key and certificate go to a server, to prove who it is.</summary>
    public static RecordNote Join(Uri server, NodeId self) => new("join", [("server", server.ToString()), ("id", Whole(self))]);

    /// <summary>The server has admitted the node.</summary>
    public static RecordNote Joined(RunId run, string server, Hash256 serverKey) =>
        new("joined", [("run", run.ToString()), ("name", Short(server)), ("key", serverKey.ToString())]);

    /// <summary>The owner does not accept the server or its job.</summary>
    public static RecordNote Refused(string reason) => new("refused", [("reason", Short(reason))]);

    /// <summary>A public key for the slot this node took, for every node to answer.</summary>
    public static RecordNote Offer(LeaderSet leaders, Slot slot) =>
        new("offer", [("term", Number(leaders.Term.Value)), ("slot", slot.Index), ("to", Coordinator)]);

    /// <summary>A public key for one leader.</summary>
    public static RecordNote Answer(KeyOffer offer) =>
        new("answer", [("term", Number(offer.Term.Value)), ("slot", offer.Slot.Index), ("to", Whole(offer.Holder))]);

    /// <summary>Sealed for a leader: the nonce from which its mask follows.</summary>
    public static RecordNote Announcement(Round round, Seat seat) =>
        new("announcement", [("round", Number(round.Value)), ("slot", seat.Slot.Index), ("to", Whole(seat.Holder))]);

    /// <summary>Sealed for the leader that took a lost one's slot: the seed of its mask, or where that leader keeps the vector, the nonce.</summary>
    public static RecordNote Reseal(Round round, Seat seat) =>
        new("reseal", [("round", Number(round.Value)), ("slot", seat.Slot.Index), ("to", Whole(seat.Holder))]);

    /// <summary>Sealed for a leader: which leaders the party has resealed to.</summary>
    public static RecordNote Affirmation(Round round, Term term, Seat seat) => new("affirmation",
        [("round", Number(round.Value)), ("term", Number(term.Value)), ("slot", seat.Slot.Index), ("to", Whole(seat.Holder))]);

    /// <summary>The party's vector, masked, or as it is in the plain layout.</summary>
    public static RecordNote Vector(RoundSpec spec, string to, long byteLength, Hash256 hash) => new("vector",
    [
        ("run", spec.Run.ToString()), ("round", Number(spec.Round.Value)), ("layout", spec.Layout.ToString().ToLowerInvariant()), ("to", to),
        ("length", byteLength), ("sha256", hash.ToString()),
    ]);

    /// <summary>As a leader: the sum of the masks of |B| parties.</summary>
    public static RecordNote Sum(RoundSpec spec, Attempt attempt, int parties, long byteLength) => new("sum",
    [
        ("run", spec.Run.ToString()), ("round", Number(spec.Round.Value)), ("attempt", attempt.Number), ("parties", parties), ("to", Coordinator),
        ("length", byteLength),
    ]);

    /// <summary>A round that this node sits out, and why.</summary>
    public static RecordNote Declined(Round round, string reason) => new("declined", [("round", Number(round.Value)), ("reason", Short(reason))]);

    /// <summary>What the coordinator was told of it.</summary>
    public static RecordNote Told(Round round, bool asLeader, string told) =>
        new("refusal", [("round", Number(round.Value)), ("as", asLeader ? "leader" : "party"), ("told", Short(told))]);

    /// <summary>How a round ended; |B| where it committed.</summary>
    public static RecordNote Ended(Round round, int? parties, string? abortReason) => new("ended",
    [
        ("round", Number(round.Value)), ("outcome", abortReason is null ? "committed" : "aborted"), ("parties", parties),
        ("reason", abortReason is null ? null : Short(abortReason)),
    ]);

    /// <summary>The server says that the run is over.</summary>
    public static RecordNote Finished(bool succeeded, string reason) => new("finished", [("succeeded", succeeded), ("reason", Short(reason))]);

    /// <summary>All messages since the last such line, whatever they were, by their size on the wire.</summary>
    public static RecordNote Sent(long messages, long bytes, long unrecorded) =>
        new("sent", [("messages", messages), ("bytes", bytes), ("unrecorded", unrecorded == 0 ? null : unrecorded)]);

    private static JsonValue Number(ulong value) => JsonValue.Create(value);

    private static string Whole(NodeId node) => node.Value.ToString();

    private static string Short(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
