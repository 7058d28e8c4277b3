using DemoFl.Node.Trainers;

namespace DemoFl.Node.Tests.Trainers;

public sealed class TrainerAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("http://127.9.9.9:7071")]
    [InlineData("http://localhost:7071")]
    [InlineData("http://[::1]:7071")]
    [InlineData("unix:/run/user/1000/alice.sock")]
    [InlineData("unix:alice.sock")]
    public void Parse_OnThisMachine_IsTaken(string text) => Assert.Equal(text, TrainerAddress.Parse(text).ToString());

    [Theory]
    [InlineData("http://192.168.1.5:7071", "beyond this machine")]
    [InlineData("http://fl.example:7071", "beyond this machine")]
    [InlineData("http://0.0.0.0:7071", "beyond this machine")]
    [InlineData("https://127.0.0.1:7071", "use http://127.0.0.1:PORT or unix:PATH")]
    [InlineData("127.0.0.1:7071", "use http://127.0.0.1:PORT or unix:PATH")]
    [InlineData("http://127.0.0.1:7071/train", "use http://127.0.0.1:PORT or unix:PATH")]
    [InlineData("", "use http://127.0.0.1:PORT or unix:PATH")]
    [InlineData("unix:", "1 to 107 bytes")]
    public void Parse_AnythingElse_SaysWhatToWrite(string text, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => TrainerAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_PathThatNoSocketTakes_IsRefused()
    {
        TrainerAddress.Parse("unix:" + new string('x', 107));
        Assert.Throws<FormatException>(() => TrainerAddress.Parse("unix:" + new string('x', 108)));
        Assert.Throws<FormatException>(() => TrainerAddress.Parse("unix:" + new string('ü', 54)));
    }
}
