using DemoFl.Node.Owner;

namespace DemoFl.Node.Tests.Owner;

public sealed class RoundBudgetTests : IDisposable
{
    private readonly RecordPlace _place = new();
    private readonly Calendar _clock = new();

    [Fact]
    public void Take_OverDaysAndProcesses_CountsAllAndToday()
    {
        using (var folder = OwnerFolder.Take(_place.Keys, "alice"))
        {
            var budget = new RoundBudget(folder, _clock);
            Assert.Equal((0, 0), budget.Used);
            budget.Take();
            budget.Take();
            Assert.Equal((2, 2), budget.Used);
            _clock.Day++;
            Assert.Equal((2, 0), budget.Used);
            budget.Take();
        }

        using var later = OwnerFolder.Take(_place.Keys, "alice");
        var again = new RoundBudget(later, _clock);
        Assert.Equal((3, 1), again.Used);
    }

    [Fact]
    public void Take_ClockSetBack_GivesNoSecondDay()
    {
        using var folder = OwnerFolder.Take(_place.Keys, "alice");
        var budget = new RoundBudget(folder, _clock);
        budget.Take();
        _clock.Day--;
        Assert.Equal((1, 1), budget.Used);
        budget.Take();
        _clock.Day++;
        Assert.Equal((2, 2), budget.Used);
    }

    [Fact]
    public void Take_WhatCannotBeWritten_IsNotCounted()
    {
        using var folder = OwnerFolder.Take(_place.Keys, "alice");
        var budget = new RoundBudget(folder, _clock);
        string block = Directory.CreateDirectory(Path.Combine(folder.Path, "rounds.json.tmp")).FullName;
        Assert.Throws<RecordException>(budget.Take);
        Assert.Equal((0, 0), budget.Used);
        Directory.Delete(block);
        budget.Take();
        Assert.Equal((1, 1), budget.Used);
    }

    /// <summary>A folder that cannot be read cannot be made durable either: a count that a crash may take back is none.</summary>
    [UnixFact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Take_WhereTheFolderCannotBeMadeDurable_IsNotCounted()
    {
        using var folder = OwnerFolder.Take(_place.Keys, "alice");
        var budget = new RoundBudget(folder, _clock);
        AsAnybody.InUnreadable(
            folder.Path, () => Assert.Contains("durable", Assert.Throws<RecordException>(budget.Take).Message, StringComparison.Ordinal));
        Assert.Equal((0, 0), budget.Used);
        budget.Take();
        Assert.Equal((1, 1), budget.Used);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"Total\":\"x\"}")]
    public void Open_DamagedCount_IsRefusedWithItsFile(string content)
    {
        using var folder = OwnerFolder.Take(_place.Keys, "alice");
        File.WriteAllText(Path.Combine(folder.Path, "rounds.json"), content);
        Assert.Contains("rounds.json", Assert.Throws<RecordException>(() => new RoundBudget(folder)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _place.Dispose();

    private sealed class Calendar : TimeProvider
    {
        public int Day { get; set; } = 5;

        public override DateTimeOffset GetUtcNow() => new(2030, 1, Day, 23, 59, 0, TimeSpan.Zero);
    }
}
