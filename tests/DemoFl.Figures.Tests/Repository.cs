namespace DemoFl.Figures.Tests;

/// <summary>The repository that the tests run in.</summary>
internal static class Repository
{
    /// <summary>A workshop on the checked-in figures, for reading.</summary>
    public static Workshop Workshop { get; } = new(Path.Combine(Root(), "docs", "figures"), "runs", "demofl.dll", DataSets: null, TextWriter.Null);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DemoFl.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return folder.FullName;
    }
}
