using DemoFl.Relay.Coordination;
using DemoFl.Relay.Storage;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Fuzz;

/// <summary>The sum of a round that was closing: the one that the journal names by its hash, or none.</summary>
internal sealed class ClosingSumTarget : FileTarget
{
    private readonly ClosingSums _sums;
    private readonly RoundClosing _closing;
    private readonly byte[] _written;

    public ClosingSumTarget()
        : base("closing-sum", InputForm.Bytes)
    {
        _sums = new ClosingSums(Folder);
        var aggregate = new RingAggregate(Samples.Spec());
        Samples.Filled(aggregate.Vector.ByteLength, 3).CopyTo(aggregate.Vector.Bytes);
        var (name, hash) = _sums.Save(Samples.Round.Value, aggregate.Vector, aggregate.Lanes);
        _written = File.ReadAllBytes(PathOf(name));
        _closing = new RoundClosing
        {
            Round = Samples.Round.Value, Attempt = 1, SumFile = name, SumHash = Field.Of(hash), Spec = RoundSpecs.ToWire(Samples.Spec(), default),
            Leaders = Records.ToWire(Samples.LeaderSet(), default),
        };
    }

    public override IEnumerable<byte[]> Seeds() => [_written];

    public override string Read(byte[] input)
    {
        Write(_closing.SumFile, input);
        var sum = _sums.Load(_closing);
        BrokenPromiseException.Unless(
            sum is null || input.AsSpan().SequenceEqual([.. sum.Vector.Bytes, .. sum.Lanes.Bytes]), "a sum is another one than the file's");
        BrokenPromiseException.Unless(sum is not null == input.AsSpan().SequenceEqual(_written), "a sum is taken that the journal does not name, or its own is not");
        return sum is null ? "none" : "the sum";
    }

    public override bool IsRefusal(Exception e) => false;
}
