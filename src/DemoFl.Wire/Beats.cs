using DemoFl.Protocol;

namespace DemoFl.Wire;

/// <summary>Beats and their answers, to and from the messages of their own stream.</summary>
public static class Beats
{
    /// <summary>A beat.</summary>
    public static V1.Beat ToWire(ServerMessage.Beat value) => new() { Number = value.Number };

    /// <summary>A beat.</summary>
    public static ServerMessage.Beat FromWire(V1.Beat value) => new(value.Number);

    /// <summary>An answer.</summary>
    public static V1.BeatAnswered ToWire(NodeMessage.BeatAnswered value) => new() { Number = value.Number };

    /// <summary>An answer.</summary>
    public static NodeMessage.BeatAnswered FromWire(V1.BeatAnswered value) => new(value.Number);
}
