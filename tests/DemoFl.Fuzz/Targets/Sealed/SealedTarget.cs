using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>
/// What a relay may make of a sealed message, under one living channel: nothing that was changed in any way opens, and the message itself opens after
/// it, once. An input says what becomes of a message: its place as it is, its sequence number counted from the message's own (1), and for its ciphertext
/// what the message's is combined with (exclusive or), in length and content. So it means the same under the keys of every process.
/// </summary>
internal sealed class SealedTarget() : Target("sealed", InputForm.Protobuf)
{
    private static readonly byte[] Content = PeerContents.ToBytes(
        new PeerMessage.Announcement(Samples.Round, new Nonce(Hash256.Of("nonce"u8)), Samples.Spec().Digest, Samples.LeaderSet().Digest));

    private readonly Pair _pair = new Pair().Agree();

    public override IEnumerable<byte[]> Seeds()
    {
        yield return new Sealed
        {
            Slot = 0, Round = Samples.Round.Value, Kind = (uint)SealedKind.Announcement, Sequence = 1, ToHolder = true,
            Ciphertext = ByteString.CopyFrom(new byte[Content.Length + Channels.PairChannel.Overhead]),
        }.ToByteArray();
    }

    public override string Read(byte[] input)
    {
        var change = Messages.Parse(Sealed.Parser, input);
        var honest = _pair.Party.SealToHolder(Pair.Slot, SealedKind.Announcement, Samples.Round, default, Content)!.Value.Frame.Sealed;
        var changed = Changed(honest, change);
        bool same = changed.Equals(honest);
        string? objection;
        try
        {
            objection = _pair.Holder.Open(_pair.PartyId, changed).Objection;
        }
        finally
        {
            var after = _pair.Holder.Open(_pair.PartyId, honest);
            BrokenPromiseException.Unless(same || after.Objection is null, "the next honest message does not open");
            BrokenPromiseException.Unless(!same || after.Objection is not null, "a message opens twice");
        }

        BrokenPromiseException.Unless(same == (objection is null), same ? "an honest message does not open" : "a changed message opens");
        return objection is null ? "the message itself" : Probe.Template(objection);
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;

    public override void Dispose()
    {
        _pair.Dispose();
        base.Dispose();
    }

    private static Sealed Changed(Sealed honest, Sealed change)
    {
        byte[] ciphertext = change.Ciphertext.ToByteArray();
        for (int i = 0; i < Math.Min(ciphertext.Length, honest.Ciphertext.Length); i++)
        {
            ciphertext[i] ^= honest.Ciphertext[i];
        }

        return new Sealed
        {
            Slot = change.Slot, Term = change.Term, Round = change.Round, Attempt = change.Attempt, Kind = change.Kind, ToHolder = change.ToHolder,
            Sequence = unchecked(honest.Sequence + change.Sequence - 1), Ciphertext = ByteString.CopyFrom(ciphertext),
        };
    }
}
