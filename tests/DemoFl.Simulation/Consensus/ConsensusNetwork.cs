namespace DemoFl.Simulation;

/// <summary>Between every two institutions, each way for itself: messages take their time, overtake each other, are lost and come twice.</summary>
internal sealed class ConsensusNetwork(ConsensusScenario scenario, EventQueue events, Tally tally)
{
    private static readonly TimeSpan CalmDelay = TimeSpan.FromMilliseconds(5);

    private readonly SplitMix64 _randomness = Randomness.For(scenario.Seed, "consensus network");
    private readonly Dictionary<(int From, int To), TimeSpan> _cutUntil = [];
    private bool _healed;

    public void Send(int from, int to, Action arrive)
    {
        if (_cutUntil.GetValueOrDefault((from, to)) > events.Now)
        {
            tally.Count(ConsensusFaults.Cuts);
            return;
        }

        if (Strikes(ConsensusFaults.LostMessages))
        {
            return;
        }

        events.After(Delay(), arrive);
        if (Strikes(ConsensusFaults.DoubledMessages))
        {
            events.After(Delay(), arrive);
        }
    }

    public void Cut(int from, int to, TimeSpan until) => _cutUntil[(from, to)] = until;

    public void Heal()
    {
        _healed = true;
        _cutUntil.Clear();
    }

    private TimeSpan Delay() => _randomness.UpTo(!_healed && scenario.Has(ConsensusFaults.SlowLinks) ? scenario.LongestDelay : CalmDelay);

    private bool Strikes(ConsensusFaults fault)
    {
        bool strikes = !_healed && scenario.Has(fault) && _randomness.OneIn(8);
        if (strikes)
        {
            tally.Count(fault);
        }

        return strikes;
    }
}
