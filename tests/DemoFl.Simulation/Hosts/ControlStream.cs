namespace DemoFl.Simulation;

/// <summary>A node's stream to the coordinator and back, and beside it the call on which it answers beats.</summary>
internal sealed record ControlStream(NodeHost Node, long Connection, Link Up, Link Down, Link BeatUp, Link BeatDown)
{
    public IEnumerable<Link> Links => [Up, Down, BeatUp, BeatDown];

    public void Break()
    {
        foreach (var link in Links)
        {
            link.Cut();
        }
    }
}
