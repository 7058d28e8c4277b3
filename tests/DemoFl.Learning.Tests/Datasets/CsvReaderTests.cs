namespace DemoFl.Learning.Tests.Datasets;

public sealed class CsvReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Read_ScikitHeader_TakesClassNamesFromIt()
    {
        var data = Read("3,2,malignant,benign,unsure\n1.5,2e1,0\n-3,4,1\n5,6,0\n");
        Assert.Equal(3, data.Classes);
        Assert.Equal([0, 1, 0], data.Labels.ToArray());
        Assert.Equal([1.5f, 20f], data.FeaturesOf(0).ToArray());
        Assert.Equal(new InputShape(1, 1, 2), data.Input);
    }

    [Theory]
    [InlineData("a,b,kind\n1,2,cat\n3,4,ant\n5,6,cat\n", "last")]
    [InlineData("a,b,kind\r\n1,2,cat\r\n\r\n3,4,ant\r\n5,6,cat", "kind")]
    [InlineData("kind;a;b\ncat;1;2\nant;3;4\ncat;5;6\n", "kind")]
    [InlineData("\"kind\"\t\"a\"\t\"b\"\n\"cat\"\t1\t2\n\"ant\"\t3\t4\n\"cat\"\t5\t6\n", "kind")]
    [InlineData("1,2,cat\n3,4,ant\n5,6,cat\n", "last")]
    public void Read_NamedClasses_AreNumberedInOrdinalOrder(string text, string label)
    {
        foreach (var gzip in (bool[])[false, true])
        {
            var data = CsvReader.Read(_directory.Write("table.csv", text, gzip), label);
            Assert.Equal([1, 0, 1], data.Labels.ToArray());
            Assert.Equal(2, data.Classes);
            Assert.Equal([3f, 4f], data.FeaturesOf(1).ToArray());
        }
    }

    [Fact]
    public void Read_WholeNumbersWithoutHeader_AreClassNumbers()
    {
        Assert.Equal(4, Read("1,2,0\n3,4,3\n").Classes);
        Assert.Equal(7, CsvReader.Read(_directory.Write("t.csv", "1,2,0\n3,4,3\n"), classes: 7).Classes);
        Assert.Equal([1, 0], Read("1,2,1\n3,4,-1\n").Labels.ToArray());
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a,b,c\n", "no lines of data")]
    [InlineData("1\n2\n", ":1: there are 1 columns")]
    [InlineData("1,2,0\n3,0\n", ":2: there are 2 columns, the lines before promise 3")]
    [InlineData("1,2,0\n3,,0\n", ":2:2: '' is not a finite number")]
    [InlineData("1,2,0\n3,NaN,0\n", ":2:2: 'NaN' is not")]
    [InlineData("1,2,0\n3,x,0\n", ":2:2: 'x' is not")]
    [InlineData("1,2,0\n3,4,\n", ":2:3: the label is missing")]
    [InlineData("1,2,0\n3,\"4,1\n", ":2: a quote is not closed")]
    [InlineData("1,2,0.5\n3,4,1.5\n", "label '0.5' is a fraction")]
    [InlineData("2,2,no,yes\n1,2,0\n3,4,2\n", ":3: label 2 is not one of 2 classes")]
    [InlineData("9,2,no,yes\n1,2,0\n3,4,1\n", "promises 9 examples, there are 2")]
    [InlineData("2,3,no,yes\n1,2,0\n3,4,1\n", ":2: there are 3 columns, the lines before promise 4")]
    public void Read_Malformed_SaysWhatAndWhere(string text, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownLabelColumn_ListsTheColumns()
    {
        var path = _directory.Write("t.csv", "a,b,c\n1,2,3\n");
        var error = Assert.Throws<InvalidDataException>(() => CsvReader.Read(path, "d"));
        Assert.Contains("no column 'd'; the first line has a, b, c", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A table has no length of its own: without the check, the rows behind the cut would be missing without a word.</summary>
    [Fact]
    public void Read_GzipCutAnywhere_IsRefused()
    {
        var rows = string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},{i * 7919 % 1_000},{i % 2}\n"));
        var whole = TemporaryDirectory.Gzip(System.Text.Encoding.UTF8.GetBytes(rows));
        Assert.Equal(200, CsvReader.Read(_directory.Write("whole.csv.gz", whole)).Count);
        for (var length = 2; length < whole.Length; length++)
        {
            var path = _directory.Write("cut.csv.gz", whole[..length]);
            var error = Assert.Throws<InvalidDataException>(() => CsvReader.Read(path));
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_NoSuchFileOrAFolder_SaysWhich()
    {
        var missing = Path.Combine(_directory.Path, "none.csv");
        Assert.Equal($"There is no file {missing}. Check the path.", Assert.Throws<FileNotFoundException>(() => CsvReader.Read(missing)).Message);
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => CsvReader.Read(_directory.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EndlessLine_IsRefused()
    {
        var path = _directory.Write("t.csv", new string('1', LineReader.MaxLineBytes + 100_000), gzip: true);
        var error = Assert.Throws<InvalidDataException>(() => CsvReader.Read(path));
        Assert.Contains("longer than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Csv_SplitsAndStandardisesByTheTrainingPart()
    {
        var lines = Enumerable.Range(0, 100).Select(i => $"{i * 1000},7.3,{i % 2}");
        var path = _directory.Write("a,b.csv", string.Join('\n', lines));

        var sets = DemoFl.Learning.Datasets.Load($"csv:{path},test=0.25,seed=4");

        Assert.Equal((75, 25), (sets.Train.Count, sets.Test.Count));
        var column = Enumerable.Range(0, 75).Select(i => (double)sets.Train.FeaturesOf(i)[0]).ToArray();
        Assert.Equal(0, column.Average(), 5);
        Assert.Equal(1, column.Average(value => value * value), 4);
        Assert.All(Enumerable.Range(0, 75), i => Assert.Equal(0, sets.Train.FeaturesOf(i)[1]));
        var raw = DemoFl.Learning.Datasets.Load($"csv:{path},scale=none,seed=4");
        Assert.Equal(7.3f, raw.Train.FeaturesOf(0)[1]);
        Assert.Equal(100, raw.Train.Count + raw.Test.Count);
    }

    [Fact]
    public void Load_Csv_KeepsTheColumnsAsTheyAreForAFederationThatStandardises()
    {
        var path = _directory.Write("t.csv", string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{i * 1000},{i % 7},{i % 2}")));
        var raw = DemoFl.Learning.Datasets.Load($"csv:{path},scale=none");
        Assert.Same(raw.Train, raw.Train.Unscaled);

        var unasked = DemoFl.Learning.Datasets.Load($"csv:{path}");
        Assert.NotEqual(raw.Test.FeaturesOf(0).ToArray(), unasked.Test.FeaturesOf(0).ToArray());
        AssertEqual(raw.Test, unasked.Test.Unscaled!);
        AssertEqual(raw.Train.Subset([5, 2, 2]), unasked.Train.Subset([5, 2, 2]).Unscaled!);

        // An owner who asks for it has the last word.
        var asked = DemoFl.Learning.Datasets.Load($"csv:{path},scale=standard");
        AssertEqual(unasked.Train, asked.Train);
        Assert.Null(asked.Train.Unscaled);
        Assert.Null(asked.Train.Subset([1]).Unscaled);
    }

    private static void AssertEqual(Dataset expected, Dataset actual)
    {
        Assert.Equal(expected.Labels.ToArray(), actual.Labels.ToArray());
        Assert.All(Enumerable.Range(0, expected.Count), i => Assert.Equal(expected.FeaturesOf(i).ToArray(), actual.FeaturesOf(i).ToArray()));
    }

    public void Dispose() => _directory.Dispose();

    private Dataset Read(string text) => CsvReader.Read(_directory.Write("table.csv", text));
}
