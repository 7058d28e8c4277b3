using DemoFl.Cli.Policies;
using DemoFl.Node.Owner;
using DemoFl.Protocol;

namespace DemoFl.Cli.Tests.Nodes;

public sealed class PolicyReaderTests : IDisposable
{
    private static readonly string Id = new('a', 64);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Per key: values that are allowed, then values that are not.</summary>
    public static TheoryData<string, string[], string[]> Ranges => new()
    {
        { "servers", ["fl", $"[fl, {Id}]"], ["FL", "[]", $"{Id}b", "''", "[fl, [x]]"] },
        { "runs", [new string('0', 32)], ["7", new string('A', 32)] },
        { "models", ["mlp:*", "[softmax, external]", "'*'"], ["'m*p'", "[]"] },
        { "layouts", ["masked", "[masked, rotating]"], ["open", "[masked, Plain]", "[]"] },
        { "min-leaders", ["1", "15"], ["0", "16", "+3", "3.0"] },
        { "min-k", ["1", "65536"], ["0", "65537", "[3]"] },
        { "leaders", [Id, $"[{Id}]"], ["alice", "[]"] },
        { "max-epochs", ["1", "1000"], ["0", "1001"] },
        { "min-upload-deadline", ["1s", "24h"], ["999ms", "10", "25h"] },
        { "max-rounds", ["1", "1000000000"], ["0", "many"] },
        { "max-rounds-a-day", ["1", "1000000000"], ["0", "-1"] },
        { "standardize", ["true", "false"], ["yes", "True"] },
        { "columns", ["[age, dose]", "age"], ["[]", "[[age]]", "{a: b}"] },
        { "data-share", ["1", "0.25"], ["0", "1.01", "-0.5", "NaN"] },
    };

    [Fact]
    public void Ranges_OfThisTest_CoverEveryKey() =>
        Assert.Equal(PolicySettings.All.Select(s => s.Key).Order(StringComparer.Ordinal), Ranges.Select(r => (string)r[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void OwnersGuide_Table_HasEveryKeyWithItsRange()
    {
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "owner.md")).Replace("`", "", StringComparison.Ordinal);
        Assert.All(PolicySettings.All, s => Assert.Contains($"| {s.Key} | {s.Range} | ", guide, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Read_EachKey_TakesItsRangeAndNothingBeyond(string key, string[] good, string[] bad)
    {
        foreach (string value in good)
        {
            Assert.Equal(value == "true", Read($"{key}: {value}\n") == new OwnerPolicy());
        }

        foreach (string value in bad)
        {
            Assert.StartsWith($"{_folder["policy.yaml"]}:1: {key} ", Refusal($"{key}: {value}\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_File_SetsWhatItSaysAndLimitsNothingElse()
    {
        var policy = Read("# ours\nmodels: [mlp:*, external]\nlayouts: masked\nmin-k: 5\nmax-rounds-a-day: 20\nmin-upload-deadline: 1m\ndata-share: 0.5\nstandardize: false\n");
        Assert.Equal(["mlp:*", "external"], policy.Models!);
        Assert.Equal([Layout.Masked], policy.Layouts!);
        Assert.Equal((5, 20L, TimeSpan.FromMinutes(1), 0.5, false), (policy.MinKMin, policy.MaxRoundsADay, policy.MinUploadDeadline, policy.DataShare, policy.Standardize));
        Assert.Equal((null, null, null, null, null), (policy.Servers, policy.MinLeaders, policy.MaxRounds, policy.Columns, policy.Leaders));
        Assert.Equal(new OwnerPolicy(), Read(""));
    }

    [Fact]
    public void Read_SeveralErrors_AllComeWithTheirLines()
    {
        string path = _folder["policy.yaml"];
        Assert.Equal(
            [
                $"{path}:1: unknown key 'model'; did you mean 'models'?", $"{path}:2: min-k is 'few'; allowed: 1 to 65536.",
                $"{path}:4: max-epochs takes one value, not a list or a map.", $"{path}:5: columns takes one value or a list of values, not a map.",
            ],
            Refusal("model: cnn\nmin-k: few\nlayouts: masked\nmax-epochs: [1, 2]\ncolumns: {a: b}\n").Split('\n'));
    }

    [Theory]
    [InlineData("models: [", ":2: not YAML")]
    [InlineData("min-k: 3\nmin-k: 4\n", ":2: 'min-k' is given twice")]
    [InlineData("- models\n", ": a policy file is a list of 'key: value' lines.")]
    public void Read_NotAPolicyFile_SaysWhere(string content, string words) => Assert.StartsWith($"{_folder["policy.yaml"]}{words}", Refusal(content), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private OwnerPolicy Read(string content) => PolicyReader.Read(_folder.Write("policy.yaml", content));

    private string Refusal(string content)
    {
        var refusal = Assert.Throws<CliException>(() => Read(content));
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        return refusal.Message;
    }
}
