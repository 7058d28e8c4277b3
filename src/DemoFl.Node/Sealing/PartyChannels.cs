using DemoFl.Channels;
using DemoFl.Protocol;

namespace DemoFl.Node.Sealing;

/// <summary>A node's channels as the holder of a slot: its offer, the answers it has taken, and one channel per party. Not thread-safe.</summary>
internal sealed class PartyChannels(KeyJudge judge) : IDisposable
{
    /// <summary>Answers that a holder takes for one seat: its parties', and those of parties that joined again.</summary>
    public const int MaxAnswers = 4 * RoundSpec.MaxParticipants;

    /// <summary>Of these, from one party: it has joined so many times. Nobody takes the room of those that have yet to come.</summary>
    public const int MaxAnswersOfOne = 256;

    private readonly Dictionary<NodeId, PeerChannel> _parties = [];
    private readonly Dictionary<NodeId, int> _counts = [];
    private readonly HashSet<Hash256> _answers = [];
    private AgreementKey? _key;
    private KeyOffer? _offer;

    public PeerChannel? Find(NodeId party) => _parties.GetValueOrDefault(party);

    /// <summary>Begins a seat with a fresh key; what belonged to an earlier one is erased.</summary>
    /// <param name="offer">Makes the offer of a public key.</param>
    public KeyOffer Offer(Func<ReadOnlyMemory<byte>, KeyOffer> offer)
    {
        Dispose();
        _key = AgreementKey.Create();
        return _offer = offer(_key.PublicKey);
    }

    /// <summary>
    /// These lead now. A seat that this node has offered keys for stays, or begins: a new holder's parties may have answered before it hears that it is
    /// seated. Otherwise it is erased.
    /// </summary>
    public void Seat(LeaderSet leaders)
    {
        if (_offer is { } offer && !leaders.Seats.Any(s => s.Made(offer)))
        {
            Dispose();
        }
    }

    /// <summary>Takes a party's answer, or says what is wrong with it.</summary>
    public string? Accept(NodeId sender, SignedAnswer signed)
    {
        var answer = signed.Answer;
        if (_offer is null || _key is null || answer.OfferHash != Hash256.Of(_offer.Statement()))
        {
            return "it answers another offer than this node's";
        }

        var hash = Hash256.Of(answer.Statement());
        if (answer.Party != sender || _answers.Contains(hash))
        {
            return answer.Party != sender ? "it is another node's answer" : "it has been taken already";
        }

        if (_counts.GetValueOrDefault(sender) == MaxAnswersOfOne)
        {
            return $"more than {MaxAnswersOfOne} answers of that node were taken for this seat";
        }

        if (_answers.Count == MaxAnswers)
        {
            return $"more than {MaxAnswers} answers were taken for this seat";
        }

        if (judge.Objection(sender, signed.Signer, KeyAnswer.Domain, answer.Statement(), signed.Signature) is { } objection)
        {
            return objection;
        }

        if (KeyJudge.Agree(_key, answer.PublicKey, _offer, answer, ChannelRole.Holder) is not { } channel)
        {
            return "its key is not a point of the curve";
        }

        _answers.Add(hash);
        _counts[sender] = _counts.GetValueOrDefault(sender) + 1;
        if (_parties.Remove(sender, out var earlier))
        {
            earlier.Dispose();
        }

        _parties[sender] = new PeerChannel(channel, sender, _offer, signed.Signer.PublicKey);
        return null;
    }

    public void CloseRound(Round round)
    {
        foreach (var channel in _parties.Values.Where(c => !c.Close(round)).ToArray())
        {
            channel.Dispose();
            _parties.Remove(channel.Peer);
        }
    }

    /// <summary>Erases the seat: its key, its offer, its parties.</summary>
    public void Dispose()
    {
        foreach (var channel in _parties.Values)
        {
            channel.Dispose();
        }

        _parties.Clear();
        _answers.Clear();
        _counts.Clear();
        _key?.Dispose();
        (_key, _offer) = (null, null);
    }
}
