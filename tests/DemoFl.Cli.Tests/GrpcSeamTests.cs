using System.Text.RegularExpressions;

namespace DemoFl.Cli.Tests;

/// <summary>Which gRPC this is, the bundled or the official packages, is one file's business in the build and one file's in the code.</summary>
public sealed partial class GrpcSeamTests
{
    private const string Bundled = "src/DemoFl.Rpc/";

    [Fact]
    public void Build_AsksWhichGrpcItIs_InOneFile() =>
        Assert.Equal(["eng/GrpcStack.props"], Files("*.props", "*.targets", "*.csproj").Where(f => Read(f).Contains("$(GrpcStack)", StringComparison.Ordinal)));

    [Fact]
    public void Code_AsksWhichGrpcItIs_InOneFile() =>
        Assert.Equal(["src/DemoFl.Wire/GrpcStack.cs"], Files("*.cs").Where(f => Directives().Matches(Read(f)).Any(m => m.Value.Contains("GRPC", StringComparison.Ordinal))));

    [Fact]
    public void Projects_TakeGrpc_FromThatFileOnly()
    {
        // Grpc.Tools is the compiler of stubs, which both use.
        Assert.DoesNotContain(Files("*.csproj"), f => References().IsMatch(Read(f)));
        Assert.Contains("<UsesGrpc>true</UsesGrpc>", Read("src/DemoFl.Wire/DemoFl.Wire.csproj"), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_OutsideTheBundledGrpc_NamesNothingOfIt() =>
        Assert.DoesNotContain(Files("*.cs"), f => !f.StartsWith(Bundled, StringComparison.Ordinal) && BundledNames().IsMatch(Read(f)));

    [Fact]
    public void Tests_OfWhatIsInsideTheBundledGrpc_AreLeftOutWithThePackages()
    {
        const string Tests = "tests/DemoFl.Rpc.Tests/";
        string[] leftOut = LeftOut().Match(Read("eng/GrpcStack.props")).Groups[1].Value.Split(';');
        var types = Files("*.cs").Where(f => f.StartsWith(Bundled, StringComparison.Ordinal)).SelectMany(f => InternalTypes().Matches(Read(f)));
        var use = new Regex($@"(?<![\w.])(?:{string.Join('|', types.Select(t => t.Groups[1].Value))})[.(]");
        string[] users = [.. Files("*.cs").Where(f => f.StartsWith(Tests, StringComparison.Ordinal) && use.IsMatch(Read(f))).Select(f => f[Tests.Length..])];
        Assert.NotEmpty(users);
        Assert.DoesNotContain(users, f => !Array.Exists(leftOut, l => l.EndsWith("/**", StringComparison.Ordinal) ? f.StartsWith(l[..^2], StringComparison.Ordinal) : f == l));
    }

    [Fact]
    public void LockFiles_OfTheRepository_PinNoOfficialGrpc() =>
        Assert.DoesNotContain(Files("packages.lock.json"), f => OfficialPackages().IsMatch(Read(f)));

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    private static string[] Files(params string[] patterns)
    {
        string[] folders = ["src", "tests", "eng"];
        var roots = folders.Select(f => new DirectoryInfo(Path.Combine(Repository.Root, f))).Where(f => f.Exists);
        var below = roots.SelectMany(r => patterns.SelectMany(p => r.EnumerateFiles(p, SearchOption.AllDirectories)));
        var top = patterns.SelectMany(p => new DirectoryInfo(Repository.Root).EnumerateFiles(p));
        return [.. top.Concat(below).Select(f => Path.GetRelativePath(Repository.Root, f.FullName).Replace('\\', '/'))
            .Where(f => !BuildOutput().IsMatch(f)).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"^\s*#(?:el)?if\b.*$", RegexOptions.Multiline)]
    private static partial Regex Directives();

    [GeneratedRegex("""DemoFl\.Rpc\.csproj|Include="Grpc\.(?!Tools")""")]
    private static partial Regex References();

    /// <summary>The tests of the bundled gRPC have a namespace of their own.</summary>
    [GeneratedRegex(@"\busing (?:static )?DemoFl\.Rpc(?!\.Tests)|\bDemoFl\.Rpc\.(?!Tests|csproj)\w")]
    private static partial Regex BundledNames();

    [GeneratedRegex("Compile Remove=\"([^\"]+)\"")]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"^internal (?:[a-z]+ )*(?:class|struct|record|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex InternalTypes();

    [GeneratedRegex("\"Grpc\\.(?!Tools\")", RegexOptions.IgnoreCase)]
    private static partial Regex OfficialPackages();

    [GeneratedRegex("(?:^|/)(?:bin|obj|node_modules)/")]
    private static partial Regex BuildOutput();
}
