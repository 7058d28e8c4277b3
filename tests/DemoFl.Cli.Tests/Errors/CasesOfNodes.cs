using static DemoFl.Cli.Tests.Errors.Bad;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Rows of the error table and the command lines that meet them; f is a folder of the test's own.</summary>
internal static class CasesOfNodes
{
    public static readonly Dictionary<string, Func<TemporaryFolder, string[]>> All = new(StringComparer.Ordinal)
    {
        ["{option} is {n}; it must be {n} to {n}."] =
            f => [.. NodeLine(f), "--count", "0"],
        ["--index {n} with --count {n} reaches beyond the parts, of which --parts makes {n}."] =
            f => [.. NodeLine(f), "--index", "1"],
        ["--server {server} is plaintext beyond this machine. Use https://, or say --insecure."] =
            f => ["node", "--server", "http://192.0.2.1:7070", "--keys", f["k"], "--data", Grey],
        ["{server} does not answer: {reason}. Is it running, and is the address right?"] =
            f => ["status", "--server", "http://127.0.0.1:1"],
        ["There is no policy file {file}. See `demofl node policy check --help` for an example."] =
            f => ["node", "policy", "check", f["none.yaml"]],
        ["{file}: a policy file is a list of 'key: value' lines."] =
            f => ["node", "policy", "check", f.Write("p.yaml", "- models\n")],
        ["{file}:{line}: {key} takes one value or a list of values, not a map."] =
            f => [.. NodeLine(f), "--keys", f["k"], "--policy", f.Write("p.yaml", "models: {a: b}\n")],
        ["Cannot load the data set '{spec}': only some columns may be used, and only csv:FILE has columns."] =
            f => [.. NodeLine(f), "--keys", f["k"], "--policy", f.Write("p.yaml", "columns: [age]\n")],
        ["{file}:{line}: there is no column '{name}'; the first line has {names}. Correct the list of columns that may be used."] =
            f => Limited(f, "age,dose,y\n1,2,0\n", "[age, dosis, y]"),
        ["{file}:{line}: the first line has no names of columns, and only named ones may be used; give the table a header."] =
            f => Limited(f, "1,2,0\n", "[age]"),
        ["{file}:{line}: the label is in the column '{name}', which may not be used; allow it, or name another by label=NAME."] =
            f => Limited(f, "age,dose,y\n1,2,0\n", "[age, dose]"),
        ["{file}:{line}: no column may be used but the label's, '{name}'; allow one more."] =
            f => Limited(f, "age,dose,y\n1,2,0\n", "y"),
        ["The policy sets {key}, and with --trainer the trainer holds the data. Leave it out, and have the trainer see to it."] =
            f => ["node", "--server", "http://127.0.0.1:1", "--keys", f["k"], "--trainer", $"unix:{f["t"]}", "--policy", f.Write("p.yaml", "data-share: 0.5\n")],
        ["There are no records in {folder}. Name a node's folder of keys by --keys; a node with --no-log keeps none."] =
            f => ["node", "log", "--keys", f.Path],
        ["There is no record of a node '{name}' in {folder}. Name its folder of keys by --keys; a node with --no-log keeps none."] =
            f => ["node", "log", "--keys", f.Path, "--name", "alice"],
        ["There are records of several nodes in {folder}. Name one by --name: {names}."] = f =>
        {
            Directory.CreateDirectory(f["node-log", "alice"]);
            Directory.CreateDirectory(f["node-log", "bob"]);
            return ["node", "log", "--keys", f.Path];
        },
    };

    /// <summary>A node whose policy lets it use some columns of a table.</summary>
    private static string[] Limited(TemporaryFolder f, string table, string columns) =>
    [
        "node", "--server", "http://127.0.0.1:1", "--name", "alice", "--keys", f["k"], "--data", $"csv:{f.Write("t.csv", table)}",
        "--policy", f.Write("p.yaml", $"columns: {columns}\n"),
    ];
}
