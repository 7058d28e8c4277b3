namespace DemoFl.Learning;

/// <summary>The shape of one example: channels, height, width. A row of n plain columns is (1, 1, n).</summary>
public readonly record struct InputShape(int Channels, int Height, int Width)
{
    /// <summary>The number of features of one example.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>The shape for people, for example <c>28x28x1</c>.</summary>
    public override string ToString() => $"{Height}x{Width}x{Channels}";
}
