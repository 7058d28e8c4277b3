using DemoFl.Cli.Jobs;
using DemoFl.Protocol;

namespace DemoFl.Cli.Tests.Jobs;

public sealed class JobReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Per key: a value at each end of its range, then values beyond it or of another kind.</summary>
    public static TheoryData<string, string[], string[]> Ranges => new()
    {
        { "model", ["softmax"], [""] },
        { "start", ["random", "w.safetensors"], [""] },
        { "data", ["generated:train=5"], ["", new string('x', 1025)] },
        { "partition", ["shards:2"], [""] },
        { "evaluate", ["true", "false"], ["True", "yes", "1"] },
        { "standardize", ["true", "false"], ["True", "yes", "1"] },
        { "parties", ["10", "25000"], ["0", "65537", "ten", "1.5", "", "99999999999999999999"] },
        { "processes", ["10", "1000"], ["0", "1001", "-1"] },
        { "rounds", ["1", "1000000"], ["0", "1000001", "1e3"] },
        { "fraction", ["0.3", "1"], ["0", "1.01", "NaN", "-0.5"] },
        { "leaders", ["1", "10"], ["0", "16", "three"] },
        { "mode", ["demofl", "sofl"], ["SOFL", "raft", ""] },
        { "election", ["first", "appointed"], ["First", "raft"] },
        { "intersect", ["coordinator", "leaders"], ["both", "Leaders"] },
        { "tenure", ["0", "1", "1000000"], ["-1", "1000001", "never"] },
        { "on-leader-lost", ["reseal", "abort"], ["ignore", "Reseal"] },
        { "heartbeat", ["50ms", "1m", "0.5s"], ["49ms", "61s", "500"] },
        { "missed-beats", ["1", "100"], ["0", "101"] },
        { "layout", ["masked", "rotating", "plain"], ["open", "Masked"] },
        { "ring", ["16", "32", "64"], ["8", "31", "032"] },
        { "k-min", ["1", "10"], ["0", "65537"] },
        { "clip", ["0.0009765625", "1024"], ["0", "1025", "NaN", "Infinity"] },
        { "clip-min", ["0.0009765625", "0.5"], ["0.0009", "1025"] },
        { "clip-max", ["0.5", "1024"], ["0.0009", "1025"] },
        { "max-samples", ["1", "2147483647"], ["0", "2147483648"] },
        { "epochs", ["1", "1000"], ["0", "1001"] },
        { "batch", ["1", "65536"], ["0", "65537"] },
        { "lr", ["0.000001", "100", "1e-3"], ["0", "-0.1", "100.5", "0,05"] },
        { "momentum", ["0", "0.999"], ["1", "-1"] },
        { "weight-decay", ["0", "1"], ["1.5", "-1"] },
        { "proximal", ["0", "100", "0.01"], ["-0.1", "100.5", "mu"] },
        { "server-optimizer", ["none", "momentum", "momentum:0", "adam", "adam:0,0,1", "yogi:0.9,0.99,1e-3"], ["", "sgd", "none:1", "momentum:1", "momentum:", "momentum:0.9,0.9", "adam:0.9", "adam:1,0.9,0.1", "yogi:0.9,0.99,0", "yogi:0.9,NaN,0.1", "Adam"] },
        { "server-lr", ["0"], ["-1", "101", "fast"] },
        { "stop-accuracy", ["0", "1", "0.95"], ["-0.1", "1.01", "95%"] },
        { "stop-loss", ["0", "0.1", "1000000"], ["-1", "1000001", "low"] },
        { "seed", ["0", "9223372036854775807"], ["-1", "9223372036854775808"] },
        { "election-window", ["0s", "5s", "250ms"], ["6s", "500", "-1s", "1 s"] },
        { "key-deadline", ["1s", "1h"], ["999ms", "61m"] },
        { "upload-deadline", ["1s", "24h", "1.5m"], ["999ms", "25h", "ms", ""] },
        { "close-deadline", ["1s", "1h"], ["999ms", "2h", "1d"] },
    };

    [Fact]
    public void Read_NothingGiven_IsTheDocumentedDefault()
    {
        var job = JobReader.Read(null, []);
        Assert.Equal((3, 3, Layout.Masked, 32, 1_000u, 0.5, 1.0), (job.Leaders, job.KMin, job.Layout, job.Ring, job.MaxSamples, job.Clip, job.Fraction));
        Assert.Equal((1, 32, 0.05), (job.Epochs, job.Batch, job.LearningRate));
        Assert.Equal((ElectionMode.First, TimeSpan.FromMilliseconds(500)), (job.Election, job.ElectionWindow));
        Assert.Equal((TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(30)), (job.UploadDeadline, job.CloseDeadline));
        Assert.Equal((1.0 / 1024, 1024.0), (job.ClipMin, job.ClipMax));
    }

    [Fact]
    public void Ranges_OfThisTest_CoverEveryKey() =>
        Assert.Equal(JobSettings.All.Select(s => s.Key).Order(StringComparer.Ordinal), Ranges.Select(r => (string)r[0]).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Read_EachKey_TakesItsRangeAndNothingBeyond(string key, string[] good, string[] bad)
    {
        foreach (string value in good)
        {
            Assert.Contains(key, JobReader.Read(null, [$"{key}={value}"]).Texts.Keys);
        }

        foreach (string value in bad)
        {
            string message = Refusal($"{key}={value}");
            Assert.StartsWith($"--set {key}={value}: {key} is '{value}'; allowed: ", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void Read_Sofl_IsThePaperInOneWord()
    {
        var demofl = JobReader.Read(null, []);
        var sofl = JobReader.Read(_folder.Write("job.yaml", "mode: sofl\n"), []);
        Assert.Equal((ElectionMode.First, false, 10), (demofl.Election, demofl.LeadersIntersect, demofl.Tenure));
        Assert.Equal((ElectionMode.Appointed, true, 3), (sofl.Election, sofl.LeadersIntersect, sofl.Tenure));
        Assert.Equal(
            ["election", "intersect", "mode", "tenure"], sofl.Texts.Where(t => demofl.Texts[t.Key] != t.Value).Select(t => t.Key));
    }

    [Theory]
    [InlineData("election=first", ElectionMode.First, true, 3)]
    [InlineData("intersect=coordinator", ElectionMode.Appointed, false, 3)]
    [InlineData("tenure=10", ElectionMode.Appointed, true, 10)]
    public void Read_SoflAndAKeyOfItsOwn_TheKeyGoesAboveWhereverItStands(string setting, ElectionMode election, bool leadersIntersect, int tenure)
    {
        string written = setting.Replace("=", ": ", StringComparison.Ordinal);
        foreach (var job in new[]
        {
            JobReader.Read(null, [setting, "mode=sofl"]), JobReader.Read(null, ["mode=sofl", setting]),
            JobReader.Read(_folder.Write("job.yaml", $"{written}\n"), ["mode=sofl"]),
        })
        {
            Assert.Equal((election, leadersIntersect, tenure), (job.Election, job.LeadersIntersect, job.Tenure));
        }
    }

    [Fact]
    public void Read_WatchOverLeaders_HasTheDocumentedDefaults()
    {
        var job = JobReader.Read(null, []);
        Assert.Equal((LossPolicy.Reseal, 3, TimeSpan.FromMilliseconds(500)), (job.OnLeaderLost, job.MissedBeats, job.Heartbeat));
    }

    [Theory]
    [InlineData("1250ms", 1_250)]
    [InlineData("90s", 90_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("2h", 7_200_000)]
    public void Read_Duration_HasAUnit(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), JobReader.Read(null, [$"upload-deadline={text}"]).UploadDeadline);

    [Fact]
    public void Read_DurationBeyondAllTime_IsRefused() => Assert.Contains("1s to 24h", Refusal($"upload-deadline={new string('9', 60)}h"), StringComparison.Ordinal);

    [Fact]
    public void Read_File_SetsValuesAndTheCommandLineWins()
    {
        string path = _folder.Write("job.yaml", "# a comment\nmodel: softmax\nrounds: 7\nlr: 0.1\n");
        var job = JobReader.Read(path, ["rounds=8", "rounds=9"]);
        Assert.Equal(("softmax", 9, 0.1), (job.Model, job.Rounds, job.LearningRate));
        Assert.Equal("9", job.Texts["rounds"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    public void Read_EmptyFile_IsTheDefaults(string content) =>
        Assert.Equal(JobReader.Read(null, []).Texts, JobReader.Read(_folder.Write("job.yaml", content), []).Texts);

    [Fact]
    public void Read_SeveralErrors_AllComeWithTheirPlaces()
    {
        string path = _folder.Write("job.yaml", "model: softmax\nround: 3\nleaders: [1, 2]\nlr: fast\n");
        string[] lines = Refusal(path, "k-min", "epochz=2", "seed=x").Split('\n');
        Assert.Equal(
            [
                $"{path}:2: unknown key 'round'; did you mean 'rounds'?", $"{path}:3: leaders takes one value, not a list or a map.",
                $"{path}:4: lr is 'fast'; allowed: 1E-06 to 100.", "--set k-min: write key=value.",
                "--set epochz=2: unknown key 'epochz'; did you mean 'epochs'?", "--set seed=x: seed is 'x'; allowed: 0 to 9223372036854775807.",
            ],
            lines);
    }

    [Theory]
    [InlineData("k_min=4", "'k-min'")]
    [InlineData("KMin=4", "'k-min'")]
    [InlineData("batches=4", "'batch'")]
    [InlineData("weight=0", "'weight-decay'")]
    public void Read_KeyThatIsNearlyRight_NamesTheRightOne(string entry, string suggestion) =>
        Assert.EndsWith($"did you mean {suggestion}?", Refusal(entry), StringComparison.Ordinal);

    [Fact]
    public void Read_KeyLikeNoOther_NamesThemAll()
    {
        string message = Refusal("frobnicate=1");
        Assert.All(JobSettings.All, setting => Assert.Contains(setting.Key, message, StringComparison.Ordinal));
        Assert.Contains("known: ", Refusal("=1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model: [", ":2:", "not YAML")]
    [InlineData("rounds: 1\nrounds: 2\n", ":2:", "'rounds' is given twice")]
    [InlineData("- model\n- data\n", "", "'key: value' lines")]
    [InlineData("just words", "", "'key: value' lines")]
    [InlineData("rounds: 1\n---\nrounds: 2\n", ":3:", "second document")]
    public void Read_NotAJobFile_SaysWhere(string content, string place, string words)
    {
        string path = _folder.Write("job.yaml", content);
        string message = Refusal(path);
        Assert.StartsWith(path + place, message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingOrHugeFile_IsRefusedBeforeItIsRead()
    {
        Assert.Contains("no job file", Refusal(_folder["none.yaml"]), StringComparison.Ordinal);
        Assert.Contains("Is it a job file?", Refusal(_folder.Write("model.yaml", new string('#', 1024 * 1024 + 1))), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Refusal(params string[] arguments)
    {
        bool isFile = arguments[0].StartsWith(Path.GetTempPath(), StringComparison.Ordinal);
        var refusal = Assert.Throws<CliException>(() => JobReader.Read(isFile ? arguments[0] : null, isFile ? arguments[1..] : arguments));
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        return refusal.Message;
    }
}
