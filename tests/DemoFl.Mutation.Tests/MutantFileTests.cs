namespace DemoFl.Mutation.Tests;

public sealed class MutantFileTests
{
    private const string Head = "It counts wrong\npromise: C2, C4\nfirst seed: 12\n";

    [Fact]
    public void Parse_SeveralChanges_AreFoundInTheirFiles()
    {
        var mutant = MutantFile.Parse("counts", $"{Head}file: a.cs\n     int i;\n-    i++;\n+    i--;\n\n-    j++;\nfile: b.cs\n     k++;\n+    k++;\n");
        Assert.Equal(("counts", "It counts wrong", "C2, C4", 12ul), (mutant.Name, mutant.Title, mutant.Promise, mutant.FirstSeed));
        Assert.Equal(["a.cs", "a.cs", "b.cs"], mutant.Edits.Select(e => e.File));
        Assert.Equal("int i;\ni--;", Trimmed(mutant.Edits[0].ApplyTo("    int i;\n    i++;")));
        Assert.Equal("", mutant.Edits[1].ApplyTo("j++;"));
        Assert.Equal("k++;\nk++;", Trimmed(mutant.Edits[2].ApplyTo("k++;")));
    }

    [Theory]
    [InlineData("file: a.cs\n- i++;\n+ i--;\n", "names a promise")]
    [InlineData("promise: C2\n", "changes something")]
    [InlineData("promise: C2\n- i++;\n", "stands behind the file:")]
    [InlineData("promise: C2\nfile: a.cs\n+ i++;\n", "finds a line")]
    [InlineData("promise: C2\nfile: a.cs\n- i++;\n+ i++;\n", "makes a difference")]
    [InlineData("promise: C2\nwhy: because\n", "'why: because' is no line of a mutant")]
    public void Parse_NotAMutant_SaysWhat(string rest, string what) =>
        Assert.Contains(what, Assert.Throws<MutantException>(() => MutantFile.Parse("m", $"Title\n{rest}")).Message, StringComparison.Ordinal);

    [Fact]
    public void ApplyTo_OtherIndentation_IsTheSamePlace() =>
        Assert.Equal("if (x)\n{\n i--;\n}", Edit("i++;", " i--;").ApplyTo("if (x)\n{\n        i++;\n}"));

    [Theory]
    [InlineData("i += 1;", "a.cs has no places with these lines")]
    [InlineData("i++;\ni++;", "a.cs has 2 places with these lines")]
    public void ApplyTo_LinesThatAreNotThereOnce_MustBeWrittenAnew(string source, string what)
    {
        string message = Assert.Throws<MutantException>(() => Edit("i++;", "i--;").ApplyTo(source)).Message;
        Assert.StartsWith(what, message, StringComparison.Ordinal);
        Assert.EndsWith("i++;", message, StringComparison.Ordinal);
    }

    private static Edit Edit(string find, string replacement) => new("a.cs", [find], [replacement]);

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(l => l.Trim()));
}
