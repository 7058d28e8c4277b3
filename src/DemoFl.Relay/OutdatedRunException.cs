using DemoFl.Protocol;

namespace DemoFl.Relay;

/// <summary>
/// A node has this server's own word of a term or round that the run's journal does not know: the run folder is an older copy, and its run must go on under
/// another id (<see cref="Backups.RunBackup.Renew"/>).
/// </summary>
public sealed class OutdatedRunException(string folder, Term term, Round round, RunHead head) : IOException(
    $"The run in {folder} is an older copy: it ends with term {term} and round {round}, and a node has this server's word of term {head.Term} and round {head.Round}")
{
    /// <summary>What the node has.</summary>
    public RunHead Head => head;
}
