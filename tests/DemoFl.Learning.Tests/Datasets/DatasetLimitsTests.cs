namespace DemoFl.Learning.Tests.Datasets;

/// <summary>What may not be used is not in the data set that a trainer gets.</summary>
public sealed class DatasetLimitsTests : IDisposable
{
    private const string Table = "age,name,dose,outcome\n31,ann,0.5,0\n45,bob,0.25,1\n27,cyd,1.5,0\n61,dan,2.5,1\n";

    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Load_SomeColumns_ReadsThoseInTheOrderOfTheFileAndNotTheOthers()
    {
        // The names could not be read as numbers: a column that may not be used is not looked at.
        var train = Load(Table, ["outcome", "dose", "age"]).Train;
        Assert.Equal(new InputShape(1, 1, 2), train.Input);
        float[][] rows = [.. Enumerable.Range(0, 4).Select(i => train.FeaturesOf(i).ToArray()).OrderBy(r => r[0])];
        Assert.Equal([[27, 1.5f], [31, 0.5f], [45, 0.25f], [61, 2.5f]], rows);
        Assert.Equal(new InputShape(1, 1, 1), Load(Table, ["outcome", "dose"]).Train.Input);
        Assert.Throws<InvalidDataException>(() => Load(Table, null));
    }

    [Theory]
    [InlineData(Table, "age", "the label is in the column 'outcome', which may not be used")]
    [InlineData(Table, "outcome", "no column may be used but the label's, 'outcome'")]
    [InlineData(Table, "outcome,doze", "there is no column 'doze'")]
    [InlineData("1,2,0\n3,4,1\n", "a,b", "the first line has no names of columns")]
    [InlineData("2,2,no,yes\n1,2,0\n3,4,1\n", "no", "the first line has no names of columns")]
    public void Load_ColumnsThatDoNotSuitTheFile_IsRefusedInItsFirstLine(string table, string columns, string complaint)
    {
        string message = Assert.Throws<InvalidDataException>(() => Load(table, columns.Split(','))).Message;
        Assert.StartsWith($"{_path}:1: {complaint}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ColumnsOfASetWithoutAny_IsRefused() =>
        Assert.Contains("only csv:FILE has columns", Assert.Throws<FormatException>(() => Learning.Datasets.Load("generated", new DatasetLimits(["a"]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_ShareOfTheExamples_IsTheSameShareEachTimeAndLeavesTheTestPart()
    {
        const string Spec = "generated:train=200,test=50,size=4,classes=3";
        var all = Learning.Datasets.Load(Spec);
        var (one, again) = (Learning.Datasets.Load(Spec, new DatasetLimits(TrainingShare: 0.3)), Learning.Datasets.Load(Spec, new DatasetLimits(TrainingShare: 0.3)));
        Assert.Equal((60, 50), (one.Train.Count, one.Test.Count));
        Assert.Equal(Rows(one.Train), Rows(again.Train));
        Assert.Subset(Rows(all.Train).ToHashSet(), Rows(one.Train).ToHashSet());
        Assert.Equal(1, Learning.Datasets.Load(Spec, new DatasetLimits(TrainingShare: 1e-9)).Train.Count);
        Assert.Equal(200, Learning.Datasets.Load(Spec, new DatasetLimits()).Train.Count);
    }

    [Fact]
    public void Load_ShareOfATable_IsScaledByThatShareAlone()
    {
        string table = "a,b,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * i},{i % 2}\n"));
        File.WriteAllText(_path, table);
        var train = Learning.Datasets.Load($"csv:{_path},test=0,scale=standard", new DatasetLimits(TrainingShare: 0.25)).Train;
        Assert.Equal(10, train.Count);
        Assert.Equal(0, Enumerable.Range(0, 10).Average(i => train.FeaturesOf(i)[0]), 5);
        Assert.Equal(1, Enumerable.Range(0, 10).Average(i => train.FeaturesOf(i)[0] * train.FeaturesOf(i)[0]), 4);
    }

    public void Dispose() => File.Delete(_path);

    private TrainTest Load(string table, string[]? columns)
    {
        File.WriteAllText(_path, table);
        return Learning.Datasets.Load($"csv:{_path},test=0,scale=none", new DatasetLimits(columns));
    }

    private static IEnumerable<string> Rows(Dataset data) => Enumerable.Range(0, data.Count).Select(i => string.Join(',', data.FeaturesOf(i).ToArray()));
}
