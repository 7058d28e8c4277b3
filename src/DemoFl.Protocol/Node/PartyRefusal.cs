namespace DemoFl.Protocol;

/// <summary>Why a node is no party of a round.</summary>
/// <param name="Reason">For its owner.</param>
/// <param name="Told">For the coordinator, who need not know what the owner has set.</param>
public sealed record PartyRefusal(string Reason, string Told);
