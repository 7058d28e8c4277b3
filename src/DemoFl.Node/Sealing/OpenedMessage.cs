using DemoFl.Protocol;
using DemoFl.V1;

namespace DemoFl.Node.Sealing;

/// <summary>What a sealed message turned out to be: its content and the context it was sealed in, or why it stays closed.</summary>
internal readonly record struct OpenedMessage(PeerContent? Content, SealContext? Context, string? Objection)
{
    public static OpenedMessage Refused(string objection) => new(null, null, objection);

    /// <summary>Never the content.</summary>
    public override string ToString() => Objection ?? "an opened message";
}
