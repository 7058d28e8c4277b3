using System.Security.Cryptography;
using DemoFl.Cli.Commands;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Model;

public sealed class ModelTests : IDisposable
{
    private const string Spec = "generated:classes=3,train=50,test=40,size=6";

    private static readonly Learning.Model Mlp = Models.Parse("mlp:5", new InputShape(1, 6, 6), 3);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Info_Checkpoint_TellsTensorsMetadataAndHash()
    {
        var path = Save(new() { ["model"] = "mlp:5", ["note"] = "steers\u001b[2Jterminals" });
        var facts = await ModelCommand.Create().FactsAsync("info", path);
        Assert.Equal(Mlp.Layout.Length, facts.Number("parameters"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))), facts.Text("sha256"));
        Assert.Equal(
            Mlp.Layout.Tensors.Select(tensor => $"{tensor}"),
            facts["tensors"]!.AsArray().Select(tensor => $"{tensor!["name"]}[{string.Join(',', tensor["shape"]!.AsArray())}]"));
        Assert.Equal("mlp:5", facts["metadata"]!["model"]!.GetValue<string>());

        var (text, _) = await ModelCommand.Create().RunAsync("info", path);
        Assert.Contains("fc1.weight  5x36", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public async Task Info_NaNAmongTheParameters_IsCounted()
    {
        var values = Mlp.Initialise(1);
        values[7] = float.NaN;
        var facts = await ModelCommand.Create().FactsAsync("info", Save([], values));
        Assert.Equal(1, facts.Number("notFinite"));
    }

    [Fact]
    public async Task Export_Safetensors_KeepsTheTensorsAndOnlyTheGivenMetadata()
    {
        var path = Save(new() { ["model"] = "mlp:5", ["round"] = "9" });
        await ModelCommand.Create().RunAsync("export", path, "--out", _folder["bare.safetensors"]);
        await ModelCommand.Create().RunAsync(
            "export", path, "--out", _folder["named.safetensors"], "--metadata", "license=MIT", "model=mlp:5");

        var (layout, values, metadata) = Safetensors.Read(_folder["bare.safetensors"]);
        Assert.True(layout.SameAs(Mlp.Layout, out _));
        Assert.Equal(Mlp.Initialise(1), values);
        Assert.Empty(metadata);
        Assert.Equal(
            new Dictionary<string, string> { ["license"] = "MIT", ["model"] = "mlp:5" },
            Safetensors.Read(_folder["named.safetensors"]).Metadata);
    }

    [Theory]
    [InlineData("b.bin", "--format")]
    [InlineData("b.npz", "--metadata", "--metadata", "a=b")]
    [InlineData("b.safetensors", "KEY=VALUE", "--metadata", "a")]
    [InlineData("b.safetensors", "'a' twice", "--metadata", "a=1", "a=2")]
    [InlineData("a.safetensors", "the checkpoint itself")]
    public async Task Export_WhatCannotBe_IsRefusedAndLeavesTheCheckpoint(string target, string word, params string[] options)
    {
        var path = Save(new() { ["model"] = "mlp:5" });
        var before = await File.ReadAllBytesAsync(path);
        await RefusesAsync(["export", path, "--out", _folder[target], .. options], word);
        Assert.Equal(before, await File.ReadAllBytesAsync(path));
        Assert.Equal(["a.safetensors"], _folder.Files);
    }

    [Fact]
    public async Task Evaluate_ModelFromMetadata_AgreesWithTheEvaluatorAndItself()
    {
        var test = Datasets.Load(Spec).Test;
        var facts = await ModelCommand.Create().FactsAsync("evaluate", Save(new() { ["model"] = "mlp:5" }), "--data", Spec);

        var expected = Evaluator.Evaluate(Mlp, Mlp.Initialise(1), test, CancellationToken.None);
        Assert.Equal(expected.Loss, facts["loss"]!.GetValue<double>());
        Assert.Equal(expected.Accuracy, facts["accuracy"]!.GetValue<double>());
        Assert.Equal(40, facts.Number("count"));

        var matrix = facts["confusion"]!.AsArray().Select(row => row!.AsArray().Select(cell => cell!.GetValue<int>()).ToArray()).ToArray();
        var predictions = Evaluator.Predict(Mlp, Mlp.Initialise(1), test, CancellationToken.None);
        for (var actual = 0; actual < 3; actual++)
        {
            for (var predicted = 0; predicted < 3; predicted++)
                Assert.Equal(predictions.Index().Count(p => test.LabelOf(p.Index) == actual && p.Item == predicted),
                    matrix[actual][predicted]);
            Assert.Equal(matrix[actual][actual], facts["classes"]![actual]!["correct"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Evaluate_TrainPartAsText_PrintsEveryClass()
    {
        var (text, _) = await ModelCommand.Create().RunAsync("evaluate", Save([]), "--data", Spec, "--model", "mlp:5", "--split", "train");
        Assert.Contains("count     50", text, StringComparison.Ordinal);
        Assert.Contains("precision", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_SetLacksTheLastClass_UsesTheModelsClasses()
    {
        var rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"{string.Join(',', Enumerable.Repeat(i, 36))},{i % 2}\n"));
        var model = Models.Parse("softmax", new InputShape(1, 1, 36), 3);
        Safetensors.Write(
            _folder["s.safetensors"], model.Layout, model.Initialise(1), new Dictionary<string, string> { ["model"] = "softmax" });
        var facts = await ModelCommand.Create().FactsAsync(
            "evaluate", _folder["s.safetensors"], "--data", $"csv:{_folder.Write("t.csv", rows)}");
        Assert.Equal(3, facts["confusion"]!.AsArray().Count);
    }

    [Fact]
    public async Task Evaluate_NoModelInMetadata_AsksForIt() =>
        await RefusesAsync(["evaluate", Save([]), "--data", Spec], _folder["a.safetensors"], "--model mlp:128");

    [Fact]
    public async Task Evaluate_AnotherModel_SaysWhereTheyPart() =>
        await RefusesAsync(
            ["evaluate", Save([]), "--data", Spec, "--model", "softmax"], _folder["a.safetensors"], "'softmax'", "fc1.weight",
            "--model and --data");

    [Fact]
    public async Task Evaluate_MetadataThatSteersTerminals_IsQuotedWithoutControlCharacters()
    {
        var refusal = await Assert.ThrowsAsync<CliException>(
            () => ModelCommand.Create().RunAsync("evaluate", Save(new() { ["model"] = "evil\u001b[2J\nmodel" }), "--data", Spec));
        Assert.Contains("evil", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    [Fact]
    public async Task Evaluate_NoTestPart_NamesTheOther()
    {
        var table = _folder.Write("t.csv", "1,2,0\n3,4,1\n");
        await RefusesAsync(
            ["evaluate", Save(new() { ["model"] = "softmax" }), "--data", $"csv:{table},test=0"], "no test part", "--split train");
    }

    [Fact]
    public async Task AnyCommand_FileIsMissingOrDamaged_NamesIt()
    {
        await RefusesAsync(["info", _folder["none.safetensors"]], _folder["none.safetensors"], "does not exist");
        await RefusesAsync(["info", _folder.Write("half.safetensors", "abc")], _folder["half.safetensors"], "not a safetensors file");
    }

    [Fact]
    public async Task Predict_OneAndAll_AgreeWithTheEvaluator()
    {
        var test = Datasets.Load(Spec).Test;
        var expected = Evaluator.Predict(Mlp, Mlp.Initialise(1), test, CancellationToken.None);
        var path = Save(new() { ["model"] = "mlp:5" });
        var one = await ModelCommand.Create().FactsAsync("predict", path, "--data", Spec, "--index", "7");
        Assert.Equal((expected[7], test.LabelOf(7)), (one.Number("predicted"), one.Number("label")));

        var all = await ModelCommand.Create().FactsAsync("predict", path, "--data", Spec, "--all", "--out", _folder["p.csv"]);
        Assert.Equal(expected.Index().Count(p => p.Item == test.LabelOf(p.Index)), all.Number("correct"));
        string[] lines = ["index,label,predicted", .. expected.Select((predicted, i) => $"{i},{test.LabelOf(i)},{predicted}")];
        Assert.Equal(lines, await File.ReadAllLinesAsync(_folder["p.csv"]));
    }

    [Theory]
    [InlineData("Give either --index I")]
    [InlineData("Give either --index I", "--all")]
    [InlineData("Give either --index I", "--index", "1", "--all", "--out", "x.csv")]
    [InlineData("Give either --index I", "--index", "1", "--out", "x.csv")]
    [InlineData("0 to 39", "--index", "40")]
    [InlineData("0 to 39", "--index", "-1")]
    public async Task Predict_WhatCannotBe_IsRefused(string word, params string[] options) =>
        await RefusesAsync(["predict", Save(new() { ["model"] = "mlp:5" }), "--data", Spec, .. options], word);

    public void Dispose() => _folder.Dispose();

    private string Save(Dictionary<string, string> metadata, float[]? values = null)
    {
        Safetensors.Write(_folder["a.safetensors"], Mlp.Layout, values ?? Mlp.Initialise(1), metadata);
        return _folder["a.safetensors"];
    }

    private static Task RefusesAsync(string[] args, params string[] words) =>
        ModelCommand.Create().RefusesAsync(args, ExitCode.Usage, words);
}
