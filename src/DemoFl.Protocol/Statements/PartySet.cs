using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>A party whose vector is complete, with the hash of the nonce that masks it.</summary>
public sealed record Contribution(NodeId Party, Hash256 NonceHash);

/// <summary>
/// A set of contributions sorted by party: B_0 when the coordinator states whose vectors are complete, B when it proposes the
/// intersection.
/// </summary>
public sealed record PartySet
{
    /// <summary>The signature domain of B_0.</summary>
    public const string UploadDomain = "uploaded-set";

    /// <exception cref="ArgumentException">A party appears twice.</exception>
    public PartySet(IEnumerable<Contribution> contributions)
    {
        Contributions = [.. contributions.OrderBy(c => c.Party.Value)];
        for (int i = 1; i < Contributions.Length; i++)
        {
            if (Contributions[i].Party == Contributions[i - 1].Party)
            {
                throw new ArgumentException($"Party {Contributions[i].Party} appears twice.", nameof(contributions));
            }
        }

        var writer = new CanonicalWriter("party-set").Int32(Contributions.Length);
        foreach (var contribution in Contributions)
        {
            writer.Hash(contribution.Party.Value).Hash(contribution.NonceHash);
        }

        Digest = writer.ToHash();
    }

    /// <summary>Sorted by party id.</summary>
    public ImmutableArray<Contribution> Contributions { get; }

    /// <summary>H(B): over (id, SHA-256(nonce)) sorted by id.</summary>
    public Hash256 Digest { get; }

    /// <summary>|B|.</summary>
    public int Count => Contributions.Length;

    /// <summary>The canonical bytes that the coordinator signs over B_0.</summary>
    public byte[] UploadStatement(RunId run, Round round, Attempt attempt) =>
        new CanonicalWriter(UploadDomain).UInt128(run.Value).UInt64(round.Value).Int32(attempt.Number).Hash(Digest).ToArray();
}
