using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Node.Trainers;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Fuzz;

/// <summary>What an owner's trainer answers in a round: refused, or a finite update with counts that a lane can carry.</summary>
internal sealed class TrainReplyTarget() : Target("trainer-replies", InputForm.ProtobufStream)
{
    private static readonly ParameterLayout Parameters = new([new TensorShape("w", [3, 2]), new TensorShape("b", [2])]);

    public override IEnumerable<byte[]> Seeds()
    {
        byte[] summary = new TrainReply { Summary = new TrainSummary { SampleCount = 50, LossSum = 12.5, Correct = 40, Evaluated = 50 } }.ToByteArray();
        yield return Framing.Join([Piece(32), summary]);
        yield return Framing.Join([Piece(12), Piece(20), summary]);
    }

    public override string Read(byte[] input)
    {
        var replies = Framing.Split(input).Select(m => Messages.Parse(TrainReply.Parser, m)).ToArray();
        using var call = new AsyncDuplexStreamingCall<TrainRequest, TrainReply>(
            new NullWriter<TrainRequest>(), new ListReader<TrainReply>(replies), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        var parameters = new float[Parameters.Length];
        var result = new TrainerCall(call, TrainerAddress.Parse("http://127.0.0.1:9")).RunAsync(new TrainHeader(), parameters, Parameters, CancellationToken.None)
            .GetAwaiter().GetResult();
        BrokenPromiseException.Unless(Array.TrueForAll(parameters, float.IsFinite) && double.IsFinite(result.LossSum), "a value that is taken is not finite");
        BrokenPromiseException.Unless(
            result.SampleCount is > 0 and <= Sharing.Lanes.MaxMagnitude && result.Correct >= 0 && result.Correct <= result.Evaluated
                && result.Evaluated <= Sharing.Lanes.MaxMagnitude, "a count that is taken is beyond a lane");
        return $"{Shape.Order((ulong)result.SampleCount)} {Shape.Order((ulong)replies.Length)}";
    }

    public override bool IsRefusal(Exception e) => e is TrainerException or WireFormatException;

    private static byte[] Piece(int length) => new TrainReply { Piece = ByteString.CopyFrom(Samples.Filled(length, 0x3C)) }.ToByteArray();
}
