namespace DemoFl.Simulation;

/// <summary>Cuts the connections of leaders in the middle of a closing, and asks them for sums of the round when they are back.</summary>
internal sealed class SecondConnections(EvilServer server, Federation federation)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(150);

    private readonly SplitMix64 _randomness = Randomness.For(federation.Scenario.Seed, "second connections");

    /// <summary>A leader has signed something, or is about to.</summary>
    public void OnHeard(NodeId from, NodeMessage message)
    {
        int odds = message switch { NodeMessage.ReplacementAgreed => 2, NodeMessage.HoldingsReported or NodeMessage.DigestsReported => 5, _ => 0 };
        if (odds > 0 && server.Does(Tampering.AsksAgain) && _randomness.OneIn(odds) && federation.Population.Find(from) is { } leader)
        {
            federation.Events.After(_randomness.UpTo(LongestWait), () => federation.Population.Disconnect(leader));
        }
    }

    /// <summary>Asks for every attempt that there may have been.</summary>
    public void OnJoined(NodeId node, Round round)
    {
        if (server.Does(Tampering.AsksAgain) && _randomness.OneIn(2))
        {
            federation.Events.After(_randomness.UpTo(LongestWait), () =>
            {
                for (int attempt = 1; attempt <= 4; attempt++)
                {
                    server.Say(node, new ServerMessage.ReleaseAsked(round, new Attempt(attempt)));
                }
            });
        }
    }
}
