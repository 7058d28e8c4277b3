namespace DemoFl.Figures.Tests;

public class FigurePageTests
{
    private const string Page = """
        # Figures

        <!-- one: written by scripts/figures -->
        old
        <!-- end of one -->

        Text.

        """;

    [Fact]
    public void Replace_TextBetweenTheMarks_ChangesNothingElse()
    {
        string page = FigurePage.Replace(Page, "one", "new\n\n");

        Assert.Equal(Page.Replace("old", "new", StringComparison.Ordinal), page);
        Assert.Equal(page, FigurePage.Replace(page, "one", "new"));
    }

    [Fact]
    public void Replace_PageWithoutTheMarks_SaysWhichAreMissing() =>
        Assert.Contains("end of two", Assert.Throws<FigureException>(() => FigurePage.Replace(Page, "two", "new")).Message, StringComparison.Ordinal);

    /// <summary>Data, figures and page are checked in together: drawing anew from the data changes nothing.</summary>
    [Fact]
    public void CheckedIn_DrawnAnew_IsTheSame()
    {
        var workshop = Repository.Workshop;
        string page = File.ReadAllText(workshop.PathOf("README", "md"));

        Assert.All(FigureCommand.Experiments, experiment =>
        {
            Assert.All(experiment.Draw(workshop), figure =>
            {
                Assert.Equal(File.ReadAllText(workshop.PathOf(figure.Name, "svg")), figure.Svg);
                Assert.Contains($"({figure.Name}.svg)", page, StringComparison.Ordinal);
            });
            Assert.Equal(page, FigurePage.With(page, workshop, experiment));
        });
    }
}
