using static DemoFl.Cli.Tests.Errors.Bad;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Rows of the error table and the command lines that meet them; f is a folder of the test's own.</summary>
internal static class CasesOfData
{
    public static readonly Dictionary<string, Func<TemporaryFolder, string[]>> All = new(StringComparer.Ordinal)
    {
        ["{file}, byte 4: the file starts with 0x{found}, IDX images of unsigned bytes start with 0x{expected}; fetch or export the file again."] =
            f => Idx(f, i => i[3] = 7),
        ["{file}, byte {n}: the file ends within image {n} of {n}, {n} bytes short; fetch or export the file again."] =
            f => Idx(f, i => i[7]++, l => [.. l[..7], 5, .. l[8..], 0]),
        ["{file}, byte {n}: the file ends within the {n} labels, {n} bytes short; fetch or export the file again."] =
            f => Idx(f, _ => { }, l => l[..^1]),
        ["{file}, byte {n}: there are more bytes than the {n} labels that the header promises; fetch or export the file again."] =
            f => Idx(f, _ => { }, l => [.. l, 0]),
        ["{file}, byte {n}: the file claims {n} labels, allowed are 1 to {n}; fetch or export the file again."] =
            f => Idx(f, _ => { }, l => [.. l[..4], 0xFF, .. l[5..]]),
        ["{file}, byte {n}: the images are {n}x{n}, allowed are 1 to {n} pixels a side; fetch or export the file again."] =
            f => Idx(f, i => i[8] = 1),
        ["{file} has {n} images, {file} {n} labels; use files that belong together."] =
            f => Idx(f, _ => { }, l => [.. l[..7], 3, .. l[8..^1]]),
        ["{file}, byte {n}: label {n} is not one of {n} classes; load the set with classes=N."] =
            f => Idx(f, _ => { }, l => [.. l[..8], 10, .. l[9..]]),
        ["{folder}: the training images are {shape}, the test images {shape}; use files of one set."] =
            f => Idx(f, _ => { }, otherTest: true),
        ["{folder} has neither {file} nor {file}.gz; fetch the set with `demofl data get mnist` or name its directory."] =
            f => Split(f, $"mnist:{f.Path}"),
        ["{file}, byte {n}: the gzip stream is cut short, or several were put together; fetch or export the file again."] =
            f => Split(f, $"csv:{Cut(f)}"),
        ["{file}: the gzip stream is damaged after {n} decompressed bytes ({reason}); fetch the file again."] =
            f => Split(f, $"csv:{Damaged(f)}"),
        ["{folder}: there is no such directory; fetch the set with `demofl data get cifar10` or name its directory."] =
            f => Split(f, $"cifar10:{f["none"]}"),
        ["{file}, byte {n}: record {n} has {n} bytes, a CIFAR-10 record has {n}; fetch or export the file again."] =
            f => Cifar(f, new byte[3_073 + 900]),
        ["{file}, byte {n}: record {n} has label {n}, CIFAR-10's go from 0 to 9 (CIFAR-100 is not read); fetch or export the file again."] =
            f => Cifar(f, [11, .. new byte[3_072]]),
        ["{file}, byte {n}: the file is empty; fetch or export the file again."] =
            f => Cifar(f, []),
        ["{file}:{line}: there is no column '{name}'; the first line has {names}. Give label=last or one of these."] =
            f => Csv(f, "a,b,label\n1,2,0\n", ",label=diagnosis"),
        ["{file}:{line}:{column}: '{text}' is not a finite number; fill it in, encode it or remove the column."] =
            f => Csv(f, "a,b,label\n1,2,0\n3,n/a,1\n"),
        ["{file}:{line}:{column}: the label is missing; fill it in or remove the line."] =
            f => Csv(f, "a,b,label\n1,2,0\n3,4,\n"),
        ["{file}:{line}: there are {n} columns, the lines before promise {n}; complete the line or remove it."] =
            f => Csv(f, "a,b,label\n1,2,0\n3,4\n"),
        ["{file}:{line}: there are {n} columns, 2 to {n} are needed; separate them by comma, semicolon or tab."] =
            f => Csv(f, "hello\n"),
        ["{file}:{line}: a quote is not closed; close it, line breaks within fields are not read."] =
            f => Csv(f, "1,\"2,0\n"),
        ["{file}:{line}: label {label} is not one of {n} classes, 0 to {n}; load the set with classes=N, or choose another label column."] =
            f => Csv(f, "1,2,0\n3,4,7\n", ",classes=2"),
        ["{file}:{line}: label '{label}' is a fraction; classes are whole numbers or names. Choose another label column, or bin the values."] =
            f => Csv(f, "1,2,0\n3,4,0.5\n"),
        ["{file}: there are {n} different labels, allowed are {n}; load the set with classes=N, or choose another label column."] =
            f => Csv(f, "1,2,a\n3,4,b\n5,6,c\n", ",classes=2"),
        ["{file}:{line}: the line is longer than {n} bytes; is this a CSV file?."] =
            f => Csv(f, new string('1', 5_000_000)),
        ["{file}: the file is empty; name a table with one example a line."] =
            f => Csv(f, ""),
        ["{file}: there are no lines of data, only a header; add one example a line."] =
            f => Csv(f, "a,b,label\n"),
        ["{file}: the first line promises {n} examples, there are {n}; fetch or export the file again."] =
            f => Csv(f, "3,2,no,yes\n1,2,0\n3,4,1\n"),
        ["There is no file {file}. Check the path."] =
            f => Split(f, $"csv:{f["none.csv"]}"),
        ["{file} is a folder; name a file in it."] =
            f => Split(f, $"csv:{f.Path}"),
        ["Cannot load the data set '{spec}': known are 'generated[:key=value,...]', 'mnist:DIR', 'cifar10:DIR' and 'csv:FILE[,label=NAME]'."] =
            f => Split(f, "parquet:x"),
        ["Cannot load the data set '{spec}': {key} is '{text}', allowed are whole numbers from {n} to {n}."] =
            f => Split(f, "generated:train=0"),
        ["Cannot load the data set '{spec}': {key} is '{text}', allowed are whole numbers from 0 to {n}."] =
            f => Split(f, "generated:seed=-1"),
        ["Cannot load the data set '{spec}': {key} is '{text}', allowed are numbers from {n} to {n}."] =
            f => Split(f, "generated:noise=-1"),
        ["Cannot load the data set '{spec}': '{key}' is not an option; known are {keys}."] =
            f => Split(f, "generated:trian=5"),
        ["Cannot load the data set '{spec}': '{text}' is not of the form key=value."] =
            f => Split(f, "generated:train"),
        ["Cannot load the data set '{spec}': '{key}' is given twice."] =
            f => Split(f, "generated:train=5,train=6"),
        ["Cannot load the data set '{spec}': it would have more than {n} values; lower train, test or size."] =
            f => Split(f, "generated:train=9000000"),
        ["Cannot load the data set '{spec}': scale is '{text}', allowed are standard and none."] =
            f => Csv(f, "1,2,0\n3,4,1\n", ",scale=log"),
        ["Cannot split by '{scheme}': it is not a known scheme. Known are {schemes}."] =
            f => [.. Split(f, Grey), "--scheme", "random"],
        ["Cannot split by '{scheme}': '{text}' is not a number of shards from 1 to {n}. Known are {schemes}."] =
            f => [.. Split(f, Grey), "--scheme", "shards:0"],
        ["Cannot split by '{scheme}': '{text}' is not a concentration from {n} to {n}. Known are {schemes}."] =
            f => [.. Split(f, Grey), "--scheme", "dirichlet:0"],
        ["{n} examples do not go round among {parties}; use fewer parties or more data."] =
            f => ["data", "split", Grey, "--parties", "99", "--out", f["out"]],
        ["--parties is {n}, allowed are 1 to {n}."] =
            f => ["data", "split", Grey, "--parties", "0", "--out", f["out"]],
        ["Cannot write the set as {format}: {reason}."] =
            f => ["data", "make", "--spec", "generated:train=9,test=9,size=8,channels=2", "--format", "idx", "--out", f["out"]],
        ["'{path}' is a file. Name a folder by --out."] =
            f => ["data", "make", "--spec", Grey, "--out", f.Write("file", "")],
        ["The folder '{folder}' is not empty, and nothing in it is overwritten. Name a new one by --out, or empty it."] =
            f => ["data", "make", "--spec", Grey, "--out", Path.GetDirectoryName(f.Write("file", ""))!],
        ["--out {path} cannot be used: {file} is a file. Name a folder."] =
            f => ["data", "make", "--spec", Grey, "--out", Path.Combine(f.Write("file", ""), "under")],
        ["'{name}' cannot be fetched; known are 'mnist' and 'cifar10'."] =
            f => ["data", "get", "imagenet"],
        ["--mirror '{url}' is not a web address. Give one such as https://mirror.example.org/mnist/."] =
            f => ["data", "get", "mnist", "--mirror", "ftp://x", "--out", f["out"]],
        ["No mirror delivered {file}. {reasons}. Try again later, or fetch it by hand and put it into {folder}. Other mirrors can be named by --mirror."] =
            f => ["data", "get", "mnist", "--mirror", "http://127.0.0.1:1/", "--out", f["out"]],
    };
}
