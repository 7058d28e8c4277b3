using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>
/// A party's answer to a holder's offer, of whom nothing is known but its name: objected to, or taken because the party signed exactly this and its key
/// is a point of the curve. The first byte says which of that an input gets right by itself: the offer that it answers, whose it is, its signature.
/// </summary>
internal sealed class KeyAnswerTarget() : Target("key-answers", InputForm.Bytes)
{
    private const int AnswersTheOffer = 1, IsTheParty = 2, IsSigned = 4;

    public override int ExecutionsInABuild => 300;

    public override IEnumerable<byte[]> Seeds()
    {
        using var pair = new Pair();
        byte[] answer = Records.ToWire(pair.Party.Answer(pair.Offer).Answer!).ToByteArray();
        return [[AnswersTheOffer | IsTheParty | IsSigned, .. answer], [IsTheParty | IsSigned, .. answer], [AnswersTheOffer | IsTheParty, .. answer]];
    }

    public override string Read(byte[] input)
    {
        int right = input.Length == 0 ? 0 : input[0];
        var signed = Records.FromWire(Messages.Parse(V1.KeyAnswer.Parser, input.AsMemory(Math.Min(1, input.Length))));
        using var pair = new Pair();
        var answer = signed.Answer;
        answer = (right & AnswersTheOffer) != 0 ? answer with { OfferHash = Hash256.Of(pair.Offer.Offer.Statement()) } : answer;
        answer = (right & IsTheParty) != 0 ? answer with { Party = pair.PartyId } : answer;
        signed = signed with { Answer = answer };
        if ((right & IsSigned) != 0)
        {
            signed = signed with { Signer = pair.PartyCredentials, Signature = pair.SignAsParty(Protocol.KeyAnswer.Domain, answer.Statement()) };
        }

        string? objection = pair.Holder.Accept(pair.PartyId, signed);
        BrokenPromiseException.Unless(objection is not null || (right & IsSigned) != 0, "an answer is taken that its party has not signed");
        BrokenPromiseException.Unless(objection is not null || pair.Holder.Accept(pair.PartyId, signed) is not null, "an answer is taken twice");
        return objection is null ? "a channel" : Probe.Template(objection);
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;
}
