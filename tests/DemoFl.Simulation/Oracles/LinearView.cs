namespace DemoFl.Simulation;

/// <summary>
/// What somebody knows of unknowns as linear equations, and what follows from it. Unknowns are of two kinds: inputs, and masks that are uniform and
/// independent of everything. Arithmetic is in the field of 2^61 - 1 elements: coefficients are small, so that what is dependent there is dependent
/// over the integers but for a chance in 2^61. Not thread-safe.
/// </summary>
internal sealed class LinearView
{
    private const ulong Prime = (1UL << 61) - 1;

    private readonly Dictionary<object, int> _inputs = [];
    private readonly Dictionary<object, int> _masks = [];
    private readonly List<SortedDictionary<int, ulong>> _equations = [];

    /// <summary>The value of this combination is known: inputs and masks with their coefficients.</summary>
    public void Learn(IEnumerable<(object Input, int Times)> inputs, IEnumerable<(object Mask, int Times)> masks)
    {
        var equation = new SortedDictionary<int, ulong>();

        // Masks come first, so that elimination leaves what says something of inputs alone.
        Add(equation, masks, _masks, i => 2 * i);
        Add(equation, inputs, _inputs, i => (2 * i) + 1);
        _equations.Add(equation);
    }

    /// <summary>The value of one mask is known.</summary>
    public void LearnMask(object mask) => Learn([], [(mask, 1)]);

    /// <summary>
    /// All that is known of inputs alone, as combinations of them in reduced form: an input that is determined stands alone in one.
    /// </summary>
    public List<Dictionary<object, ulong>> OfInputsAlone()
    {
        var names = _inputs.ToDictionary(i => (2 * i.Value) + 1, i => i.Key);
        return [.. Reduced().Where(row => row.Keys.All(column => column % 2 == 1)).Select(row => row.ToDictionary(c => names[c.Key], c => c.Value))];
    }

    private static void Add(
        SortedDictionary<int, ulong> equation, IEnumerable<(object Name, int Times)> terms, Dictionary<object, int> known, Func<int, int> column)
    {
        foreach (var (name, times) in terms)
        {
            if (!known.TryGetValue(name, out int index))
            {
                known[name] = index = known.Count;
            }

            int at = column(index);
            ulong sum = (equation.GetValueOrDefault(at) + (times < 0 ? Prime - (ulong)-times : (ulong)times)) % Prime;
            equation[at] = sum;
            if (sum == 0)
            {
                equation.Remove(at);
            }
        }
    }

    /// <summary>Gauss and Jordan, all masks before all inputs.</summary>
    private List<SortedDictionary<int, ulong>> Reduced()
    {
        var rows = _equations.Where(e => e.Count > 0).Select(e => new SortedDictionary<int, ulong>(e, MasksFirst.Instance)).ToList();
        var reduced = new List<SortedDictionary<int, ulong>>();
        while (rows.Count > 0)
        {
            int best = 0;
            for (int i = 1; i < rows.Count; i++)
            {
                best = MasksFirst.Instance.Compare(rows[i].Keys.First(), rows[best].Keys.First()) < 0 ? i : best;
            }

            var pivot = rows[best];
            rows.RemoveAt(best);
            int column = pivot.Keys.First();
            Scale(pivot, Inverse(pivot[column]));
            rows.ForEach(r => Eliminate(r, pivot, column));
            reduced.ForEach(r => Eliminate(r, pivot, column));
            rows.RemoveAll(r => r.Count == 0);
            reduced.Add(pivot);
        }

        return reduced;
    }

    private static void Scale(SortedDictionary<int, ulong> row, ulong factor)
    {
        foreach (int column in row.Keys.ToArray())
        {
            row[column] = Times(row[column], factor);
        }
    }

    private static void Eliminate(SortedDictionary<int, ulong> row, SortedDictionary<int, ulong> pivot, int column)
    {
        if (!row.TryGetValue(column, out ulong factor))
        {
            return;
        }

        foreach (var (at, value) in pivot)
        {
            ulong left = (row.GetValueOrDefault(at) + Prime - Times(factor, value)) % Prime;
            row[at] = left;
            if (left == 0)
            {
                row.Remove(at);
            }
        }
    }

    private static ulong Times(ulong left, ulong right) => (ulong)((UInt128)left * right % Prime);

    /// <summary>Fermat: x^(p - 2).</summary>
    private static ulong Inverse(ulong value)
    {
        ulong result = 1;
        for (ulong exponent = Prime - 2; exponent > 0; exponent >>= 1)
        {
            result = (exponent & 1) == 1 ? Times(result, value) : result;
            value = Times(value, value);
        }

        return result;
    }

    /// <summary>Masks have even columns, inputs odd ones.</summary>
    private sealed class MasksFirst : IComparer<int>
    {
        public static readonly MasksFirst Instance = new();

        public int Compare(int x, int y) => x % 2 != y % 2 ? (x % 2).CompareTo(y % 2) : x.CompareTo(y);
    }
}
