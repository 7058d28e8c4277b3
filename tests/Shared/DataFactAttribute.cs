namespace DemoFl.Tests;

/// <summary>A test on real public data, from DEMOFL_DATA or ../shared/data beside the repository; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute(string folder)
    {
        if (!Directory.Exists(PathOf(folder))) Skip = $"There is no '{folder}' data; set DEMOFL_DATA to a directory that has it.";
    }

    public static string PathOf(string folder) => Path.Combine(Root(), folder);

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("DEMOFL_DATA") is { Length: > 0 } configured) return configured;
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "DemoFl.sln"))) directory = directory.Parent;
        return Path.Combine(directory?.FullName ?? AppContext.BaseDirectory, "..", "shared", "data");
    }
}
