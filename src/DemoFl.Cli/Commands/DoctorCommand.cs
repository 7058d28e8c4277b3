using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Cli.Doctor;
using DemoFl.Cli.Runs;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl doctor</c>: what this machine has, and what would fail on it.</summary>
internal static class DoctorCommand
{
    private static readonly Option<DirectoryInfo> Folder = new("--folder")
    {
        Description = "Where runs would be kept.", DefaultValueFactory = _ => new DirectoryInfo("."),
    };

    private static readonly Option<bool> Json = Facts.JsonOption();

    public static Command Create()
    {
        var command = new Command("doctor", """
            Say what this machine has for DemoFl, and what would fail on it and why.

            Examples:
              demofl doctor
              demofl doctor --folder /var/lib/demofl

            Exit codes: 0 nothing fails, 1 something does.
            """) { Folder, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetValue(Folder)!.FullName;
        if (!Directory.Exists(folder))
        {
            throw new CliException($"There is no folder {folder}. Make it, or name another by --folder.");
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        Finding[] findings =
        [
            MachineChecks.Runtime(), MachineChecks.ByteOrder(BitConverter.IsLittleEndian), MachineChecks.Cores(Environment.ProcessorCount),
            MachineChecks.Memory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), MachineChecks.Simd(), MachineChecks.Aes(), MachineChecks.Cryptography(),
            await LoopbackCheck.RunAsync(cancellation), DiskChecks.Space(folder, RunPlace.FreeBytes(folder)), DiskChecks.Sync(folder),
            MachineChecks.Time(DateTime.UtcNow, File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "demofl.dll"))),
            ToolChecks.Sdk(path), .. ToolChecks.All(path),
        ];
        Facts.Write(parsed, Json, new JsonObject { ["findings"] = new JsonArray([.. findings.Select(f => f.ToJson())]) }, output =>
        {
            foreach (var finding in findings)
            {
                output.WriteLine(finding);
            }
        });
        return Array.Exists(findings, f => f.Verdict == Verdict.Fail) ? ExitCode.Failed : ExitCode.Success;
    }
}
