namespace DemoFl.Learning;

/// <summary>Turns pixels of 0 to 255 into features of 0 to 1.</summary>
internal static class PixelScale
{
    public static void ToUnit(ReadOnlySpan<byte> pixels, Span<float> features)
    {
        for (var i = 0; i < pixels.Length; i++) features[i] = pixels[i] / 255f;
    }
}
