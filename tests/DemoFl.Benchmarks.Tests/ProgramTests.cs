using System.Text.Json;

namespace DemoFl.Benchmarks.Tests;

public sealed class ProgramTests
{
    [Fact]
    public async Task Main_Quick_MeasuresEverythingAndJudgesNothing()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Assert.Equal(0, await Program.Main(["--quick", "--json", path]));

            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(path));
            var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToList();
            string[] rates = ["frames-upload", "frames-download", "grpc-upload", "grpc-download", "grpc-duplex", "grpc-unary"];
            Assert.Equal(rates.SelectMany(name => new[] { name, $"{name}-cpu" }), rows.Select(row => row.GetProperty("name").GetString()));
            Assert.All(rows.Where((_, index) => index % 2 == 0), row => Assert.True(row.GetProperty("ratio").GetDouble() > 0));
            Assert.All(rows, row => Assert.Equal(JsonValueKind.Null, row.GetProperty("ok").ValueKind));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("--slow")]
    [InlineData("--json")]
    public async Task Main_UnusableArgument_IsRefused(string argument) => Assert.Equal(2, await Program.Main([argument]));

    [Fact]
    public async Task Main_UnknownComparison_IsRefused() => Assert.Equal(2, await Program.Main(["--quick", "--only", "nothing"]));
}
