using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Cli.Attack;

/// <summary>
/// One round by the product's own parts in this process, from the election to the commit: machines, key agreement, seals, ratchet, training,
/// fixed point, masks, sums. Only what carries messages is not the product's: no gRPC, no TLS, no disk, no server's signature. Each
/// participant keeps what its process would hold, which is the transcript that adversaries are given parts of. Not thread-safe.
/// </summary>
internal sealed class AttackedRound : IDisposable
{
    private readonly Queue<Action> _mail = new();
    private readonly Coordination _coordinator;
    private readonly Dictionary<NodeId, Participant> _byId;

    private AttackedRound(AttackScene scene, Layout layout, CancellationToken cancellation)
    {
        (Start, Cancellation) = (scene.Start, cancellation);
        _coordinator = new Coordination(this, RulesOf(scene, layout, Run), Start);
        Parties = [.. scene.Parts.Select((part, i) => new Participant(
            $"party-{i + 1}", canLead: i < scene.Leaders, this, new LocalTrainer(scene.Model, part)))];
        _byId = Parties.ToDictionary(p => p.Id);
    }

    public RunId Run { get; } = new(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));

    /// <summary>W_t.</summary>
    public float[] Start { get; }

    /// <summary>H(W_t).</summary>
    public Hash256 StartHash => HashOf(Start);

    public CancellationToken Cancellation { get; }

    /// <summary>Every node; each is a party, and the holders of slots are among them.</summary>
    public IReadOnlyList<Participant> Parties { get; }

    public RoundSpec Spec => _coordinator.Spec!;

    /// <summary>W_{t+1}.</summary>
    public float[] Committed => _coordinator.Committed!;

    /// <summary>y_i by party; none in the rotating layout.</summary>
    public IReadOnlyDictionary<NodeId, RingVector> Uploads => _coordinator.Uploads;

    /// <summary>A_j by slot.</summary>
    public IReadOnlyDictionary<Slot, RingVector> Sums => _coordinator.Sums;

    /// <summary>The holders of slots 0 to N_l - 1.</summary>
    public IReadOnlyList<Participant> Holders => [.. _coordinator.Leaders!.Seats.Select(s => _byId[s.Holder])];

    /// <summary>Plays the round to its commit.</summary>
    /// <exception cref="InvalidOperationException">It did not commit: a defect, since nothing here can fail.</exception>
    public static AttackedRound Play(AttackScene scene, Layout layout, CancellationToken cancellation)
    {
        var round = new AttackedRound(scene, layout, cancellation);
        foreach (var party in round.Parties)
        {
            round.Post(round._coordinator, new CoordinatorInput.NodeArrived(party.Id, party.Name, party.Incarnation, party.CanLead));
        }

        while (round._mail.TryDequeue(out var delivery))
        {
            cancellation.ThrowIfCancellationRequested();
            delivery();
        }

        return round._coordinator.Committed is not null
            ? round
            : throw new InvalidOperationException($"The round did not commit: {round._coordinator.Outcome}.");
    }

    public static Hash256 HashOf(float[] parameters) => Hash256.Of(MemoryMarshal.AsBytes(parameters.AsSpan()));

    public void Post(Participant node, NodeInput input) => _mail.Enqueue(() => node.Take(input));

    public void Post(Coordination coordinator, CoordinatorInput input) => _mail.Enqueue(() => coordinator.Take(input));

    public void Tell(NodeId sender, NodeMessage message) => Post(_coordinator, new CoordinatorInput.NodeSaid(sender, message));

    public void ToNode(NodeId node, ServerMessage message) => Post(_byId[node], new NodeInput.FromServer(message));

    public void ToEveryNode(ServerMessage message)
    {
        foreach (var party in Parties)
        {
            ToNode(party.Id, message);
        }
    }

    public void Send(Letter letter) => _mail.Enqueue(() => _byId[letter.Context.Receiver].Take(letter));

    public void Send(NodeId holder, SignedAnswer answer) => _mail.Enqueue(() => _byId[holder].Take(answer));

    public void Upload(Contribution contribution, OwnUpdate update) =>
        _mail.Enqueue(() => _coordinator.Take(contribution, update.Masked, update.Lanes));

    public void Release(NodeId leader, Slot slot, Attempt attempt, RingVector sum, RingVector lanes) =>
        _mail.Enqueue(() => _coordinator.Take(leader, slot, attempt, sum, lanes));

    public void Dispose()
    {
        foreach (var party in Parties)
        {
            party.Dispose();
        }
    }

    private static CoordinatorRules RulesOf(AttackScene scene, Layout layout, RunId run)
    {
        var encoding = new EncodingRules(32, 0.5, 1_000, Lanes.LossFractionBits, Encoding.MinClip, Encoding.MaxClip);
        var training = new TrainingPlan(scene.Model.Name, scene.Model.Layout.Length, 1, 32, 0.05, 0, 0, AttackScene.Seed);
        var patience = TimeSpan.FromSeconds(30);
        return new CoordinatorRules(
            run, scene.Leaders, ElectionMode.First, TimeSpan.Zero, patience, scene.Parts.Count, 1, 3, layout, encoding, training, patience, patience, 1);
    }
}
