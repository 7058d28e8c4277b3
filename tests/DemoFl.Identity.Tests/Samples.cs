namespace DemoFl.Identity.Tests;

/// <summary>Keys, times and claims that the trust tests share.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static byte[] NewPublicKey()
    {
        using IdentityKey key = IdentityKey.Create();
        return key.PublicKey.ToArray();
    }

    public static IdentityClaim Claim(string name, ReadOnlyMemory<byte> publicKey, ReadOnlyMemory<byte> certificate = default) =>
        new(name, publicKey, certificate);

    public static string Reason(TrustDecision decision) => Assert.IsType<TrustDecision.Refused>(decision).Reason;

    public static string Basis(TrustDecision decision) => Assert.IsType<TrustDecision.Trusted>(decision).Basis;
}
