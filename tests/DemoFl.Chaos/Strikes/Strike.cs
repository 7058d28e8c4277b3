using System.Diagnostics;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Strikes;

/// <summary>Processes of a federation were killed, at a moment that is known.</summary>
/// <param name="Victims">Their names.</param>
/// <param name="From">The index of the first event that was read after the blow.</param>
/// <param name="At">When, by <see cref="Stopwatch.GetTimestamp"/>.</param>
/// <param name="Moment">What the federation was really doing.</param>
internal sealed record Strike(IReadOnlyList<string> Victims, int From, long At, Moment Moment)
{
    /// <summary>Kills now.</summary>
    public static async Task<Strike> NowAsync(ProcessFederation federation, params IReadOnlyList<string> victims)
    {
        int from = federation.Events.Now;
        long at = Stopwatch.GetTimestamp();
        await federation.KillAsync(victims);
        return new Strike(victims, from, at, PhaseWitness.At(federation, EndOf(federation, victims, from)));
    }

    /// <summary>Kills in the very thread that reads the first event of which something holds.</summary>
    /// <param name="federation">Whose.</param>
    /// <param name="predicate">What holds of the event.</param>
    /// <param name="victims">Who is to be killed; asked then.</param>
    /// <param name="what">The event in words, for the message.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<Strike> OnAsync(
        ProcessFederation federation, Func<ChaosEvent, bool> predicate, Func<IReadOnlyList<string>> victims, string what, CancellationToken cancellation)
    {
        (IReadOnlyList<string> Victims, long At) struck = ([], 0);
        var on = await federation.Events.OnceAsync(
            predicate,
            _ =>
            {
                struck = (victims(), Stopwatch.GetTimestamp());
                foreach (string name in struck.Victims)
                {
                    federation.Of(name).Kill();
                }
            },
            what, cancellation);
        await federation.KillAsync(struck.Victims);
        return new Strike(struck.Victims, on.Index + 1, struck.At, PhaseWitness.At(federation, EndOf(federation, struck.Victims, on.Index + 1)));
    }

    /// <summary>A server that is dead has said all that it had to say; of another the harness knows what it has heard.</summary>
    private static int EndOf(ProcessFederation federation, IReadOnlyList<string> victims, int from) =>
        victims.Contains(ProcessFederation.Server) ? federation.Events.Now : from;
}
