using System.Runtime.CompilerServices;

namespace DemoFl.Simulation;

/// <summary>Sealed messages delivered to others, twice, or with another label; none of them may open.</summary>
internal sealed class Misdelivery(EvilServer server, Federation federation)
{
    private const int Odds = 12;

    private readonly SplitMix64 _randomness = Randomness.For(federation.Scenario.Seed, "misdelivery");
    private readonly ConditionalWeakTable<PeerFrame, object> _moved = [];

    /// <summary>Whether a frame is not what its sender sent to where it is.</summary>
    public bool IsMoved(PeerFrame frame) => _moved.TryGetValue(frame, out _);

    public void Tamper(NodeHost sender, NodeId receiver, PeerFrame frame)
    {
        switch (frame)
        {
            case PeerFrame.Sealed m when server.Strikes(Tampering.Misroutes, Odds):
                Carry(sender, receiver, Moved(m));
                break;
            case PeerFrame.Answered m when server.Strikes(Tampering.Forges, Odds):
                // A key of the server's own in the party's name.
                var forged = m.Answer.Answer with { PublicKey = _randomness.Next256().ToArray() };
                federation.Carry(sender, receiver, new PeerFrame.Answered(m.Answer with { Answer = forged }));
                break;
        }

        if (server.Strikes(Tampering.Misroutes, Odds))
        {
            // As it is, to somebody else; and to the receiver once more, later.
            federation.Carry(sender, _randomness.Pick(federation.Population.Residents).Id, frame);
            federation.Events.After(_randomness.UpTo(TimeSpan.FromSeconds(2)), () => federation.Carry(sender, receiver, frame));
        }
    }

    private PeerFrame.Sealed Moved(PeerFrame.Sealed frame)
    {
        var context = frame.Context;
        return _randomness.Below(6) switch
        {
            0 => frame with { Context = context with { Round = context.Round.Next } },
            1 => frame with { Context = context with { Attempt = new Attempt(context.Attempt.Number + 1) } },
            2 => frame with { Context = context with { Term = context.Term.Next } },
            3 => frame with { Context = context with { Slot = new Slot((context.Slot.Index + 1) % Math.Max(2, federation.Scenario.Rules.Leaders)) } },
            4 => frame with { Context = context with { Kind = (SealedKind)(((int)context.Kind % (int)SealedKind.Holdings) + 1) } },
            _ => frame with { ToHolder = !frame.ToHolder },
        };
    }

    private void Carry(NodeHost sender, NodeId receiver, PeerFrame.Sealed moved)
    {
        _moved.AddOrUpdate(moved, server);
        federation.Carry(sender, receiver, moved);
    }
}
