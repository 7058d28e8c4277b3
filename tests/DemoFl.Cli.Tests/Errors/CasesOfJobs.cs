using static DemoFl.Cli.Tests.Errors.Bad;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Rows of the error table and the command lines that meet them; f is a folder of the test's own.</summary>
internal static class CasesOfJobs
{
    public static readonly Dictionary<string, Func<TemporaryFolder, string[]>> All = new(StringComparer.Ordinal)
    {
        ["There is no job file {file}. See `demofl run --help` for an example."] =
            f => ["run", f["none.yaml"]],
        ["{file} is larger than {n} bytes. Is it a job file?"] =
            f => JobLine(f, new string('#', 1_100_000)),
        ["{file}:{line}: not YAML: {reason}. A job file is a list of 'key: value' lines."] =
            f => JobLine(f, "model: [\n"),
        ["{file}:{line}: '{key}' is given twice. Leave one out."] =
            f => JobLine(f, "rounds: 1\nrounds: 2\n"),
        ["{file}:{line}: a second document begins; a job file is one."] =
            f => JobLine(f, "rounds: 1\n---\nrounds: 2\n"),
        ["{file}: a job file is a list of 'key: value' lines."] =
            f => JobLine(f, "- rounds\n"),
        ["{file}:{line}: unknown key '{key}'; did you mean '{key}'?"] =
            f => JobLine(f, "roundz: 1\n"),
        ["{file}:{line}: unknown key '{key}'; known: {keys}."] =
            f => JobLine(f, "frobnicate: 1\n"),
        ["{file}:{line}: {key} takes one value, not a list or a map."] =
            f => JobLine(f, "leaders: [1, 2]\n"),
        ["{file}:{line}: {key} is '{value}'; allowed: {range}."] =
            f => JobLine(f, "lr: fast\n"),
        ["--set {text}: write key=value."] =
            f => ["run", "--set", "rounds"],
        ["--set {key}={value}: {key} is '{value}'; allowed: {range}."] =
            f => ["run", "--set", "rounds=0"],
        ["clip is {n}, outside clip-min {n} to clip-max {n}. Set it between them."] =
            f => ["run", "--set", "clip=2", "--set", "clip-max=1"],
        ["k-min is {n}, more than the {n} parties. Lower it, or raise parties."] =
            f => ["run", "--set", "k-min=11"],
        ["k-min is {n}, but fraction {n} of {n} parties selects only {n}. Lower k-min, or raise fraction."] =
            f => ["run", "--set", "fraction=0.1"],
        ["fraction {n} of {n} parties selects {n}, more than {n} a round. Lower fraction."] =
            f => ["run", "--set", "parties=25001"],
        ["leaders is {n}; one process holds at most one slot, and there are {n}. Lower leaders, or raise processes."] =
            f => ["run", "--set", "processes=2"],
        ["ring {n} leaves {n} bits a value for {n} parties, fewer than {n}. Use ring 32 or a smaller fraction."] =
            f => ["run", "--set", "ring=16", "--set", "parties=300"],
        ["mode is sofl, and layout plain has no leaders. Set layout to masked or rotating, or leave mode out."] =
            f => ["run", "--set", "mode=sofl", "--set", "layout=plain"],
        ["intersect is leaders, and layout plain has none. Set layout to masked or rotating, or intersect to coordinator."] =
            f => ["run", "--set", "intersect=leaders", "--set", "layout=plain"],
        ["standardize is true, and the columns of model external are not the server's to name. Set standardize to false."] =
            f => ["run", "--set", "standardize=true", "--set", "model=external", "--set", "start=w.safetensors", "--set", "evaluate=false"],
        ["model is {model}, which standardize makes of a model. Leave 'standardized:' out, and set standardize to true."] =
            f => ["run", "--set", "model=standardized:softmax"],
        ["standardize is true, and data is {data}, which scales the columns before. Leave scale=standard out."] =
            f => ["run", "--dry-run", "--set", "standardize=true", "--set", $"data=csv:{f.Write("t.csv", "1,2,0\n3,4,1\n5,6,0\n7,8,1\n")},scale=standard"],
    };
}
