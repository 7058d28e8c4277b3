namespace DemoFl.Cli.Tests;

/// <summary>The checkout that the tests were built in, for what is checked in beside the code.</summary>
internal static class Repository
{
    public static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "DemoFl.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new DirectoryNotFoundException("These tests run from within the repository.");
        }
    }
}
