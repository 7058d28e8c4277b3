using Google.Protobuf;

namespace DemoFl.Relay;

/// <summary>Which account a message belongs to.</summary>
internal enum Traffic
{
    VectorUp,
    SumUp,
    RelayUp,
    ControlUp,
    ModelDown,
    RelayDown,
    ControlDown,
}

/// <summary>Counts message bytes. Thread-safe.</summary>
internal sealed class TrafficMeter
{
    private const int FrameHeaderBytes = 5;

    private readonly long[] _bytes = new long[Enum.GetValues<Traffic>().Length];

    public TrafficCount Reading => new(
        Of(Traffic.VectorUp), Of(Traffic.SumUp), Of(Traffic.RelayUp), Of(Traffic.ControlUp), Of(Traffic.ModelDown), Of(Traffic.RelayDown),
        Of(Traffic.ControlDown));

    public void Count(Traffic account, IMessage message) => Interlocked.Add(ref _bytes[(int)account], message.CalculateSize() + FrameHeaderBytes);

    private long Of(Traffic account) => Interlocked.Read(ref _bytes[(int)account]);
}
