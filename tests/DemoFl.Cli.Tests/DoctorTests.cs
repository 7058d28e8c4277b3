using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Doctor;

namespace DemoFl.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private static readonly string[] Names =
        ["runtime", "order", "cores", "memory", "simd", "aes", "crypto", "loopback", "disk", "fsync", "time", "sdk", "python3", "protoc", "node"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Doctor_ThisMachine_FailsNothingAndLeavesNothing()
    {
        var facts = await DoctorCommand.Create().FactsAsync("--folder", _folder.Path);
        var findings = facts["findings"]!.AsArray().Select(f => f!.AsObject()).ToArray();
        Assert.Equal(Names, findings.Select(f => f.Text("name")));
        Assert.All(findings, f => Assert.Equal(f.Text("verdict") == "ok", f["fix"] is null));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Doctor_ForPeople_IsALineAFinding()
    {
        var (output, _) = await DoctorCommand.Create().RunAsync("--folder", _folder.Path);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Names.Length, lines.Length);
        Assert.All(Names.Zip(lines), pair => Assert.Matches($"^(ok  |warn|fail)  {pair.First} ", pair.Second));
    }

    [Fact]
    public async Task Loopback_ThisMachine_MakesARealCall()
    {
        var finding = await LoopbackCheck.RunAsync(CancellationToken.None);
        Assert.Equal((Verdict.Ok, null), (finding.Verdict, finding.Fix));
        Assert.Contains("gRPC call", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_FolderThatIsNotThere_NamesIt() =>
        await DoctorCommand.Create().RefusesAsync(["--folder", _folder["none"]], ExitCode.Usage, _folder["none"], "--folder");

    [LinuxFact]
    public async Task Doctor_FolderThatCannotBeWritten_FailsWithExitCodeOne()
    {
        var output = new StringWriter();
        var parsed = DoctorCommand.Create().Parse(["--folder", "/proc", "--json"]);
        int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        Assert.Equal(ExitCode.Failed, exitCode);
        var sync = JsonNode.Parse(output.ToString())!["findings"]!.AsArray().Select(f => f!.AsObject()).Single(f => f.Text("name") == "fsync");
        Assert.Equal("fail", sync.Text("verdict"));
        Assert.Contains("/proc", sync.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void Findings_AtTheirThresholds_ChangeTheirVerdict(int cores, int enough)
    {
        var verdict = enough == 1 ? Verdict.Ok : Verdict.Warn;
        Assert.Equal(verdict, MachineChecks.Cores(cores).Verdict);
        Assert.Equal(verdict, MachineChecks.Memory((1L << 30) - 1 + enough).Verdict);
        Assert.Equal(verdict, DiskChecks.Space("x", (1L << 30) - 1 + enough).Verdict);
        Assert.Equal(verdict, DiskChecks.Sync(TimeSpan.FromMilliseconds(100 - enough)).Verdict);
        Assert.Equal(enough == 1 ? Verdict.Warn : Verdict.Fail, DiskChecks.Space("x", (16L << 20) - 1 + enough).Verdict);
        Assert.Equal(enough == 1 ? Verdict.Ok : Verdict.Fail, MachineChecks.ByteOrder(enough == 1).Verdict);
    }

    [Fact]
    public void Time_BeforeTheProgramWasMade_Fails()
    {
        var built = new DateTime(2030, 5, 5, 0, 0, 0, DateTimeKind.Utc);
        Assert.Equal(Verdict.Ok, MachineChecks.Time(built.AddDays(-1), built).Verdict);
        Assert.Equal(Verdict.Fail, MachineChecks.Time(built.AddDays(-3), built).Verdict);
    }

    [Fact]
    public void Tools_PathWithNothing_WarnsAndSaysHowToInstall()
    {
        Assert.All(ToolChecks.All(_folder.Path).Append(ToolChecks.Sdk(_folder.Path)), f => Assert.Equal(Verdict.Warn, f.Verdict));
        string python = _folder.Write(OperatingSystem.IsWindows() ? "python3.exe" : "python3", "");
        Assert.Equal((Verdict.Ok, true), ToolChecks.All(_folder.Path).Where(f => f.Name == "python3").Select(f => (f.Verdict, f.Detail.Contains(python, StringComparison.Ordinal))).Single());
    }

    [Theory]
    [InlineData("9.0.300", false)]
    [InlineData("10.0.100", true)]
    [InlineData("preview", false)]
    public void Sdk_NewestBesideDotnet_IsJudgedByItsVersion(string version, bool suffices)
    {
        _folder.Write(OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet", "");
        Directory.CreateDirectory(_folder["sdk", version]);
        Assert.Equal(suffices ? Verdict.Ok : Verdict.Warn, ToolChecks.Sdk(_folder.Path).Verdict);
    }

    public void Dispose() => _folder.Dispose();
}
