namespace DemoFl.Node.Owner;

/// <summary>A record as it was read.</summary>
/// <param name="Lines">Oldest first.</param>
/// <param name="Problems">Where the chain does not hold, each with file and line; none in a record that nobody changed.</param>
/// <param name="TornBytes">Bytes of a last line that is not whole.</param>
public sealed record RecordContent(IReadOnlyList<RecordLine> Lines, IReadOnlyList<string> Problems, int TornBytes);
