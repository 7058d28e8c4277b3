namespace DemoFl.Simulation;

/// <summary>Deaths, cuts and pauses, one after another, until all is healed.</summary>
internal sealed class ConsensusTroubles(ConsensusCluster cluster, IReadOnlyList<ConsensusHost> hosts, ConsensusNetwork network)
{
    private static readonly ConsensusFaults[] Kinds = [ConsensusFaults.Cuts, ConsensusFaults.Crashes, ConsensusFaults.Pauses];

    private readonly SplitMix64 _randomness = Randomness.For(cluster.Scenario.Seed, "consensus troubles");

    /// <summary>Nothing goes wrong any more.</summary>
    public bool Over { get; private set; }

    public void Begin()
    {
        cluster.Events.At(cluster.Scenario.Trouble, Heal);
        Next();
    }

    private void Next() => cluster.Events.After(_randomness.UpTo(cluster.Scenario.LongestPeace), () =>
    {
        if (!Over)
        {
            Strike();
            Next();
        }
    });

    private void Heal()
    {
        Over = true;
        network.Heal();
        foreach (var host in hosts)
        {
            host.Start();
            host.Resume();
        }
    }

    private void Strike()
    {
        var kinds = Array.FindAll(Kinds, cluster.Scenario.Has);
        if (kinds.Length == 0)
        {
            return;
        }

        switch (_randomness.Pick(kinds))
        {
            case ConsensusFaults.Crashes when _randomness.OneIn(8):
                foreach (var host in hosts)
                {
                    host.Crash();
                }

                break;
            case ConsensusFaults.Crashes:
                Victim().Crash();
                break;
            case ConsensusFaults.Pauses:
                var victim = Victim();
                cluster.Tally.Count(ConsensusFaults.Pauses);
                victim.Pause();
                cluster.Events.After(_randomness.BetweenMs(50, 2000), victim.Resume);
                break;
            default:
                Cut();
                break;
        }
    }

    /// <summary>Often the one that matters most.</summary>
    private ConsensusHost Victim() =>
        _randomness.OneIn(2) && hosts.FirstOrDefault(h => h.Machine?.Role == ConsensusRole.Coordinator) is { } coordinator
            ? coordinator
            : _randomness.Pick(hosts);

    /// <summary>Some from the rest: there, back, or both ways.</summary>
    private void Cut()
    {
        var until = cluster.Events.Now + _randomness.BetweenMs(100, 2500);
        var away = _randomness.Draw([.. Enumerable.Range(0, hosts.Count)], _randomness.Below(hosts.Count)).Append(Victim().Number).ToHashSet();
        int ways = _randomness.Below(4);
        for (int from = 0; from < hosts.Count; from++)
        {
            for (int to = 0; to < hosts.Count; to++)
            {
                bool leaves = away.Contains(from) && !away.Contains(to);
                bool returns = !away.Contains(from) && away.Contains(to);
                if ((leaves && ways != 1) || (returns && ways != 2))
                {
                    network.Cut(from, to, until);
                }
            }
        }
    }
}
