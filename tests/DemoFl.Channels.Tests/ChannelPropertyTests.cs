using FsCheck;
using FsCheck.Fluent;

namespace DemoFl.Channels.Tests;

/// <summary>Any traffic over any network against a plain model of what must be accepted.</summary>
public sealed class ChannelPropertyTests
{
    private const int Rounds = 6;

    private enum Act
    {
        Seal,
        Deliver,
        DeliverAltered,
        CloseAtReceiver,
    }

    private sealed record Letter(ulong Round, SealedMessage Message, byte[] Plaintext);

    [Fact]
    public void TryOpen_AnyOrderLossReplayAndTampering_AcceptsExactlyWhatTheModelAllows()
    {
        Gen<Act> acts = Gen.Elements(Act.Seal, Act.Seal, Act.Deliver, Act.Deliver, Act.DeliverAltered, Act.CloseAtReceiver);
        Arbitrary<(Act, int, int)[]> script = acts
            .SelectMany(act => Gen.Choose(0, Rounds - 1).SelectMany(round => Gen.Choose(0, 999).Select(pick => (act, round, pick))))
            .ArrayOf()
            .ToArbitrary();
        Prop.ForAll(script, Holds).QuickCheckThrowOnFailure();
    }

    private static bool Holds((Act Act, int Round, int Pick)[] script)
    {
        using Pair pair = Pair.Open(firstRound: 0);
        var letters = new List<Letter>();
        ulong lastAccepted = 0;
        ulong oldest = 0;
        foreach ((Act act, int round, int pick) in script)
        {
            if (act == Act.Seal)
            {
                byte[] plaintext = BitConverter.GetBytes(pick);
                letters.Add(new Letter((ulong)round, pair.Holder.Seal((ulong)round, Pair.Context, plaintext), plaintext));
            }
            else if (act == Act.CloseAtReceiver)
            {
                pair.Party.CloseRound((ulong)round);
                oldest = Math.Max(oldest, (ulong)round + 1);
            }
            else if (letters.Count > 0)
            {
                Letter letter = letters[pick % letters.Count];
                OpenFailure expected = Expected(letter, act == Act.DeliverAltered, oldest, lastAccepted);
                if (!Delivers(pair.Party, letter, act == Act.DeliverAltered, expected))
                {
                    return false;
                }

                lastAccepted = expected == OpenFailure.None ? letter.Message.Sequence : lastAccepted;
            }
        }

        return pair.Party.Round == oldest;
    }

    private static OpenFailure Expected(Letter letter, bool altered, ulong oldest, ulong lastAccepted) =>
        letter.Round < oldest ? OpenFailure.WrongRound
        : letter.Message.Sequence <= lastAccepted ? OpenFailure.Replayed
        : altered ? OpenFailure.NotAuthentic
        : OpenFailure.None;

    private static bool Delivers(PairChannel receiver, Letter letter, bool altered, OpenFailure expected)
    {
        byte[] ciphertext = [.. letter.Message.Ciphertext];
        ciphertext[0] ^= (byte)(altered ? 0x80 : 0);
        OpenFailure outcome = receiver.Open(letter.Round, letter.Message with { Ciphertext = ciphertext }, out byte[] plaintext);
        byte[] due = expected == OpenFailure.None ? letter.Plaintext : [];
        return outcome == expected && plaintext.AsSpan().SequenceEqual(due);
    }
}
