using static DemoFl.Cli.Tests.Errors.Bad;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Rows of the error table and the command lines that meet them; f is a folder of the test's own.</summary>
internal static class CasesOfModels
{
    public static readonly Dictionary<string, Func<TemporaryFolder, string[]>> All = new(StringComparer.Ordinal)
    {
        ["'{file}' does not exist. Give a checkpoint; a run keeps its own in the folder checkpoints."] =
            f => ["model", "info", f["none"]],
        ["{file}: the file ends within the first 8 bytes; it is not a safetensors file. Export the model again."] =
            f => ["model", "info", f.Write("m", "abc")],
        ["{file}: the header claims {n} bytes, allowed are 2 to {n}; the file is damaged or not safetensors, export it again."] =
            f => ["model", "info", f.Write("m", "something else altogether")],
        ["{file}: the file ends within its header of {n} bytes; copy or export it again."] =
            f => ["model", "export", Checkpoint(f, m => m[..40]), "--out", f["m.npz"]],
        ["{file}: the tensors end after {n} bytes, the header promises {n}; copy or export it again."] =
            f => ["model", "info", Checkpoint(f, m => m[..^1])],
        ["{file}: there are bytes after the {n} that the header describes; the file is damaged, export it again."] =
            f => ["model", "info", Checkpoint(f, m => [.. m, 0])],
        ["{file}: the header cannot be read ({reason}); the file is damaged or not safetensors, export it again."] =
            f => ["model", "info", Checkpoint(f, m => [(byte)(m[0] - 8), .. m[1..]])],
        ["{file}: the header is not a JSON object; the file is damaged, export it again."] =
            f => ["model", "info", Header(f, "[1]")],
        ["{file}: the file has no tensors; the file is damaged, export it again."] =
            f => ["model", "info", Header(f, "{}")],
        ["{file}: tensor '{name}' lacks dtype, shape or data_offsets; the file is damaged, export it again."] =
            f => ["model", "info", Header(f, """{"a":{}}""")],
        ["{file}: tensor '{name}' is {type}, only F32 is read; convert the model with .float() before saving."] =
            f => ["model", "info", Header(f, """{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}""")],
        ["{file}: tensor '{name}' has more than {n} dimensions; the file is damaged, export it again."] =
            f => ["model", "info", Header(f, """{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""")],
        ["{file}: tensor '{name}' needs two data_offsets; the file is damaged, export it again."] =
            f => ["model", "info", Header(f, """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""")],
        ["{file}: tensor '{name}' of {n} values lies at bytes {n} to {n}, {n} bytes were expected; the file is damaged, export it again."] =
            f => ["model", "info", Header(f, """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")],
        ["{file}: tensor '{name}' starts at byte {n}, the one before ends at {n}: tensors may neither overlap nor leave gaps; the file is damaged, export it again."] =
            f => ["model", "info", Header(f, """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")],
        ["The set '{set}' has its columns scaled, which the model '{model}' does itself. Leave scale=standard out."] =
            f => ["model", "evaluate", Checkpoint(f, m => m), "--model", "standardized:softmax", "--data", $"csv:{f.Write("t.csv", "1,2,0\n3,4,1\n5,6,0\n7,8,1\n9,9,0\n")},scale=standard"],
        ["'{file}' does not say which model it is of. Give it by --model, for example --model mlp:128."] =
            f => ["model", "evaluate", Checkpoint(f, named: false), "--data", Grey],
        ["'{file}' does not fit the model '{model}' on {shape} examples in {n} classes: {difference} (there: the file). Check --model and --data."] =
            f => ["model", "evaluate", Checkpoint(f), "--data", "generated:train=9,test=9,size=7"],
        ["The set '{spec}' has no {part} part. Give --split {part}."] =
            f => ["model", "evaluate", Checkpoint(f), "--data", $"csv:{f.Write("t.csv", "1,2,0\n3,4,1\n")},test=0"],
        ["Cannot build the model '{model}': it is not a known model. Known are {models}."] =
            f => ["model", "evaluate", Checkpoint(f), "--data", Grey, "--model", "transformer"],
        ["Cannot build the model '{model}': '{text}' is not a number of hidden units from 1 to {n}. Known are {models}."] =
            f => ["model", "evaluate", Checkpoint(f), "--data", Grey, "--model", "mlp:0"],
        ["Cannot build the model '{model}': it has {n} hidden layers, allowed are {n}. Known are {models}."] =
            f => ["model", "evaluate", Checkpoint(f), "--data", Grey, "--model", $"mlp:{string.Join(',', Enumerable.Repeat(1, 99))}"],
        ["Cannot build the model '{model}': the input is {shape}, a CNN needs images of at least {n}x{n}. Known are {models}."] =
            f => ["model", "evaluate", Checkpoint(f), "--data", "generated:train=9,test=9,size=2", "--model", "cnn"],
        ["--index is {n}, the examples are 0 to {n}."] =
            f => ["model", "predict", Checkpoint(f), "--data", Grey, "--index", "99"],
        ["Give either --index I for one example, or --all --out FILE.csv for all."] =
            f => ["model", "predict", Checkpoint(f), "--data", Grey],
        ["--out '{file}' is the checkpoint itself, whose metadata would be lost. Name another file."] =
            f => ["model", "export", Checkpoint(f), "--out", f["m.safetensors"]],
        ["The name '{file}' does not say the format. End it in .safetensors or .npz, or give --format."] =
            f => ["model", "export", Checkpoint(f), "--out", f["m.bin"]],
        ["--metadata has no place in {format}. Leave it out, or export to safetensors."] =
            f => ["model", "export", Checkpoint(f), "--out", f["m.npz"], "--metadata", "a=b"],
        ["--metadata '{text}' is not of the form KEY=VALUE."] =
            f => ["model", "export", Checkpoint(f), "--out", f["n.safetensors"], "--metadata", "a"],
        ["--metadata gives '{key}' twice. Leave one out."] =
            f => ["model", "export", Checkpoint(f), "--out", f["n.safetensors"], "--metadata", "a=1", "a=2"],
        ["The tensor '{name}' has a path out of the archive for a name. Export to safetensors instead."] =
            f => ["model", "export", Header(f, """{"../a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""), "--out", f["m.npz"]],
        ["--out {file} is a folder. Name a file in it."] =
            f => ["model", "export", Checkpoint(f), "--out", f.Path, "--format", "npz"],
    };
}
