using DemoFl.Protocol;
using Google.Protobuf;

namespace DemoFl.Wire.Tests;

/// <summary>
/// Valid frames with bytes flipped, cut, repeated and spliced: whatever comes, the mapping either understands it, and can say it
/// again, or refuses it with one of two exceptions.
/// </summary>
public class MutationTests
{
    private const int Mutants = 20_000;

    [Fact]
    public void ServerFrames_AnyMutant_IsUnderstoodOrRefused() => Mutate(
        [.. Samples.FromServer.Select(m => ServerFrames.ToWire(m, Samples.Run, Samples.Sign).ToByteArray())],
        bytes => ServerFrames.ToWire(ServerFrames.FromWire(V1.ServerFrame.Parser.ParseFrom(bytes), Samples.Run, (_, _, _) => true), Samples.Run, Samples.Sign));

    [Fact]
    public void NodeFrames_AnyMutant_IsUnderstoodOrRefused() => Mutate(
        [.. Samples.FromNode.Select(m => NodeFrames.ToWire(m).ToByteArray())],
        bytes => NodeFrames.ToWire(NodeFrames.FromWire(V1.NodeFrame.Parser.ParseFrom(bytes))));

    [Fact]
    public void PeerContents_AnyMutant_IsUnderstoodOrRefused() => Mutate(
        [.. Samples.FromPeer.Select(PeerContents.ToBytes), SeedContents.ToBytes(new Nonce(Samples.Hash("nonce")), Samples.Hash("seed").ToArray())],
        bytes =>
        {
            var content = PeerContents.Parse(bytes);
            var kind = bytes.Length % 5 == 0 ? (SealedKind)(1 + (bytes.Length % 9)) : (SealedKind)content.ContentCase;
            if (kind == SealedKind.Seed)
            {
                SeedContents.FromContent(content);
            }
            else
            {
                PeerContents.ToBytes(PeerContents.FromContent(content, Samples.Sealed(kind)));
            }
        });

    [Fact]
    public void KeyAnswers_AnyMutant_IsUnderstoodOrRefused() => Mutate(
        [Records.ToWire(Samples.Answer).ToByteArray()], bytes => Records.ToWire(Records.FromWire(V1.KeyAnswer.Parser.ParseFrom(bytes))));

    private static void Mutate(byte[][] corpus, Action<byte[]> read)
    {
        int understood = 0;
        for (int seed = 0; seed < Mutants; seed++)
        {
            byte[] mutant = Mutant(new SplitMix64((ulong)seed), corpus);
            try
            {
                read(mutant);
                understood++;
            }
            catch (Exception e) when (e is WireFormatException or InvalidProtocolBufferException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, {Convert.ToHexString(mutant)}: {e}");
            }
        }

        // Neither all refused at the door nor all let through: the mutants reach the mapping.
        Assert.InRange(understood, Mutants / 100, Mutants * 99 / 100);
    }

    private static byte[] Mutant(SplitMix64 draw, byte[][] corpus)
    {
        byte[] bytes = [.. corpus[draw.Below(corpus.Length)]];
        for (int i = 1 + draw.Below(4); i > 0 && bytes.Length > 0; i--)
        {
            int at = draw.Below(bytes.Length);
            bytes = draw.Below(6) switch
            {
                0 => Flipped(bytes, at, (byte)(1 << draw.Below(8))),
                1 => Flipped(bytes, at, (byte)draw.Below(256)),
                2 => bytes[..at],
                3 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + draw.Below(8))..]],
                4 => [.. bytes[..at], .. bytes[at..], .. bytes[at..]],
                _ => [.. bytes[..at], .. corpus[draw.Below(corpus.Length)]],
            };
        }

        return bytes;
    }

    private static byte[] Flipped(byte[] bytes, int at, byte mask)
    {
        bytes[at] ^= mask;
        return bytes;
    }
}
