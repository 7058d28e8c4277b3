namespace DemoFl.Protocol;

/// <summary>
/// What every leader signs before any of them releases (promise P5). Two leaders that hold equal digests agree on everything
/// the sum depends on.
/// </summary>
public sealed record RoundDigest(RunId Run, Term Term, Round Round, Attempt Attempt, Hash256 Spec, Hash256 Leaders, Hash256 Intersection)
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "round-digest";

    /// <summary>The canonical bytes that a leader signs.</summary>
    public byte[] Statement() => new CanonicalWriter(Domain).UInt128(Run.Value).UInt64(Term.Value).UInt64(Round.Value)
        .Int32(Attempt.Number).Hash(Spec).Hash(Leaders).Hash(Intersection).ToArray();
}

/// <summary>One leader's signature over a digest.</summary>
public sealed record SignedDigest(Slot Slot, RoundDigest Digest, ReadOnlyMemory<byte> Signature);
