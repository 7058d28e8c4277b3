namespace DemoFl.Mutation;

/// <summary>The mutants that are kept in the repository.</summary>
internal static class Collection
{
    private const string Folder = "tests/DemoFl.Mutation/Mutants";

    public static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "DemoFl.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new DirectoryNotFoundException("Mutants are made within the repository, of its sources.");
        }
    }

    /// <summary>By name.</summary>
    public static IReadOnlyList<string> Names => [.. Directory.EnumerateFiles(Path.Combine(Root, Folder), "*.mutant").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    /// <exception cref="MutantException">The file is malformed.</exception>
    public static Mutant Read(string name) => MutantFile.Parse(name, File.ReadAllText(Path.Combine(Root, Folder, $"{name}.mutant")));
}
