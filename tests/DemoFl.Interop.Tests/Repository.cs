namespace DemoFl.Interop.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DemoFl.sln")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests are not below the folder of DemoFl.sln.");
        return directory.FullName;
    }
}
