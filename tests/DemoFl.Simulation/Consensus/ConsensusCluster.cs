using System.Collections.Immutable;

namespace DemoFl.Simulation;

/// <summary>Institutions that agree, in virtual time: first with everything going wrong, then healed, when they must go on.</summary>
internal sealed class ConsensusCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConsensusHost[] _hosts;
    private readonly ConsensusNetwork _network;
    private readonly ConsensusTroubles _troubles;
    private readonly SplitMix64 _randomness;
    private ulong _proposed;

    public ConsensusCluster(ConsensusScenario scenario, Trace trace)
    {
        (Scenario, Trace) = (scenario, trace);
        _randomness = Randomness.For(scenario.Seed, "consensus proposals");
        Nodes = [.. Enumerable.Range(0, scenario.Members).Select(i => new NodeId(Hash256.Of([(byte)i])))];
        _network = new ConsensusNetwork(scenario, Events, Tally);
        _hosts = [.. Enumerable.Range(0, scenario.Members).Select(i => new ConsensusHost(this, i))];
        Promises = new ConsensusPromises(_hosts);
        _troubles = new ConsensusTroubles(this, _hosts, _network);
    }

    public ConsensusScenario Scenario { get; }

    public Trace Trace { get; }

    public EventQueue Events { get; } = new();

    public Tally Tally { get; } = new();

    public ConsensusPromises Promises { get; }

    public ImmutableArray<NodeId> Nodes { get; }

    public bool MayCrash => Scenario.Has(ConsensusFaults.Crashes) && !_troubles.Over;

    public NodeId Node(int number) => Nodes[number];

    public void Deliver(int from, NodeId to, ConsensusMessage message)
    {
        Tally.Count("messages");
        int receiver = Nodes.IndexOf(to);
        _network.Send(from, receiver, () => _hosts[receiver].Take(new ConsensusInput.Received(Node(from), message)));
    }

    /// <exception cref="InvariantException">A promise was broken.</exception>
    public void Run()
    {
        Array.ForEach(_hosts, h => h.Start());
        _troubles.Begin();
        Propose();
        ulong proposedInTrouble = ulong.MaxValue;
        while (!HaveAllApplied(proposedInTrouble))
        {
            Events.RunNext();
            if (_troubles.Over && proposedInTrouble == ulong.MaxValue)
            {
                proposedInTrouble = _proposed;
            }

            Promise.Require(Events.Now < Scenario.Trouble + Patience, $"R7: nothing is agreed by all in {Patience.TotalSeconds} s without faults");
        }

        Tally.Count("agreements", Promises.Committed.Count);
    }

    private bool HaveAllApplied(ulong more) => _troubles.Over && Array.TrueForAll(_hosts, h => h.Applied.Round?.Round.Value > more);

    /// <summary>To whoever it may be, and mostly to one that believes to coordinate.</summary>
    private void Propose()
    {
        var believers = Array.FindAll(_hosts, h => h.Machine?.Role == ConsensusRole.Coordinator);
        var host = _randomness.Pick(believers.Length == 0 || _randomness.OneIn(8) ? _hosts : believers);
        ulong number = ++_proposed;
        Agreement agreement = _randomness.OneIn(6)
            ? new Agreement.LeadersSeated(new LeaderSet(new RunId(1), new Term(number), []))
            : new Agreement.RoundCommitted(new Round(number), default, Hash256.Of(BitConverter.GetBytes(number)));
        host.Take(new ConsensusInput.Propose((long)number, agreement));
        Events.After(_randomness.BetweenMs(5, 120), Propose);
    }
}
