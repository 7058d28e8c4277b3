using static DemoFl.Cli.Tests.Errors.Bad;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Rows of the error table and the command lines that meet them; f is a folder of the test's own.</summary>
internal static class CasesOfRuns
{
    public static readonly Dictionary<string, Func<TemporaryFolder, string[]>> All = new(StringComparer.Ordinal)
    {
        ["--format goes with --list-settings."] =
            f => ["run", "--format", "schema"],
        ["The folder {folder} already holds a run. Go on with it by --resume, or name another folder."] =
            f => RunLine(f, Begun(f)),
        ["There is no run to resume in {folder}. Start one without --resume."] =
            f => [.. RunLine(f, f["none"]), "--resume"],
        ["{key} is {value}, and the run in {folder} has {value}; it must stay the same. Set it back, or start another run."] =
            f => [.. RunLine(f, Begun(f, "model: 'mlp:17'\n")), "--resume"],
        ["{file} is not a run's report: {reason} Move it away to go on without the rows of the rounds before."] =
            f => [.. RunLine(f, Begun(f, report: "{")), "--resume"],
        ["--folder {folder} cannot be used: {file} is a file. Name a folder."] =
            f => RunLine(f, f.Write("file", "")),
        ["--report {file} cannot be used: {file} is a file. Name a folder."] =
            f => [.. RunLine(f, f["run"]), "--report", Path.Combine(f.Write("file", ""), "r.json")],
        ["--keys {folder} cannot be used: {file} is a file. Name a folder."] =
            f => [.. NodeLine(f), "--keys", f.Write("file", "")],
        ["--http-port is {n}; it must be 0 to {n}."] =
            f => [.. RunLine(f, f["run"]), "--http-port", "65536"],
        ["--http-port is {n}; it must be 0 to 65535 and differ from --port."] =
            f => [.. ServerLine(f, port: "7000"), "--http-port", "7000"],
        ["--port is {n}; it must be 0 to 65535."] =
            f => ServerLine(f, port: "-1"),
        ["--listen {text} is not an IP address, such as 127.0.0.1 or 0.0.0.0."] =
            f => [.. ServerLine(f), "--listen", "here"],
        ["--listen {address} is not an address of this machine. Name one that is, or 0.0.0.0 for all of them."] =
            f => [.. ServerLine(f), "--listen", "192.0.2.7", "--insecure"],
        ["Plaintext on {address} would show sessions to the network. Give --tls-cert and --tls-key, or say --insecure."] =
            f => [.. ServerLine(f), "--listen", "0.0.0.0"],
        ["--tls-cert and --tls-key go together."] =
            f => [.. ServerLine(f), "--tls-cert", "a"],
        ["The memory budget for vectors is {n} bytes; it must be 0 or more."] =
            f => [.. ServerLine(f), "--vector-memory-mb", "-1"],
        ["The run in {folder} cannot go on: {reason}. Restore a backup by `demofl backup restore`, or start another run."] =
            f => [.. ServerLine(f, Begun(f, journal: "garbage")), "--resume"],
        ["There is no run in {folder}. Name a run folder, which has a file journal."] =
            f => ["backup", "create", f.Path, f["backup.tar"]],
        ["{file} exists already, and no backup is written over another. Name a new file."] =
            f => ["backup", "create", Begun(f), f.Write("backup.tar", "")],
        ["The run in {folder} cannot be backed up: {reason}. Restore an earlier backup, or start another run."] =
            f => ["backup", "create", Begun(f, journal: "garbage"), f["backup.tar"]],
        ["{file} is not a backup of a run. Name a file that `demofl backup create` made."] =
            f => ["backup", "verify", f.Write("backup.tar", "garbage")],
        ["{file} is damaged in its entry {name}. Use another backup."] =
            f => ["backup", "restore", Tar(f, "SHA256SUMS", "not a sum"), f["new"]],
        ["{folder} is not an empty folder, and nothing is overwritten. Name a new one."] =
            f => ["backup", "restore", f["backup.tar"], Begun(f)],
        ["layout is plain, which shows updates to the server; the nodes take part only with --allow-plain."] =
            f => [.. RunLine(f, f["run"]), "--set", "layout=plain", "--json"],
        ["leaders is {n}, below the nodes' floor of {n}. Raise leaders, or lower --min-leaders."] =
            f => [.. RunLine(f, f["run"]), "--set", "leaders=1"],
        ["k-min is {n}, below the nodes' floor of {n}. Raise k-min, or lower --min-k."] =
            f => [.. RunLine(f, f["run"]), "--set", "k-min=2"],
        ["There is no folder {folder}. Make it, or name another by --folder."] =
            f => ["doctor", "--folder", f["none"]],
    };
}
