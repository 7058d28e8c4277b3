namespace DemoFl.Relay.Backups;

/// <summary>One file of a backup.</summary>
/// <param name="Name">Its path within the run folder, with slashes.</param>
/// <param name="Content">All of it; not changed afterwards.</param>
internal sealed record ImageEntry(string Name, byte[] Content);
