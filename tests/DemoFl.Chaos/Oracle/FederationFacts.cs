using DemoFl.Chaos.Processes;
using DemoFl.Protocol;
using DemoFl.V1;

namespace DemoFl.Chaos.Oracle;

/// <summary>
/// What a federation's journal, checkpoints and events say, held against each other and against the oracle: nothing committed is lost or there twice, numbers
/// only rise, nobody was told of a commit that is none, and every model is the one that the parties in its sums make, bit by bit.
/// </summary>
/// <param name="Committed">All committed rounds, in the journal's order.</param>
/// <param name="Wrong">What does not fit, one line each; empty when all is well.</param>
internal sealed record FederationFacts(IReadOnlyList<CommittedRound> Committed, IReadOnlyList<string> Wrong)
{
    /// <summary>Whether all fits.</summary>
    public bool AreRight => Wrong.Count == 0;

    /// <summary>Whether a round is committed.</summary>
    public bool Has(ulong round) => Committed.Any(c => c.Round == round);

    /// <summary>In one line, for a result: how much was looked at, or what is wrong.</summary>
    public override string ToString() => AreRight
        ? $"{Committed.Count} models equal the oracle"
        : $"WRONG: {string.Join("; ", Wrong)}";

    public static FederationFacts Read(ProcessFederation federation)
    {
        // The events first: what they say is committed was in the journal before.
        var events = federation.Events.All;
        var records = JournalFile.Read(Path.Combine(federation.RunFolder, "journal"));
        var wrong = new List<string>();
        var committed = CommittedIn(records, events, federation.NameOf, wrong);
        RequireRising(records, wrong);
        RequireEventsFit(events, committed, wrong);
        wrong.AddRange(federation.Audit.Check(committed, federation.RunFolder));
        return new FederationFacts(committed, wrong);
    }

    internal static List<CommittedRound> CommittedIn(
        IEnumerable<JournalRecord> records, IReadOnlyList<ChaosEvent> events, Func<string, string> nameOf, List<string> wrong)
    {
        var opened = events.Where(e => e.IsOpening).GroupBy(e => e.Round!.Value);
        var selected = opened.ToDictionary(g => g.Key, g => (int)g.Last().Line["parties"]!);
        var committed = new List<CommittedRound>();
        RoundClosing? closing = null;
        foreach (var record in records)
        {
            closing = record.RoundClosing ?? closing;
            if (record.RoundCommitted is not { } commit)
            {
                continue;
            }

            string[] parties = closing?.Round == commit.Round
                ? [.. closing.Intersection.Select(c => nameOf(new NodeId(new Hash256(c.Party.Span)).ToString()))]
                : [];
            if (committed.Any(c => c.Round == commit.Round))
            {
                wrong.Add($"round {commit.Round} is committed twice");
            }

            if (parties.Length != commit.Parties || parties.Distinct().Count() != parties.Length)
            {
                wrong.Add($"round {commit.Round} is committed over {commit.Parties} parties, and its closing record has {string.Join(", ", parties)}");
            }

            string hash = Convert.ToHexStringLower(commit.ModelHash.Span);
            committed.Add(new CommittedRound(commit.Round, parties, selected.TryGetValue(commit.Round, out int n) ? n : null, hash, commit.Checkpoint));
        }

        return committed;
    }

    internal static void RequireRising(IEnumerable<JournalRecord> records, List<string> wrong)
    {
        (ulong term, ulong round, ulong commit) = (0, 0, 0);
        foreach (var record in records)
        {
            switch (record.RecordCase)
            {
                case JournalRecord.RecordOneofCase.TermOpened:
                    Rise(ref term, record.TermOpened.Term, "term");
                    break;
                case JournalRecord.RecordOneofCase.RoundOpened:
                    Rise(ref round, record.RoundOpened.Round, "opened round");
                    break;
                case JournalRecord.RecordOneofCase.RoundCommitted:
                    Rise(ref commit, record.RoundCommitted.Round, "committed round");
                    break;
            }
        }

        void Rise(ref ulong last, ulong next, string what)
        {
            if (next <= last)
            {
                wrong.Add($"{what} {next} comes after {last}");
            }

            last = next;
        }
    }

    internal static void RequireEventsFit(IReadOnlyList<ChaosEvent> events, IReadOnlyList<CommittedRound> committed, List<string> wrong)
    {
        var rounds = committed.Select(c => c.Round).ToHashSet();
        var told = events.Where(e => e.IsCommit).Select(e => e.Round!.Value).ToArray();
        wrong.AddRange(told.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => $"the server told of the commit of round {g.Key} {g.Count()} times"));
        wrong.AddRange(told.Except(rounds).Select(r => $"the server told of the commit of round {r}, and it is not in the journal"));
        wrong.AddRange(events
            .Where(e => !e.IsOfServer && e.Kind == "roundEnded" && e.Line["aborted"] is null && !rounds.Contains(e.Round!.Value))
            .Select(e => $"{e.Source} was told that round {e.Round} is committed, and it is not in the journal"));
    }
}
