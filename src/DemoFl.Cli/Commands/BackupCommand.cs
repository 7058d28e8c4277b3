using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Cli.Output;
using DemoFl.Relay.Backups;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl backup</c>: a run in one file, and a run of it.</summary>
internal static class BackupCommand
{
    public static Command Create() => new("backup", """
        Take, check and restore backups of a run: its committed state in one tar file.

        A backup has the journal, the newest checkpoint, the server optimiser's state and the best model. It has no
        keys, tokens or audit files: keep server.key, or the file that --key names, and rosters and tokens elsewhere.
        A restored run goes on from its committed rounds under a new run id.
        """)
    {
        CreateCreate(),
        CreateVerify(),
        CreateRestore(),
    };

    private static Command CreateCreate()
    {
        var (folder, file) = (FolderOf("RUN_FOLDER", "The run folder; its server may be running."), FileOf("The backup to write, a new file."));
        var json = Facts.JsonOption();
        var command = new Command("create", """
            Back up a run, while its server runs or not: all that is committed by now.

            Example:
              demofl backup create runs/server backups/2026-11-20.tar
            """) { folder, file, json };
        command.SetRefusingAction((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(file).FullName;
            var facts = CreateOf(parsed.GetRequiredValue(folder).FullName, path);
            Write(parsed, json, facts, $"Backed up {Text(facts)} in {path}, {Bytes.Show(facts.Files.Sum(f => f.Bytes))}.");
        });
        return command;
    }

    private static BackupFacts CreateOf(string folder, string file)
    {
        try
        {
            return RunBackup.Create(folder, file);
        }
        catch (InvalidDataException e)
        {
            throw new CliException(
                $"The run in {folder} cannot be backed up: {Refusals.Line(e).TrimEnd('.')}. Restore an earlier backup, or start another run.",
                ExitCode.Usage, e);
        }
    }

    private static Command CreateVerify()
    {
        var (file, json) = (FileOf("The backup."), Facts.JsonOption());
        var command = new Command("verify", """
            Read a backup to its end and check that a run can go on from it.

            Example:
              demofl backup verify backups/2026-11-20.tar
            """) { file, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var facts = RunBackup.Verify(parsed.GetRequiredValue(file).FullName);
            Write(parsed, json, facts, $"Whole: {Text(facts)}.");
        });
        return command;
    }

    private static Command CreateRestore()
    {
        var (file, folder, json) = (FileOf("The backup."), FolderOf("NEW_FOLDER", "The run folder to make, new or empty."), Facts.JsonOption());
        var command = new Command("restore", """
            Make a run folder of a backup. The run has a new id, because nodes may have seen later rounds of the old one;
            committed rounds, model, term and round numbers go on. Put the server's key there too, or name it by --key,
            where nodes know the server by it.

            Example:
              demofl backup restore backups/2026-11-20.tar runs/restored
              demofl server job.yaml --folder runs/restored --resume
            """) { file, folder, json };
        command.SetRefusingAction((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(folder).FullName;
            var (facts, run) = RunBackup.Restore(parsed.GetRequiredValue(file).FullName, path);
            Write(
                parsed, json, facts, $"Restored {Text(facts)} as run {run}. Go on with: {ProgramName.Current} server ... --folder {path} --resume",
                ("newRun", $"{run}"), ("folder", path));
        });
        return command;
    }

    private static Argument<DirectoryInfo> FolderOf(string name, string what) => new(name) { Description = what };

    private static Argument<FileInfo> FileOf(string what) => new("FILE") { Description = what };

    private static string Text(BackupFacts facts) =>
        $"run {facts.Run}, {facts.CommittedRounds} committed round{(facts.CommittedRounds == 1 ? "" : "s")}, term {facts.Term}, round number {facts.Round}";

    private static void Write(ParseResult parsed, Option<bool> json, BackupFacts facts, string line, params (string Key, string Value)[] more)
    {
        var all = new JsonObject
        {
            ["run"] = $"{facts.Run}", ["committedRounds"] = facts.CommittedRounds, ["term"] = facts.Term.Value, ["round"] = facts.Round.Value,
            ["model"] = $"{facts.Model}",
            ["files"] = new JsonArray([.. facts.Files.Select(f => (JsonNode)new JsonObject { ["name"] = f.Name, ["bytes"] = f.Bytes })]),
        };
        foreach (var (key, value) in more)
        {
            all[key] = value;
        }

        Facts.Write(parsed, json, all, output => output.WriteLine(line));
    }
}
