namespace DemoFl.Relay;

/// <summary>
/// Bytes of gRPC messages at the server, five bytes of framing each included: what parties send (vectors, relayed envelopes, control),
/// what leaders send as sums, and what goes out.
/// </summary>
public readonly record struct TrafficCount(long VectorsUp, long SumsUp, long RelayUp, long ControlUp, long ModelsDown, long RelayDown, long ControlDown)
{
    /// <summary>Everything received.</summary>
    public long Up => VectorsUp + SumsUp + RelayUp + ControlUp;

    /// <summary>Everything sent.</summary>
    public long Down => ModelsDown + RelayDown + ControlDown;

    /// <summary>What parties as parties sent: the figure to hold against plain federated averaging.</summary>
    public long PartiesUp => VectorsUp + RelayUp + ControlUp;

    /// <summary>The difference of two readings.</summary>
    public static TrafficCount operator -(TrafficCount a, TrafficCount b) => new(
        a.VectorsUp - b.VectorsUp, a.SumsUp - b.SumsUp, a.RelayUp - b.RelayUp, a.ControlUp - b.ControlUp, a.ModelsDown - b.ModelsDown,
        a.RelayDown - b.RelayDown, a.ControlDown - b.ControlDown);
}
