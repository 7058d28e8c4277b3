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
    };
}
