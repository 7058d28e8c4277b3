using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Channels.Tests;

/// <summary>Both ends of a channel under a fixed secret, and the few lines that most tests begin with.</summary>
internal sealed class Pair : IDisposable
{
    public const ulong FirstRound = 7;

    public Pair(PairChannel holder, PairChannel party)
    {
        Holder = holder;
        Party = party;
    }

    public static byte[] Secret { get; } = SHA256.HashData("secret"u8);

    public static byte[] Transcript { get; } = SHA256.HashData("transcript"u8);

    public static byte[] Context { get; } = "run/term/round/slot"u8.ToArray();

    public PairChannel Holder { get; }

    public PairChannel Party { get; }

    public static Pair Open(ulong firstRound = FirstRound, ulong lastSealed = 0) => new(
        new PairChannel(Secret, Transcript, ChannelRole.Holder, firstRound, lastSealed),
        new PairChannel(Secret, Transcript, ChannelRole.Party, firstRound, lastSealed));

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose()
    {
        Holder.Dispose();
        Party.Dispose();
    }
}

internal static class PairChannelExtensions
{
    public static OpenFailure Open(this PairChannel channel, ulong round, SealedMessage message, out byte[] plaintext) =>
        channel.TryOpen(round, message.Sequence, Pair.Context, message.Ciphertext, out plaintext);

    public static SealedMessage Seal(this PairChannel channel, ulong round, string text) =>
        channel.Seal(round, Pair.Context, Pair.Text(text));

    public static byte[] Seed(this PairChannel channel, ulong round, string info = "info")
    {
        byte[] seed = new byte[32];
        channel.DeriveSeed(round, Pair.Text(info), seed);
        return seed;
    }
}
