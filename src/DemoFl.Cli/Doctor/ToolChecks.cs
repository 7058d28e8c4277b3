namespace DemoFl.Cli.Doctor;

/// <summary>Programs that only building DemoFl or its tests need.</summary>
internal static class ToolChecks
{
    private static readonly (string Name, string Purpose, string Fix)[] Tools =
    [
        ("python3", "to test gRPC with another implementation", "run scripts/test-deps; those tests are skipped without."),
        ("protoc", "to test gRPC with another implementation", "run scripts/test-deps; those tests are skipped without."),
        ("node", "to test gRPC with another implementation", "install Node.js and run scripts/test-deps; those tests are skipped without."),
    ];

    public static IEnumerable<Finding> All(string path) => Tools.Select(t => Find(t.Name, path) is { } place
        ? Finding.Ok(t.Name, $"{place}, {t.Purpose}")
        : Finding.Warn(t.Name, $"not on the PATH; optional, {t.Purpose}", t.Fix));

    /// <summary>The newest SDK beside the dotnet of the PATH.</summary>
    public static Finding Sdk(string path)
    {
        const string Fix = "install the .NET 10 SDK, and put its dotnet on the PATH.";
        if (Find("dotnet", path) is not { } dotnet)
        {
            return Finding.Warn("sdk", "no dotnet on the PATH; optional, to build DemoFl", Fix);
        }

        string home = Path.GetDirectoryName(File.ResolveLinkTarget(dotnet, returnFinalTarget: true)?.FullName ?? dotnet)!;
        string folder = Path.Combine(home, "sdk");
        var newest = Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Select(f => Version.TryParse(Path.GetFileName(f), out var version) ? version : null).Max()
            : null;
        return newest?.Major >= Environment.Version.Major
            ? Finding.Ok("sdk", $"{newest} in {home}")
            : Finding.Warn("sdk", $"{newest?.ToString() ?? "none"} in {home}; optional, to build DemoFl", Fix);
    }

    private static string? Find(string name, string path)
    {
        string file = OperatingSystem.IsWindows() ? $"{name}.exe" : name;
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
