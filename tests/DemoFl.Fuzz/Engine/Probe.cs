using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace DemoFl.Fuzz;

/// <summary>Executes a target on an input and judges what comes of it.</summary>
internal sealed partial class Probe(Target target)
{
    private const int LongestSignature = 120;

    /// <summary>A busy machine may be slow once; an input that is too dear is so every time.</summary>
    private const int Repetitions = 3;

    public Outcome Execute(byte[] input)
    {
        var outcome = Once(input);
        for (int i = 1; i < Repetitions && TooDear(outcome, input.Length) is not null; i++)
        {
            var again = Once(input);
            outcome = again with { Took = Min(outcome.Took, again.Took), AllocatedBytes = Math.Min(outcome.AllocatedBytes, again.AllocatedBytes) };
        }

        return outcome with { Failure = TooDear(outcome, input.Length) ?? outcome.Failure };
    }

    private Outcome Once(byte[] input)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        string signature;
        Failure? failure = null;
        try
        {
            signature = "taken: " + target.Read(input);
        }
        catch (Exception e) when (e is not BrokenPromiseException && target.IsRefusal(e))
        {
            signature = $"{e.GetType().Name}: {Template(e.Message)}";
        }
        catch (Exception e)
        {
            signature = $"{e.GetType().Name}: {Template(e.Message)}";
            failure = new Failure($"{e.GetType().Name} {(e is BrokenPromiseException ? Template(e.Message) : PlaceOf(e))}", e.ToString());
        }

        return new Outcome(signature, failure, Stopwatch.GetElapsedTime(started), GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static Failure? TooDear(Outcome outcome, int inputBytes) =>
        outcome.Took > Bounds.Time ? new Failure(
            "time", $"{inputBytes} bytes took {outcome.Took.TotalSeconds:0.00} s, more than {Bounds.Time.TotalSeconds:0} s.")
        : outcome.AllocatedBytes > Bounds.AllocationFor(inputBytes) ? new Failure(
            "allocation", $"{inputBytes} bytes made it allocate {outcome.AllocatedBytes} bytes, more than {Bounds.AllocationFor(inputBytes)}.")
        : null;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>The innermost method of the product on the stack.</summary>
    private static string PlaceOf(Exception e)
    {
        var frames = new StackTrace(e).GetFrames().Select(f => f.GetMethod()).OfType<System.Reflection.MethodBase>().ToArray();
        var place = frames.FirstOrDefault(m => m.DeclaringType?.FullName is { } name && name.StartsWith("DemoFl.", StringComparison.Ordinal)) ?? frames.FirstOrDefault();
        return place is null ? "nowhere" : $"{place.DeclaringType?.Name}.{place.Name}";
    }

    /// <summary>The words of a message, without what was quoted and counted.</summary>
    internal static string Template(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        string line = Quoted().Replace(Path().Replace(end < 0 ? message : message[..end], "FILE"), "''");
        var template = new StringBuilder();
        foreach (char c in line)
        {
            if (!char.IsAsciiDigit(c))
            {
                template.Append(c is >= ' ' and <= '~' ? c : '?');
            }
            else if (template.Length == 0 || template[^1] != '#')
            {
                template.Append('#');
            }

            if (template.Length == LongestSignature)
            {
                break;
            }
        }

        return template.ToString();
    }

    [GeneratedRegex("'[^']*'|\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\s']*demofl-fuzz-[^\s:,']*")]
    private static partial Regex Path();
}
