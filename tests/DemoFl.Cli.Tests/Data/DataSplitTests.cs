using System.Text.Json.Nodes;
using DemoFl.Cli.Commands;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Data;

public sealed class DataSplitTests : IDisposable
{
    private const string Grey = "generated:classes=4,train=60,test=20,size=6";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("idx", "iid")]
    [InlineData("idx", "shards:2")]
    [InlineData("csv", "dirichlet:0.3")]
    public async Task Split_AnyScheme_DealsEveryExampleOnceAsThePartitionerDoes(string format, string scheme)
    {
        // Whole pixels, so that every format keeps the values exactly.
        var spec = (await DataCommand.Create().FactsAsync("make", "--spec", Grey, "--out", _folder["whole"])).Text("spec");
        var facts = await DataCommand.Create().FactsAsync(
            "split", spec, "--parties", "3", "--scheme", scheme, "--seed", "5", "--format", format, "--out", _folder["parts"]);

        var whole = Datasets.Load(spec).Train;
        var expected = Partitioner.Split(whole, scheme, 3, 5);
        var parties = facts["parties"]!.AsArray().Select(party => party!.AsObject()).ToArray();
        Assert.Equal(["party-01", "party-02", "party-03"], parties.Select(party => party.Text("name")));
        Assert.Equal(60, parties.Sum(party => party.Number("examples")));
        for (var i = 0; i < parties.Length; i++)
        {
            var share = Datasets.Load(parties[i].Text("spec")).Train;
            Assert.Equal(4, share.Classes);
            Assert.Equal(Examples.Of(whole.Subset(expected[i])), Examples.Of(share));
            Assert.Equal(CountsOf(share),
                parties[i]["labels"]!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task Split_Images_GivesEveryPartyTheTestPartAndATestFolder()
    {
        var facts = await DataCommand.Create().FactsAsync("split", Grey, "--parties", "2", "--out", _folder["parts"]);
        var test = Datasets.Load(Grey).Test;
        foreach (var spec in new[] { facts["parties"]![1]!["spec"]!, facts["test"]!["spec"]! })
            Assert.Equal(test.Labels, Datasets.Load(spec.GetValue<string>()).Test.Labels);
    }

    [Fact]
    public async Task Split_Done_PrintsATableAndLeavesARecord()
    {
        var (output, _) = await DataCommand.Create().RunAsync("split", Grey, "--parties", "2", "--out", _folder["parts"]);
        var lines = output.Split('\n');
        Assert.Equal(["party", "examples", "0", "1", "2", "3"], Words(lines[0]));
        Assert.StartsWith("party-01", lines[1], StringComparison.Ordinal);
        Assert.Equal(30, Words(lines[1]).Skip(2).Sum(int.Parse));
        Assert.StartsWith("test", lines[3], StringComparison.Ordinal);

        var record = JsonNode.Parse(await File.ReadAllTextAsync(_folder["parts", "split.json"]))!.AsObject();
        Assert.Equal((Grey, "iid"), (record.Text("spec"), record.Text("scheme")));
    }

    [Fact]
    public async Task Split_ATable_SharesOneScaleSoThatValuesStayComparable()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i * i},{i % 2}\n"));
        var spec = $"csv:{_folder.Write("table.csv", rows)}";
        var facts = await DataCommand.Create().FactsAsync("split", spec, "--parties", "3", "--out", _folder["parts"]);

        Assert.Equal("csv", facts.Text("format"));
        var shares = facts["parties"]!.AsArray().Select(party => Datasets.Load(party!["spec"]!.GetValue<string>()).Train);
        Assert.Equal(Examples.Of(Datasets.Load(spec).Train), shares.SelectMany(Examples.Of).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("0", "iid", "--parties is 0")]
    [InlineData("1001", "iid", "--parties is 1001")]
    [InlineData("61", "iid", "use fewer parties")]
    [InlineData("2", "shard:2", "'shard:2'")]
    public async Task Split_WrongNumberOrScheme_SaysWhichAndWritesNothing(string parties, string scheme, string word)
    {
        await DataCommand.Create().RefusesAsync(
            ["split", Grey, "--parties", parties, "--scheme", scheme, "--out", _folder["parts"]], ExitCode.Usage, word);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Split_OntoAFile_NamesIt() =>
        await DataCommand.Create().RefusesAsync(
            ["split", Grey, "--parties", "2", "--out", _folder.Write("parts", "")], ExitCode.Usage, _folder["parts"], "is a file");

    public void Dispose() => _folder.Dispose();

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, int> CountsOf(Dataset data) => data.Labels.ToArray().CountBy(label => $"{label}").ToDictionary();
}
