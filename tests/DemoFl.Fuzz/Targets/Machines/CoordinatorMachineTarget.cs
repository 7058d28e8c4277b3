using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>
/// What admitted nodes say to the coordinator, in envelopes with their names, one after another: its machine goes on whatever it is, terms and rounds
/// never go back, and no round commits without enough parties. Disk and uploads answer at once, and so do leaders that are asked for their sums.
/// </summary>
internal sealed class CoordinatorMachineTarget() : Target("coordinator-machine", InputForm.ProtobufStream)
{
    private const int MostInputs = 2_000;
    private const int Nodes = 6;

    private static readonly CoordinatorRules Rules = new(
        Samples.Run, Samples.Leaders, ElectionMode.First, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), Samples.Parties, 1, 3, Layout.Masked,
        Samples.Spec().Encoding, Samples.Spec().Training, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), 3);

    public override IEnumerable<byte[]> Seeds()
    {
        var (term, round, attempt) = (new Term(1), new Round(1), new Attempt(1));
        IEnumerable<byte[]> elected = Enumerable.Range(0, Samples.Leaders).Select(i => Said(i, new NodeMessage.Recommendation(term)))
            .Concat(Enumerable.Range(0, Samples.Leaders).Select(i => Said(i, new NodeMessage.OfferMade(Samples.Offer(i, i, 1, 1)))))
            .Concat(Enumerable.Range(0, Nodes).Select(i => Said(i, new NodeMessage.KeysEstablished(term))));
        var holdings = Enumerable.Range(0, Samples.Leaders)
            .Select(i => Said(i, new NodeMessage.HoldingsReported(round, attempt, [.. Enumerable.Range(0, 5).Select(Samples.Node)])));
        return
        [
            Framing.Join(elected), Framing.Join(elected.Concat(holdings)),
            Framing.Join(elected.Concat(Samples.NodeMessages().Select((m, i) => Said(i % Nodes, m)))),
            Framing.Join(elected.Append(Said(0, new NodeMessage.LeaderRefused(round, "no"))).Append(Said(4, new NodeMessage.Recommendation(new Term(2))))
                .Append(Said(4, new NodeMessage.OfferMade(Samples.Offer(0, 4, 2, 1)))).Append(Said(5, new NodeMessage.HolderSilent(round, new Slot(1))))),
        ];
    }

    public override string Read(byte[] input)
    {
        var machine = new CoordinatorMachine(Rules, new CoordinatorProgress(default, default, 0, Hash256.Of("m"u8), 0.5), entropy: 5);
        var inputs = new Queue<CoordinatorInput>(Enumerable.Range(0, Nodes)
            .Select(i => (CoordinatorInput)new CoordinatorInput.NodeArrived(Samples.Node(i), $"node-{i}", Samples.Life(i), CanLead: true, i)));
        foreach (var envelope in Framing.Split(input).Select(m => Messages.Parse(Envelope.Parser, m)))
        {
            inputs.Enqueue(new CoordinatorInput.NodeSaid(
                Field.Node(envelope.Peer, "peer"), NodeFrames.FromWire(Messages.Parse(NodeFrame.Parser, envelope.Content.Memory))));
        }

        var (now, steps, committed) = (TimeSpan.Zero, 0, 0);
        while (inputs.TryDequeue(out var next) && steps++ < MostInputs)
        {
            var (term, round) = (machine.Term, machine.Round);
            var effects = new List<CoordinatorEffect>();
            machine.Step(next, now += TimeSpan.FromMilliseconds(20), effects);
            BrokenPromiseException.Unless(machine.Term >= term && machine.Round >= round, "a term or a round goes back");
            foreach (var answer in effects.SelectMany(Answers))
            {
                inputs.Enqueue(answer);
            }

            committed += effects.OfType<CoordinatorEffect.CommitRound>().Count();
            BrokenPromiseException.Unless(
                effects.OfType<CoordinatorEffect.CommitRound>().All(c => c.Intersection.Count >= c.Spec.KMin), "a round commits without enough parties");
            if (machine.NextDeadline <= now)
            {
                inputs.Enqueue(new CoordinatorInput.Tick());
            }
        }

        return $"{machine.Phase} {Shape.Order((ulong)steps)} {Math.Min(3UL, machine.Term.Value)} {committed} {machine.Nodes.Keyed}";
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;

    private static IEnumerable<CoordinatorInput> Answers(CoordinatorEffect effect) => effect switch
    {
        CoordinatorEffect.AcceptVectors m => m.Spec.Participants.Select((p, i) => new CoordinatorInput.VectorReceived(p, m.Spec.Round, Hash256.Of([1, (byte)i]))),
        CoordinatorEffect.PrepareClosing m => [new CoordinatorInput.ClosingPrepared(m.Spec.Round, m.Attempt)],
        CoordinatorEffect.AcceptSums m => m.Leaders.Seats.Select(s => new CoordinatorInput.SumReceived(s.Holder, m.Round, m.Attempt)),
        CoordinatorEffect.CommitRound m => [new CoordinatorInput.CommitDone(m.Spec.Round, Hash256.Of("n"u8), 0.5, Samples.Totals)],
        _ => [],
    };

    private static byte[] Said(int node, NodeMessage message) =>
        new Envelope { Peer = Field.Of(Samples.Node(node)), Content = NodeFrames.ToWire(message).ToByteString() }.ToByteArray();
}
