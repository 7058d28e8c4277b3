using DemoFl.Cli.Output;

namespace DemoFl.Cli.Tests.Output;

public sealed class BytesTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(999.5, "1 kB")]
    [InlineData(1_234, "1.23 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1 MB")]
    [InlineData(407_080_000, "407 MB")]
    [InlineData(2.5e9, "2.5 GB")]
    [InlineData(9.99e14, "999 TB")]
    public void Show_Sizes_HaveThreeDigitsAndAUnit(double count, string text) => Assert.Equal(text, Bytes.Show(count));
}
