using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Node.Tests;

/// <summary>Values that a test needs and does not care about.</summary>
internal static class Some
{
    public const string ModelName = "softmax";

    public static readonly RunId Run = new(7);

    /// <summary>Four columns, three classes: 15 parameters.</summary>
    public static readonly Model Model = Models.Parse(ModelName, new InputShape(1, 1, 4), 3);

    public static readonly EncodingRules Encoding = new(32, 0.5, 100, Lanes.LossFractionBits, 1.0 / 1024, 1024);

    public static Incarnation Incarnation() => new(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));

    public static Nonce Nonce() => new(new Hash256(RandomNumberGenerator.GetBytes(Hash256.Size)));

    public static NodeId Node(int number) => new(Hash256.Of(BitConverter.GetBytes(number)));

    public static TrainingPlan Plan(int dimension) => new(ModelName, dimension, 1, 8, 0.1, 0, 0, 1);

    public static RoundSpec Spec(
        ulong round = 1, Layout layout = Layout.Masked, int ring = 32, double clip = 0.5, int dimension = 15, int parties = 3, uint maxSamples = 100) => new(
        Run, new Round(round), default, layout, Encoding with { RingBits = ring, Clip = clip, MaxSampleCount = maxSamples }, Plan(dimension),
        [.. Enumerable.Range(0, parties).Select(Node).OrderBy(n => n.Value)], 3, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
}
