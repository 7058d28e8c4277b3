using DemoFl.Identity;

namespace DemoFl.Fuzz;

/// <summary>A certificate that a node shows, for the name and key of the one that is good.</summary>
internal sealed class CertificateClaimTarget(FederationTrust trust, byte[] good, DateTimeOffset now) : Target("shown-certificates", InputForm.Bytes)
{
    public override IEnumerable<byte[]> Seeds() => [good];

    public override string Read(byte[] input)
    {
        var decision = trust.Judge(new IdentityClaim("alice", FixedIdentities.PublicKey, input), now);
        BrokenPromiseException.Unless(decision is not TrustDecision.Trusted || input.AsSpan().SequenceEqual(good), "a changed certificate is trusted");
        return decision is TrustDecision.Refused refused ? Probe.Template(refused.Reason) : "trusted";
    }

    public override bool IsRefusal(Exception e) => false;
}
