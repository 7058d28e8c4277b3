using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;
using DemoFl.Chaos.Strikes;

namespace DemoFl.Chaos.Scenarios.Matrix;

/// <summary>
/// Brings a federation into a phase of a round and holds it there, with nothing but what the product's users have: a trainer that takes its time, a process
/// that stands still, a link that is slow. The victims are others, so that the blow finds what it is meant to find.
/// </summary>
internal sealed class RoundHolds(ProcessFederation federation, FaultyLinks links, TimeSpan patience)
{
    /// <summary>A vector of the matrix's model takes many seconds; a message of the protocol does not.</summary>
    private const long SlowBytesPerSecond = 8 * 1024;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    /// <summary>All parties train: the trainer does not answer.</summary>
    public async Task<HeldPhase> TrainingAsync(Role role, CancellationToken cancellation)
    {
        await federation.HoldTrainingAsync(cancellation);
        return new HeldPhase(VictimsOf(role), () => federation.Trainer.Release());
    }

    /// <summary>The parties have announced, and wait for the acknowledgement of a leader that stands still.</summary>
    public async Task<HeldPhase> AnnounceAsync(Role role, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        string still = federation.Leaders[^1];
        federation.Freeze(still);
        federation.Trainer.Release();
        await SentAsync(round, "announcement", federation.Nodes.Where(n => n != still), cancellation);
        return new HeldPhase(VictimsOf(role), () => Wake(still));
    }

    /// <summary>All vectors are there but one, which creeps over a slow link; a party that is killed is the one that sends it.</summary>
    public async Task<HeldPhase> UploadAsync(Role role, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        string slow = federation.Followers.Last();
        var link = links[slow];
        link.Up.BytesPerSecond = SlowBytesPerSecond;
        federation.Trainer.Release();
        await SentAsync(round, "vector", federation.Nodes, cancellation);
        return new HeldPhase(role == Role.Party ? [slow] : VictimsOf(role), () => Heal(slow));
    }

    /// <summary>All vectors are there, and a leader that stands still does not say what it holds.</summary>
    public async Task<HeldPhase> IntersectAsync(Role role, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        string last = federation.Followers.Last();
        int from = federation.Events.Now;
        federation.Trainer.Release([.. federation.Nodes.Where(n => n != last)]);
        await SentAsync(round, "vector", federation.Nodes.Where(n => n != last), cancellation);

        // The others need no leader any more. The last one fails at its training, and the round closes without it.
        string still = federation.Leaders[^1];
        federation.Freeze(still);
        federation.Trainer.Fail(last);
        await ReachedAsync(from, round, "Intersecting", cancellation);
        return new HeldPhase(VictimsOf(role), () => Wake(still));
    }

    /// <summary>The leaders hand out their sums, and one does so over a slow link.</summary>
    /// <param name="role">Who is killed.</param>
    /// <param name="slowOne">Of one leader: the one whose sum is on its way; else one whose sum is there.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<HeldPhase> ReleaseAsync(Role role, bool slowOne, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        string slow = federation.Leaders[^1];
        int from = federation.Events.Now;
        var slowing = federation.Events.OnceAsync(
            e => e.Round == round && e.Reached("Intersecting"), _ => links[slow].Up.BytesPerSecond = SlowBytesPerSecond, $"round {round} closes", cancellation);
        federation.Trainer.Release();
        await slowing;
        await ReachedAsync(from, round, "Releasing", cancellation);
        await SentAsync(round, "sum", federation.Leaders, cancellation);
        return new HeldPhase(role == Role.Leader && slowOne ? [slow] : VictimsOf(role), () => Heal(slow));
    }

    /// <summary>Who is killed where the phase does not ask for somebody else.</summary>
    public IReadOnlyList<string> VictimsOf(Role role) => role switch
    {
        Role.Party => [federation.Followers.First()],
        Role.Leader => [federation.Leaders[0]],
        Role.AllLeaders => federation.Leaders,
        _ => [ProcessFederation.Server],
    };

    /// <summary>What a dead machine had not sent is gone with it.</summary>
    public void Cut(IEnumerable<string> victims)
    {
        foreach (string node in victims.Where(v => v != ProcessFederation.Server))
        {
            links[node].ResetAll();
        }
    }

    private void Heal(string node) => links[node].Heal();

    private void Wake(string node)
    {
        if (federation.Runs(node))
        {
            federation.Continue(node);
        }
    }

    private Task<ChaosEvent> ReachedAsync(int from, ulong round, string stage, CancellationToken cancellation) =>
        federation.Events.WaitAsync(from, e => e.Round == round && e.Reached(stage), $"round {round} reaches {stage}", cancellation);

    /// <summary>Until the records of all these say that they have sent it. A file tells nobody that it has grown, so this looks again and again.</summary>
    private async Task SentAsync(ulong round, string kind, IEnumerable<string> nodes, CancellationToken cancellation)
    {
        string[] awaited = [.. nodes];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        while (awaited.Except(PhaseWitness.Senders(federation.KeyFolder, round, kind)).ToArray() is { Length: > 0 } missing)
        {
            try
            {
                await Task.Delay(LookAgain, deadline.Token);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new ChaosException($"round {round}: no {kind} left {string.Join(", ", missing)}", e);
            }
        }
    }
}
