using DemoFl.Learning;
using DemoFl.Node.Connections;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>The messages of the wire, each with its mapper.</summary>
internal static class WireTargets
{
    public static Target ServerFrames() => new MessageTarget<V1.ServerFrame>(
        "server-frames", V1.ServerFrame.Parser, () => Samples.ServerMessages().Select(m => Wire.ServerFrames.ToWire(m, Samples.Run, Unsigned)),
        frame => Wire.ServerFrames.ToWire(Wire.ServerFrames.FromWire(frame, Samples.Run, (_, _, _) => true), Samples.Run, Unsigned));

    public static Target NodeFrames() => new MessageTarget<V1.NodeFrame>(
        "node-frames", V1.NodeFrame.Parser, () => Samples.NodeMessages().Select(Wire.NodeFrames.ToWire),
        frame => Wire.NodeFrames.ToWire(Wire.NodeFrames.FromWire(frame)));

    public static Target BeatsSent() => new MessageTarget<V1.Beat>(
        "beats", V1.Beat.Parser, () => [new V1.Beat { Number = 7 }], m => Beats.ToWire(Beats.FromWire(m)));

    public static Target BeatsAnswered() => new MessageTarget<V1.BeatAnswered>(
        "beat-answers", V1.BeatAnswered.Parser, () => [new V1.BeatAnswered { Number = 7 }], m => Beats.ToWire(Beats.FromWire(m)));

    /// <summary>As a node reads what the relay brings: the envelope, the frame in it, and an answer to an offer or a sealed message's place.</summary>
    public static Target Envelopes() => new MessageTarget<V1.Envelope>("envelopes", V1.Envelope.Parser, SomeEnvelopes, envelope =>
    {
        var sender = Field.Node(envelope.Peer, "envelope.peer");
        var frame = Messages.Parse(V1.PeerFrame.Parser, envelope.Content.Memory);
        return new V1.Envelope { Peer = Field.Of(sender), Content = Through(frame).ToByteString(), Refused = envelope.Refused };
    });

    /// <summary>The job as a node takes it, with the server's credentials.</summary>
    public static Target JoinAnswers() => new MessageTarget<V1.JoinAccepted>("join-answers", V1.JoinAccepted.Parser, SomeAnswers, accepted =>
    {
        var server = Records.FromWire(accepted.Server);
        var job = AnnouncedJob.FromWire(Field.Present(accepted.Job, "job"));
        return new V1.JoinAccepted
        {
            Server = Records.ToWire(server),
            Job = new V1.Job
            {
                Model = job.Model, Channels = (uint)job.Input.Channels, Height = (uint)job.Input.Height, Width = (uint)job.Input.Width, Classes = (uint)job.Classes,
                Dimension = (uint)job.Dimension, Layout = (V1.Layout)job.Layout, Leaders = (uint)job.Leaders, KMin = (uint)job.KMin,
                Tensors = { job.Tensors.Tensors.Select(t => TensorLists.ToWire(t.Name, t.Dimensions)) },
            },
        };
    });

    /// <summary>What a trainer says that it trains.</summary>
    public static Target TrainerDescriptions() => new MessageTarget<V1.TrainerDescription>(
        "trainer-descriptions", V1.TrainerDescription.Parser,
        () => [new V1.TrainerDescription { Tensors = { TensorLists.ToWire("fc1.weight", [10, 784]), TensorLists.ToWire("fc1.bias", [10]) }, Statistics = true }],
        m =>
        {
            var shapes = TensorLists.FromWire(m.Tensors, "tensors");
            _ = Field.Valid(() => new ParameterLayout(shapes.Select(t => new TensorShape(t.Name, t.Dimensions))), "tensors");
            return new V1.TrainerDescription { Tensors = { shapes.Select(t => TensorLists.ToWire(t.Name, t.Dimensions)) }, Statistics = m.Statistics };
        });

    private static byte[] Unsigned(string domain, ReadOnlySpan<byte> statement) => new byte[64];

    private static IEnumerable<V1.Envelope> SomeEnvelopes()
    {
        var frames = new[]
        {
            new V1.PeerFrame { Answer = Records.ToWire(Samples.Answer(2)) },
            new V1.PeerFrame
            {
                Sealed = new V1.Sealed
                {
                    Slot = 1, Term = 4, Round = 9, Attempt = 1, Kind = (uint)SealedKind.Announcement, Sequence = 3, ToHolder = true,
                    Ciphertext = ByteString.CopyFrom(Samples.Filled(48, 7)),
                },
            },
        };
        return frames.Select(f => new V1.Envelope { Peer = Field.Of(Samples.Node(1)), Content = f.ToByteString() });
    }

    private static V1.PeerFrame Through(V1.PeerFrame frame)
    {
        if (frame.FrameCase == V1.PeerFrame.FrameOneofCase.Answer)
        {
            return new V1.PeerFrame { Answer = Records.ToWire(Records.FromWire(frame.Answer)) };
        }

        var message = frame.Sealed ?? throw new WireFormatException("it is empty");
        return new V1.PeerFrame
        {
            Sealed = new V1.Sealed
            {
                Slot = (uint)Field.Slot(message.Slot, "sealed.slot").Index, Attempt = (uint)Field.Attempt(message.Attempt, "sealed.attempt").Number, Term = message.Term,
                Round = message.Round, Kind = message.Kind, Sequence = message.Sequence, ToHolder = message.ToHolder, Ciphertext = message.Ciphertext,
            },
        };
    }

    private static IEnumerable<V1.JoinAccepted> SomeAnswers() =>
    [
        new V1.JoinAccepted
        {
            Session = ByteString.CopyFromUtf8("0123456789abcdef"), Server = Records.ToWire(Samples.Credentials(9)),
            Job = new V1.Job
            {
                Model = "mlp:4", Channels = 1, Height = 1, Width = 3, Classes = 2, Dimension = 26, Layout = V1.Layout.Masked, Leaders = 3, KMin = 3,
                Tensors =
                {
                    TensorLists.ToWire("fc1.weight", [4, 3]), TensorLists.ToWire("fc1.bias", [4]), TensorLists.ToWire("fc2.weight", [2, 4]),
                    TensorLists.ToWire("fc2.bias", [2]),
                },
            },
        },
    ];
}
