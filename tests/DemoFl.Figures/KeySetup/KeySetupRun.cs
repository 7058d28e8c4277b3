using DemoFl.Identity;
using DemoFl.Protocol;

namespace DemoFl.Figures.KeySetup;

/// <summary>What one key agreement cost, in processor time.</summary>
internal readonly record struct KeySetupCost(double NodeMs, double LeaderMs, double TotalMs);

/// <summary>A federation of nodes that can agree keys with some leaders among themselves again and again; identities and roster are made once.</summary>
internal sealed class KeySetupRun : IDisposable
{
    private readonly SetupNode[] _nodes;
    private readonly RosterTrust _trust;
    private readonly int _leaders;

    public KeySetupRun(int nodes, int leaders)
    {
        _nodes = [.. Enumerable.Range(1, nodes).Select(i => new SetupNode($"node-{i}"))];
        _trust = new RosterTrust(Roster.Parse(string.Concat(_nodes.Select(n => $"{n.Entry}\n"))));
        _leaders = leaders;
    }

    /// <summary>Every node, leaders too, agrees a key with every leader. All on the calling thread, whose clock is read.</summary>
    public KeySetupCost Measure()
    {
        var (leaders, parties) = (TimeSpan.Zero, TimeSpan.Zero);
        var since = Native.ThreadTime();
        SignedOffer[] offers = [.. Enumerable.Range(0, _leaders).Select(j => _nodes[j].Offer(new Slot(j)))];
        Add(ref leaders);
        foreach (var party in _nodes)
        {
            for (int j = 0; j < _leaders; j++)
            {
                var (answer, channel, confirmation) = party.Answer(offers[j], _trust);
                Add(ref parties);
                var reply = _nodes[j].Accept(answer, confirmation, _trust);
                Add(ref leaders);
                party.Confirm(channel, offers[j].Offer, reply);
                Add(ref parties);
            }
        }

        Array.ForEach(_nodes, n => n.Forget());
        return new KeySetupCost(parties.TotalMilliseconds / _nodes.Length, leaders.TotalMilliseconds / _leaders, (parties + leaders).TotalMilliseconds);

        void Add(ref TimeSpan account)
        {
            var now = Native.ThreadTime();
            account += now - since;
            since = now;
        }
    }

    public void Dispose() => Array.ForEach(_nodes, n => n.Dispose());
}
