using DemoFl.Identity;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Sealing;

/// <summary>A node as far as its channels go.</summary>
internal sealed class Peer : IDisposable
{
    private readonly IdentityKey _key = IdentityKey.Create();

    public Peer(string name, ITrustPolicy? trust = null)
    {
        Options = new NodeOptions
        {
            Server = new Uri("http://127.0.0.1:1"), Name = name, Key = _key, Trust = trust ?? new FirstUseTrust(), Trainer = new NoTrainer(),
            Incarnation = Some.Incarnation(),
        };
        Book = new ChannelBook(Options, Some.Run, TimeProvider.System);
    }

    public NodeOptions Options { get; }

    public ChannelBook Book { get; }

    public NodeId Id => new(new Hash256(_key.Id.Span));

    public byte[] Sign(string domain, byte[] statement) => _key.Sign(domain, statement);

    public void Dispose()
    {
        Book.Dispose();
        _key.Dispose();
    }

    private sealed class NoTrainer : ITrainer
    {
        public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Task.FromResult<string?>(null);

        public Task<Learning.TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation) =>
            throw new InvalidOperationException("Channels do not train.");
    }
}
