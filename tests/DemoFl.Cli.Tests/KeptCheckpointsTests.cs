using System.CommandLine;
using DemoFl.Cli.Commands;
using DemoFl.Relay;

namespace DemoFl.Cli.Tests;

public sealed class KeptCheckpointsTests
{
    [Theory]
    [InlineData("all", null)]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    public void KeepCheckpoints_Value_IsReadAndWrittenAlike(string text, int? older)
    {
        var option = SharedOptions.KeepCheckpoints();

        var kept = new RootCommand { option }.Parse(["--keep-checkpoints", text]).GetValue(option);

        Assert.Equal((older, text), (kept.Older, $"{kept}"));
    }

    [Fact]
    public void KeepCheckpoints_NotGiven_IsTheServersDefault()
    {
        var option = SharedOptions.KeepCheckpoints();

        Assert.Equal(ServerSettings.DefaultOlderCheckpoints, new RootCommand { option }.Parse([]).GetValue(option).Older);
    }
}
