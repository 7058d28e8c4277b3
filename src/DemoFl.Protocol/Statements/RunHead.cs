namespace DemoFl.Protocol;

/// <summary>
/// How far a run has come, in its coordinator's signed words. Nodes keep the newest and present it when they join again: a coordinator that has not come so
/// far by its own journal goes on from an older copy of it (promise C1).
/// </summary>
public sealed record RunHead(RunId Run, Term Term, Round Round)
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "run-head";

    /// <summary>The canonical bytes.</summary>
    public byte[] Statement() => new CanonicalWriter(Domain).UInt128(Run.Value).UInt64(Term.Value).UInt64(Round.Value).ToArray();

    /// <summary>Whether something was opened beyond this term and round.</summary>
    public bool IsBeyond(Term term, Round round) => Term > term || Round > round;
}
