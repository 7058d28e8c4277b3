using System.Text;

namespace DemoFl.Fuzz;

/// <summary>
/// The fuzzing of one target from one seed: the same executions in the same order for the same seed, however they are spread over time. Inputs that the
/// target goes a new way for are kept and changed further.
/// </summary>
internal sealed class TargetRun
{
    /// <summary>Different failures of one target that are kept; more say nothing more.</summary>
    public const int MaxFinds = 8;

    private const int MaxCorpus = 4_096;

    private readonly Target _target;
    private readonly ulong _seed;
    private readonly Probe _probe;
    private readonly Mutator _mutator;
    private readonly Draw _draw;
    private readonly LastInput _last;
    private readonly List<byte[]> _corpus = [];
    private readonly Dictionary<string, byte[]> _grown = [];
    private readonly HashSet<string> _signatures = [];
    private readonly List<Find> _finds = [];

    public TargetRun(Target target, ulong seed, LastInput last)
    {
        (_target, _seed, _last) = (target, seed, last);
        _probe = new Probe(target);
        _mutator = new Mutator(target.Form, target.Words, target.MaxInputBytes);
        _draw = new Draw(seed ^ Fnv(target.Name));
    }

    public Target Target => _target;

    public long Executions { get; private set; }

    public TimeSpan Time { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public long MostAllocatedBytes { get; private set; }

    /// <summary>How many ways through the reader were seen.</summary>
    public int Signatures => _signatures.Count;

    public IReadOnlyList<Find> Finds => _finds;

    /// <summary>What led a new way, beyond the seeds and the kept corpus.</summary>
    public IReadOnlyDictionary<string, byte[]> Grown => _grown;

    /// <summary>Executes the valid inputs and the kept corpus. The valid ones must be taken.</summary>
    public void Begin(IEnumerable<byte[]> kept)
    {
        foreach (byte[] seed in _target.Seeds())
        {
            var outcome = Execute(seed, isSeed: true);
            if (outcome.Failure is null && !outcome.Signature.StartsWith("taken: ", StringComparison.Ordinal))
            {
                Note(seed, new Failure("a valid input is refused", outcome.Signature));
            }
        }

        foreach (byte[] input in kept)
        {
            Execute(input, isSeed: true);
        }

        // What the first executions cost is the runtime's start.
        (Slowest, MostAllocatedBytes) = (default, 0);
    }

    /// <summary>Makes and executes so many inputs.</summary>
    public void Step(int executions)
    {
        for (int i = 0; i < executions && _finds.Count < MaxFinds; i++)
        {
            Execute(_mutator.Mutate(_draw.Of(_corpus), _draw.Of(_corpus), _draw), isSeed: false);
        }
    }

    private Outcome Execute(byte[] input, bool isSeed)
    {
        _last.Keep(_target.Name, input);
        var outcome = _probe.Execute(input);
        _last.Done();
        Executions++;
        Time += outcome.Took;
        Slowest = outcome.Took > Slowest ? outcome.Took : Slowest;
        MostAllocatedBytes = Math.Max(MostAllocatedBytes, outcome.AllocatedBytes);
        if (_signatures.Add(outcome.Signature) || isSeed)
        {
            Keep(input, outcome.Signature, isSeed);
        }

        if (outcome.Failure is { } failure)
        {
            Note(input, failure);
        }

        return outcome;
    }

    private void Keep(byte[] input, string signature, bool isSeed)
    {
        if (_corpus.Count < MaxCorpus)
        {
            _corpus.Add(input);
        }

        if (!isSeed)
        {
            _grown[signature] = input;
        }
    }

    private void Note(byte[] input, Failure failure)
    {
        if (_finds.TrueForAll(f => f.Failure.Key != failure.Key))
        {
            byte[] small = new Shrinker(_probe, failure.Key).Shrink(input);
            _finds.Add(new Find(_target.Name, _seed, Executions, _probe.Execute(small).Failure ?? failure, small));
        }
    }

    private static ulong Fnv(string text) =>
        Encoding.UTF8.GetBytes(text).Aggregate(0xCBF2_9CE4_8422_2325UL, (hash, b) => (hash ^ b) * 0x0000_0100_0000_01B3);
}
