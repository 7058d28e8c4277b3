namespace DemoFl.Chaos.Tests;

/// <summary>The repository that the tests run in, and the program that was built with them.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program under test, beside the tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "demofl.dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DemoFl.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return folder.FullName;
    }
}
