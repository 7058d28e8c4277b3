using System.Buffers.Binary;
using System.Collections.Immutable;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>Values that tests need and do not care about.</summary>
internal static class Some
{
    public const uint MaxSampleCount = 100;

    /// <summary>d = 8.</summary>
    public static readonly Model Model = Models.Parse("softmax", new InputShape(1, 1, 3), 2);

    public static readonly RunId Run = new(0x1234);

    public static NodeId Node(int number) => new(Hash256.Of([(byte)number]));

    public static Hash256 NonceHash(int number) => Hash256.Of([1, (byte)number]);

    public static EncodingRules Encoding(int ringBits = 32) => new(ringBits, 0.5, MaxSampleCount, Lanes.LossFractionBits, 1.0 / 1024, 1024);

    public static RoundSpec Spec(Layout layout = Layout.Masked, int dimension = 8, int ringBits = 32, ulong round = 1, int parties = 4) => new(
        Run, new Round(round), default, layout, Encoding(ringBits), Training(dimension),
        [.. Enumerable.Range(0, parties).Select(Node).OrderBy(n => n.Value)], 1, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30));

    public static TrainingPlan Training(int dimension) => new("softmax", dimension, 1, 1, 0.1, 0, 0, 7);

    public static LeaderSet Leaders(params int[] nodes) => new(
        Run, new Term(1), [.. nodes.Select((n, i) => new Seat(new Slot(i), Node(n), new Incarnation((UInt128)n), new Term(1)))]);

    public static PartySet Parties(params int[] nodes) => new(nodes.Select(n => new Protocol.Contribution(Node(n), NonceHash(n))));

    public static CoordinatorRules Rules(Layout layout = Layout.Plain, int nodes = 2, int rounds = 1, int leaders = 2) => new(
        default, leaders, ElectionMode.First, TimeSpan.Zero, TimeSpan.FromSeconds(30), nodes, 1, 1, layout, Encoding(), Training(Model.Layout.Length),
        TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), rounds);

    public static Job Job(CoordinatorRules? rules = null, string text = "job", Dataset? heldOut = null) => Relay.Job.Of(text, Model, 5, rules ?? Rules(), heldOut);

    public static byte[] Lane(ulong samples, ulong clipped = 0) => new Lanes(samples, clipped, 0.5, 1, 1).ToVector().Bytes.ToArray();

    public static VectorHeader Header(
        int byteLength, int node = 0, VectorKind kind = VectorKind.Masked, ulong round = 1, uint attempt = 0, byte[]? lanes = null) => new()
        {
            Key = new VectorKey { Round = round, Kind = kind, Attempt = attempt }, ByteLength = (ulong)byteLength,
            Lanes = ByteString.CopyFrom(lanes ?? Lane(1)), NonceHash = kind == VectorKind.Sum ? ByteString.Empty : Field.Of(NonceHash(node)),
        };

    /// <summary>A complete vector in memory.</summary>
    public static ReceivedVector Received(ReadOnlySpan<byte> bytes, byte[] lanes)
    {
        var buffer = new MemoryBuffer(bytes.Length);
        buffer.Append(bytes);
        return new ReceivedVector(buffer, lanes, default);
    }

    public static byte[] Floats(params float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    public static ImmutableArray<byte[]> RandomVectors(int seed, int count, int byteLength)
    {
        var random = new Random(seed);
        var vectors = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(vectors[i] = new byte[byteLength]);
        }

        return [.. vectors];
    }
}
