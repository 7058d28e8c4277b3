using DemoFl.Protocol;
using DemoFl.Simulation;

namespace DemoFl.Figures.Messages;

/// <summary>Has every node crash in every round with the same chance, at a moment of its own, and counts the messages meanwhile.</summary>
internal sealed class CrashTrace(double rate, ulong seed) : IWitness
{
    /// <summary>About as long as a round of the simulated parties takes without faults.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly SplitMix64 _randomness = Randomness.For(seed, "crashes");

    public MessageTrace Messages { get; } = new();

    /// <summary>The federation that is watched.</summary>
    public Federation Federation { get; set; } = null!;

    public int Crashes { get; private set; }

    public void Note(TimeSpan at, string who, object what)
    {
        Messages.Note(at, who, what);
        if (what is CoordinatorEffect.Report { Event: CoordinatorEvent.RoundStarted })
        {
            foreach (var resident in Federation.Population.Residents.Where(_ => _randomness.Below(100_000) < rate * 100_000))
            {
                Federation.Events.After(_randomness.UpTo(Round), () =>
                {
                    Crashes++;
                    Federation.Population.Kill(resident.Process, forGood: false);
                });
            }
        }
    }
}
