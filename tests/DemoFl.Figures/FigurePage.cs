namespace DemoFl.Figures;

/// <summary>
/// The page beside the figures. People write it; the numbers of each experiment stand between two marks and are written anew from its data, so
/// that page, figures and data never disagree.
/// </summary>
internal static class FigurePage
{
    public static void Refresh(Workshop workshop, IEnumerable<IExperiment> experiments)
    {
        string path = workshop.PathOf("README", "md");
        if (!File.Exists(path))
        {
            return;
        }

        string page = File.ReadAllText(path);
        foreach (var experiment in experiments)
        {
            page = With(page, workshop, experiment);
        }

        File.WriteAllText(path, page);
    }

    /// <summary>The page with an experiment's numbers as they are now.</summary>
    public static string With(string page, Workshop workshop, IExperiment experiment) => Replace(page, experiment.Name, NumbersOf(workshop, experiment));

    /// <summary>The page with the text between an experiment's marks replaced.</summary>
    /// <exception cref="FigureException">The page has no such marks.</exception>
    public static string Replace(string page, string experiment, string text)
    {
        string begin = $"<!-- {experiment}: written by scripts/figures -->\n";
        string end = $"<!-- end of {experiment} -->";
        int from = page.IndexOf(begin, StringComparison.Ordinal);
        int to = page.IndexOf(end, StringComparison.Ordinal);
        return from >= 0 && to > from
            ? string.Concat(page.AsSpan(0, from + begin.Length), text.TrimEnd() + "\n", page.AsSpan(to))
            : throw new FigureException($"The page has no place for the numbers of {experiment}: it needs the lines '{begin.TrimEnd()}' and '{end}'.");
    }

    private static string NumbersOf(Workshop workshop, IExperiment experiment)
    {
        var missing = experiment.Missing(workshop);
        string rest = missing.Count == 0 ? "" : $"\n\nNot measured yet: {string.Join("; ", missing)}.";
        return (experiment.Numbers(workshop).TrimEnd() + rest).TrimStart();
    }
}
