using DemoFl.Identity;
using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Node.Sealing;

namespace DemoFl.Fuzz;

/// <summary>A holder of slot 0 and a party with a channel between them, made of a real offer and a real answer.</summary>
internal sealed class Pair : IDisposable
{
    public static readonly Slot Slot = new(0);

    private readonly IdentityKey _holderKey = IdentityKey.Create();
    private readonly IdentityKey _partyKey = IdentityKey.Create();

    public Pair()
    {
        (Holder, Party) = (Book("holder", _holderKey, 1), Book("party", _partyKey, 2));
        var leaders = new LeaderSet(Samples.Run, Samples.Term, [new Seat(Slot, HolderId, Samples.Life(1), Samples.Term)]);
        Holder.Seat(leaders, roundIsOpen: false);
        Party.Seat(leaders, roundIsOpen: false);
        Offer = Holder.Offer(leaders, Slot, Samples.Round);
    }

    public ChannelBook Holder { get; }

    public ChannelBook Party { get; }

    public SignedOffer Offer { get; }

    public NodeId HolderId => new(new Hash256(_holderKey.Id.Span));

    public NodeId PartyId => new(new Hash256(_partyKey.Id.Span));

    public Credentials PartyCredentials => new("party", _partyKey.PublicKey, default);

    /// <summary>The party answers, and the holder takes it.</summary>
    public Pair Agree()
    {
        var (answer, objection) = Party.Answer(Offer);
        objection ??= Holder.Accept(PartyId, answer!);
        return objection is null ? this : throw new InvalidOperationException(objection);
    }

    public byte[] SignAsParty(string domain, byte[] statement) => _partyKey.Sign(domain, statement);

    public void Dispose()
    {
        Holder.Dispose();
        Party.Dispose();
        _holderKey.Dispose();
        _partyKey.Dispose();
    }

    private static ChannelBook Book(string name, IdentityKey key, int life) => new(
        new NodeOptions
        {
            Server = new Uri("http://127.0.0.1:1"), Name = name, Key = key, Trust = new FirstUseTrust(), Trainer = new NoTrainer(), Incarnation = Samples.Life(life),
        }, Samples.Run, TimeProvider.System);

    private sealed class NoTrainer : ITrainer
    {
        public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Task.FromResult<string?>(null);

        public Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation) =>
            throw new InvalidOperationException("Channels do not train.");
    }
}
