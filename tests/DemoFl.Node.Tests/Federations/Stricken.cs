using DemoFl.Identity;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>
/// A federation of five whose training a test lets go, and of whose three leaders it kills one in the first round. What it commits must be what
/// the survivors' updates add up to, to the bit.
/// </summary>
internal sealed class Stricken : IAsyncDisposable
{
    public const int Nodes = 5;

    private const float BeyondTheClip = 5_000f;
    private const int Samples = 100;

    public static readonly Round Round = new(1);

    private readonly TaskCompletionSource[] _held = [.. Enumerable.Range(0, Nodes).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
    private readonly StubTrainer[] _trainers;

    private Stricken(Federation federation)
    {
        Federation = federation;
        _trainers = [.. Enumerable.Range(0, Nodes).Select(Trainer)];
        foreach (var (trainer, node) in _trainers.Select((t, i) => (t, i)))
        {
            federation.Join($"n-{node}", trainer, o => o with { Trust = new Mistrust(o.Trust, node, this) });
        }
    }

    public Federation Federation { get; }

    /// <summary>The node that accepts nobody's keys any more.</summary>
    public Member? Suspicious { get; set; }

    /// <summary>The leaders of the first round, as they were elected.</summary>
    public LeaderSet Leaders { get; private set; } = null!;

    /// <summary>The leader of slot 1: the one to be lost.</summary>
    public Member Victim => Federation.Members.Single(m => m.Id == Leaders.Seats[1].Holder);

    /// <summary>A node that leads nobody.</summary>
    public Member Bystander => Federation.Members.First(m => Leaders.SeatOf(m.Id) is null);

    /// <summary>Returns when the first round is open and everybody in it is held in its training.</summary>
    public static async Task<Stricken> StartAsync(CoordinatorRules rules)
    {
        var stricken = new Stricken(await Federation.StartAsync(rules));
        stricken.Leaders = (await stricken.Federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>()).Leaders;
        await stricken.Federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>();
        return stricken;
    }

    /// <summary>Lets everybody's training go on but these.</summary>
    public void Release(params Member[] except)
    {
        for (int i = 0; i < Nodes; i++)
        {
            if (!except.Contains(Federation.Members[i]))
            {
                _held[i].TrySetResult();
            }
        }
    }

    /// <summary>
    /// Kills the victim when the round reaches a stage, before any leader hears of it, and lets the coordinator go on when it has the news of the loss
    /// in its mailbox: whatever it begins now is done after that.
    /// </summary>
    public void KillAt(RoundStage stage) => Federation.Meanwhile = happened =>
    {
        if (happened is CoordinatorEvent.StageReached reached && reached.Stage == stage && reached.Round == Round)
        {
            Federation.Meanwhile = null;
            string id = Victim.Id.ToString();
            Victim.StopAsync().Wait();
            Federation.Log.WhenAsync<LogLine>(l => l.Text.Contains(id, StringComparison.Ordinal) && l.Text.TrimEnd().EndsWith(" left", StringComparison.Ordinal)).Wait();
        }
    };

    /// <summary>Nobody trained twice in a round.</summary>
    public void AssertTrainedOnce() => Assert.All(_trainers, t => Assert.Equal(t.Calls.Distinct(), t.Calls));

    /// <summary>The committed model is the sum over these in the first round, and over everybody who was selected in the others.</summary>
    public void AssertCommitted(IReadOnlyCollection<Member> first)
    {
        float[] expected = Some.Model.Initialise(1);
        foreach (var spec in Federation.Events.All.OfType<CoordinatorEvent.RoundStarted>().Select(e => e.Spec))
        {
            int[] summed = [.. Enumerable.Range(0, Nodes).Where(i => spec.Round == Round
                ? first.Contains(Federation.Members[i])
                : spec.Participants.Contains(Federation.Members[i].Id))];
            int bits = spec.Encoding.RingBits - (int)Math.Ceiling(Math.Log2(spec.Participants.Length));
            double units = Math.Pow(2, bits - 1) - 1;
            double step = spec.Encoding.Clip / units * ((double)Samples / (summed.Length * Samples));
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = (float)(expected[i] + (summed.Sum(n => Sign(n, spec.Round, i)) * units * step));
            }
        }

        Assert.Equal(expected, Federation.CommittedModel());
    }

    public ValueTask DisposeAsync()
    {
        Release();
        return Federation.DisposeAsync();
    }

    private StubTrainer Trainer(int node) => new(async (spec, parameters, cancellation) =>
    {
        if (spec.Round == Round)
        {
            await _held[node].Task.WaitAsync(cancellation);
        }

        StubTrainer.Move(spec.Round, parameters.Span, (round, i) => BeyondTheClip * Sign(node, round, i));
        return StubTrainer.Result(Samples);
    });

    private static int Sign(int node, Round round, int i) => (((node * 7) + ((int)round.Value * 5) + (i * 3)) % 11 % 3) - 1;

    private sealed class Mistrust(ITrustPolicy inner, int node, Stricken stricken) : ITrustPolicy
    {
        public bool VouchesForKeys => inner.VouchesForKeys;

        public TrustDecision Judge(IdentityClaim claim, DateTimeOffset now) =>
            stricken.Suspicious is { } suspicious && suspicious == stricken.Federation.Members[node]
                ? new TrustDecision.Refused("not this week")
                : inner.Judge(claim, now);
    }
}
