using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>
/// What a server says to a node, one frame after another, with all signatures good: a leader's machine and a candidate's go on whatever it is, and
/// neither terms nor rounds ever go back. Long work and peers answer at once.
/// </summary>
internal sealed class NodeMachineTarget() : Target("node-machine", InputForm.ProtobufStream)
{
    private const int MostInputs = 2_000;

    public override IEnumerable<byte[]> Seeds()
    {
        byte[][] frames = [.. Samples.ServerMessages().Select(m => ServerFrames.ToWire(m, Samples.Run, (_, _) => new byte[64]).ToByteArray())];
        return [Framing.Join(frames), Framing.Join([.. frames[..7], frames[11]]), Framing.Join([.. frames[..4], .. frames[7..11], .. frames[4..7], frames[11]])];
    }

    public override string Read(byte[] input)
    {
        ServerMessage[] messages =
        [
            .. Framing.Split(input).Select(m => ServerFrames.FromWire(Messages.Parse(ServerFrame.Parser, m), Samples.Run, (_, _, _) => true)),
        ];
        return $"{Run(0, messages)} {Run(Samples.Leaders, messages)}";
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;

    private static string Run(int node, ServerMessage[] messages)
    {
        var machine = new NodeMachine(new NodeSettings(Samples.Run, Samples.Node(node), Samples.Life(node), CanLead: true, new NodePolicy()), entropy: 5);
        var inputs = new Queue<NodeInput>(messages.Select(m => new NodeInput.FromServer(m)));
        var now = TimeSpan.Zero;
        int steps = 0, effects = 0;
        while (inputs.TryDequeue(out var next) && steps++ < MostInputs)
        {
            var before = machine.Memory;
            var carried = new List<NodeEffect>();
            machine.Step(next, now += TimeSpan.FromMilliseconds(50), carried);
            BrokenPromiseException.Unless(machine.Memory.LastTerm >= before.LastTerm, "a node's term goes back");
            BrokenPromiseException.Unless(machine.Memory.LastRound >= before.LastRound, "a node's round goes back");
            effects += carried.Count;
            foreach (var answer in carried.SelectMany(e => Answers(e, machine)))
            {
                inputs.Enqueue(answer);
            }

            if (machine.NextDeadline is { } deadline && deadline <= now)
            {
                inputs.Enqueue(new NodeInput.Tick());
            }
        }

        return $"{Shape.Order((ulong)steps)} {Shape.Order((ulong)effects)} {machine.OwnSlot} {machine.Leaders?.Term}";
    }

    private static IEnumerable<NodeInput> Answers(NodeEffect effect, NodeMachine machine) => effect switch
    {
        NodeEffect.AnswerOffers m => m.Leaders.Seats.Select(s => new NodeInput.FromHolder(s.Slot, new PeerMessage.Confirm())),
        NodeEffect.PrepareUpdate m => [new NodeInput.UpdatePrepared(m.Spec.Round, new Nonce(Hash256.Of("nonce"u8)))],
        NodeEffect.ToHolder { Message: PeerMessage.Announcement a } m =>
            [new NodeInput.FromHolder(m.Slot, new PeerMessage.Acknowledgement(a.Round, false)), new NodeInput.FromParty(Samples.Node(1), a)],
        NodeEffect.SubmitVector m => [new NodeInput.VectorSubmitted(m.Spec.Round)],
        NodeEffect.SignDigest m => [new NodeInput.DigestSigned(new Protocol.SignedDigest(machine.OwnSlot ?? default, m.Digest, new byte[64]))],
        NodeEffect.SignReplacement m =>
            [new NodeInput.ReplacementSigned(new Protocol.SignedReplacement(machine.OwnSlot ?? default, m.Replacement, new byte[64]))],
        _ => [],
    };
}
