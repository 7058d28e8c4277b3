namespace DemoFl.Learning.Tests.Parameters;

public sealed class ParameterLayoutTests
{
    private static readonly TensorShape Weight = new("w", [2, 3]);

    [Fact]
    public void Layout_Tensors_LieOneAfterTheOther()
    {
        var layout = new ParameterLayout([Weight, new TensorShape("b", [3]), new TensorShape("s", [])]);
        Assert.Equal(10, layout.Length);
        Assert.Equal([0, 6, 9], Enumerable.Range(0, 3).Select(layout.OffsetOf));
    }

    [Fact]
    public void SameAs_OtherLayouts_SaysWhereTheyPart()
    {
        var layout = new ParameterLayout([Weight, new TensorShape("b", [3])]);
        Assert.True(layout.SameAs(new ParameterLayout([new TensorShape("w", [2, 3]), new TensorShape("b", [3])]), out var difference));
        Assert.Empty(difference);
        Assert.False(layout.SameAs(new ParameterLayout([new TensorShape("w", [3, 2]), new TensorShape("b", [3])]), out difference));
        Assert.Equal("tensor 0 is w[2,3] here and w[3,2] there", difference);
        Assert.False(layout.SameAs(new ParameterLayout([Weight]), out difference));
        Assert.Equal("2 tensors here and 1 there", difference);
    }

    [Fact]
    public void Layout_Impossible_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ParameterLayout([]));
        Assert.Throws<ArgumentException>(() => new ParameterLayout([Weight, Weight]));
        Assert.Throws<ArgumentException>(() => new ParameterLayout([new TensorShape("a", [int.MaxValue]), new TensorShape("b", [100])]));
        Assert.Throws<ArgumentException>(() => new TensorShape("", [1]));
        Assert.Throws<ArgumentException>(() => new TensorShape("w", [2, 0]));
        Assert.Throws<ArgumentException>(() => new TensorShape("w", [1 << 16, 1 << 16]));
        Assert.Throws<ArgumentException>(() => new TensorShape("w", [1, 1, 1, 1, 1, 1, 1, 1, 1]));
    }
}
