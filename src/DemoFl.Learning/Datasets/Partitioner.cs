using System.Globalization;

namespace DemoFl.Learning;

/// <summary>
/// Splits a data set among parties: every example goes to exactly one party and no party is left empty. Equal data, scheme and seed give
/// the same split.
/// </summary>
public static class Partitioner
{
    /// <summary>The most label shards per party.</summary>
    public const int MaxShards = 1_000;

    /// <summary>The smallest and the largest concentration of a Dirichlet split.</summary>
    public const double MinAlpha = 0.001, MaxAlpha = 1_000_000;

    /// <summary>
    /// The indices of each party's examples. Schemes: <c>iid</c> (shuffled, equal sizes give or take one), <c>shards:S</c> (sorted by label
    /// and
    /// cut in parties x S shards, S for each; McMahan et al., 2017, section 3, with S = 2) and <c>dirichlet:A</c> (each class dealt in
    /// proportions drawn from a symmetric Dirichlet distribution of concentration A; Hsu et al., 2019).
    /// </summary>
    /// <exception cref="FormatException">The scheme is none of these.</exception>
    /// <exception cref="ArgumentException">There are too few examples to give every party (or shard) one.</exception>
    public static int[][] Split(Dataset data, string scheme, int parties, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        var (kind, argument) = scheme.Split(':', 2) is [var head, var tail] ? (head, tail) : (scheme, "");
        return (kind, argument) switch
        {
            ("iid", "") => Iid(data, parties, seed),
            ("shards", not "") => Shards(data, parties, ParseShards(scheme, argument), seed),
            ("dirichlet", not "") => Dirichlet(data, parties, ParseAlpha(scheme, argument), seed),
            _ => throw Unknown(scheme, "it is not a known scheme"),
        };
    }

    private static int[][] Iid(Dataset data, int parties, ulong seed)
    {
        RequireAtLeast(data, parties, $"{parties} parties");
        return Cut(Shuffled(data, new SeededRandom(seed)), parties);
    }

    private static int[][] Shards(Dataset data, int parties, int shardsPerParty, ulong seed)
    {
        var count = (long)parties * shardsPerParty;
        RequireAtLeast(data, count, $"{parties} parties with {shardsPerParty} shards each");

        var random = new SeededRandom(seed);
        var byLabel = Shuffled(data, random).OrderBy(data.LabelOf).ToArray();
        var shards = Cut(byLabel, (int)count);
        var order = Enumerable.Range(0, (int)count).ToArray();
        random.Shuffle(order);
        return [.. order.Chunk(shardsPerParty).Select(chunk => chunk.SelectMany(shard => shards[shard]).ToArray())];
    }

    private static int[][] Dirichlet(Dataset data, int parties, double alpha, ulong seed)
    {
        RequireAtLeast(data, parties, $"{parties} parties");

        var random = new SeededRandom(seed);
        var shares = Enumerable.Range(0, parties).Select(_ => new List<int>()).ToArray();
        foreach (var members in Shuffled(data, random).GroupBy(data.LabelOf).OrderBy(group => group.Key))
        {
            var examples = members.ToArray();
            var proportions = GammaSampler.Dirichlet(random, parties, alpha);
            double cumulative = 0;
            var begin = 0;
            for (var party = 0; party < parties; party++)
            {
                cumulative += proportions[party];
                var end = party == parties - 1 ? examples.Length : Math.Min(examples.Length, (int)Math.Round(cumulative * examples.Length));
                if (end > begin) shares[party].AddRange(examples.AsSpan(begin, end - begin));
                begin = Math.Max(begin, end);
            }
        }

        FillEmpty(shares);
        return [.. shares.Select(share => share.ToArray())];
    }

    // A small alpha leaves parties with nothing; each gets one example of whoever has the most at that moment.
    private static void FillEmpty(List<int>[] shares)
    {
        foreach (var share in shares.Where(share => share.Count == 0))
        {
            var richest = shares.MaxBy(other => other.Count)!;
            share.Add(richest[^1]);
            richest.RemoveAt(richest.Count - 1);
        }
    }

    private static int[] Shuffled(Dataset data, SeededRandom random)
    {
        var indices = Enumerable.Range(0, data.Count).ToArray();
        random.Shuffle(indices);
        return indices;
    }

    private static int[][] Cut(int[] indices, int parts) =>
        [.. Enumerable.Range(0, parts).Select(part => indices[Border(indices, part, parts)..Border(indices, part + 1, parts)])];

    private static int Border(int[] indices, int part, int parts) => (int)((long)indices.Length * part / parts);

    private static void RequireAtLeast(Dataset data, long needed, string forWhom)
    {
        if (data.Count < needed)
            throw new ArgumentException($"{data.Count} examples do not go round among {forWhom}; use fewer parties or more data.");
    }

    private static int ParseShards(string scheme, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shards) && shards is >= 1 and <= MaxShards
            ? shards
            : throw Unknown(scheme, $"'{text}' is not a number of shards from 1 to {MaxShards}");

    private static double ParseAlpha(string scheme, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var alpha)
        && alpha is >= MinAlpha and <= MaxAlpha
            ? alpha
            : throw Unknown(scheme, $"'{text}' is not a concentration from {MinAlpha} to {MaxAlpha}");

    private static FormatException Unknown(string scheme, string why) =>
        new(
            $"Cannot split by '{scheme}': {why}. Known are 'iid', 'shards:S' (such as "
            + "'shards:2') and 'dirichlet:A' (such as 'dirichlet:0.5').");
}
