using DemoFl.Chaos.Training;
using DemoFl.Identity;
using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using Microsoft.Extensions.Logging;

namespace DemoFl.Chaos.Network;

/// <summary>One node of a herd, in this process, with connections of its own. Trains as the chaos trainer does.</summary>
internal sealed class HerdNode : INodeObserver, ITrainer, ILogger<Node.Node>, IDisposable
{
    private const int Connected = 101;
    private const int Retrying = 102;

    private readonly IdentityKey _key;
    private readonly ServerConnection _connection;
    private readonly Action<HerdNode, HerdEvent> _tell;

    /// <param name="name">Its name.</param>
    /// <param name="keyFile">Its key.</param>
    /// <param name="server">Where it connects.</param>
    /// <param name="trust">Whom it trusts.</param>
    /// <param name="tell">Told what happens to it, in the thread in which it does.</param>
    public HerdNode(string name, string keyFile, Uri server, ITrustPolicy trust, Action<HerdNode, HerdEvent> tell)
    {
        (Name, _tell, _key, _connection) = (name, tell, IdentityKey.LoadOrCreate(keyFile), new ServerConnection(server, null));
        Options = new NodeOptions
        {
            Server = server, Name = name, Key = _key, Trust = trust, Trainer = this,
            Incarnation = new Incarnation(BitConverter.ToUInt128(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16))),
        };
    }

    public string Name { get; }

    private NodeOptions Options { get; }

    public Task<(bool Succeeded, string Reason)> RunAsync(CancellationToken cancellation) => new Node.Node(Options, _connection, this, this).RunAsync(cancellation);

    public void On(string node, NodeEvent happened)
    {
        if (happened is NodeEvent.KeysEstablished)
        {
            _tell(this, HerdEvent.Keyed);
        }
    }

    public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        float[] delta = GridUpdates.DeltaOf(Name, spec.Round.Value, parameters.Length);
        for (int i = 0; i < delta.Length; i++)
        {
            parameters.Span[i] += delta[i];
        }

        long samples = GridUpdates.SamplesOf(Name);
        return Task.FromResult(new TrainingResult(samples, samples, samples / 2, samples));
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is Connected or Retrying)
        {
            _tell(this, eventId.Id == Connected ? HerdEvent.Joined : HerdEvent.Retrying);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _key.Dispose();
    }
}
