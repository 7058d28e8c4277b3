using DemoFl.Wire;

namespace DemoFl.Fuzz;

/// <summary>The plaintext of a sealed message, behind a byte that says as which kind it was sealed: what a malicious peer with good keys sends.</summary>
internal sealed class PeerContentTarget() : Target("peer-contents", InputForm.Bytes)
{
    public override int MaxInputBytes => 256 * 1024;

    public override IEnumerable<byte[]> Seeds() =>
    [
        .. Samples.PeerMessages().Select(m => (byte[])[(byte)m.Context.Kind, .. PeerContents.ToBytes(m.Message)]),
        [(byte)SealedKind.Seed, .. SeedContents.ToBytes(new Nonce(Hash256.Of("nonce"u8)), Samples.Filled(WireLimits.SeedBytes, 5))],
    ];

    public override string Read(byte[] input)
    {
        var kind = (SealedKind)(input.Length == 0 ? 0 : input[0]);
        var content = PeerContents.Parse(input.AsMemory(Math.Min(1, input.Length)));
        if (kind == SealedKind.Seed)
        {
            var (nonce, seed) = SeedContents.FromContent(content);
            BrokenPromiseException.Unless(seed.Length is 0 or WireLimits.SeedBytes, "a seed has another length");
            return $"a seed of {seed.Length} bytes for {(nonce == default ? "nothing" : "a nonce")}";
        }

        var context = Samples.Context(kind);
        var message = PeerContents.FromContent(content, context);
        BrokenPromiseException.Unless(PeerContents.KindOf(message) == kind, "a message is of another kind than its seal says");
        byte[] once = PeerContents.ToBytes(message);
        byte[] twice = PeerContents.ToBytes(PeerContents.FromContent(PeerContents.Parse(once), context));
        BrokenPromiseException.Unless(once.AsSpan().SequenceEqual(twice), "a message that was taken is another one when it is read back");
        WireBounds.Check(Messages.Parse(V1.PeerContent.Parser, once));
        return Shape.Of(once);
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;
}
