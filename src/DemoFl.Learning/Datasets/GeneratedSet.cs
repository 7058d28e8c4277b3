namespace DemoFl.Learning;

/// <summary>
/// A made-up image set that needs no files: each class has several smooth random prototypes, each example is one of them, moved by a few
/// pixels, brighter or darker, with noise. In ten federated rounds of
/// the default settings softmax regression gets about 86 % right, an MLP with 128 units 95 %. Equal settings give equal bits everywhere.
/// </summary>
internal sealed record GeneratedSet
{
    // Prototypes are drawn on a coarse grid and blown up bilinearly: about as smooth as handwriting at the default size.
    private const int CoarseSide = 6;

    private const ulong PrototypeStream = 1, TrainStream = 2, TestStream = 3;

    public int Classes { get; init; } = 10;

    public int Train { get; init; } = 3_000;

    public int Test { get; init; } = 1_000;

    /// <summary>Height and width in pixels.</summary>
    public int Size { get; init; } = 28;

    public int Channels { get; init; } = 1;

    /// <summary>Prototypes per class.</summary>
    public int Modes { get; init; } = 4;

    /// <summary>The largest move in pixels, each way.</summary>
    public int Shift { get; init; } = 2;

    /// <summary>The deviation of each pixel's noise; prototypes range over -1 to 1.</summary>
    public double Noise { get; init; } = 0.3;

    public ulong Seed { get; init; } = 1;

    private InputShape Input => new(Channels, Size, Size);

    public TrainTest Generate()
    {
        var random = new SeededRandom(Seed, PrototypeStream);
        var prototypes = new float[Classes * Modes][];
        for (var i = 0; i < prototypes.Length; i++) prototypes[i] = DrawPrototype(random);
        return new TrainTest(Draw(prototypes, Train, TrainStream), Draw(prototypes, Test, TestStream));
    }

    private float[] DrawPrototype(SeededRandom random)
    {
        var image = new float[Input.Length];
        var coarse = new double[CoarseSide * CoarseSide];
        for (var channel = 0; channel < Channels; channel++)
        {
            foreach (ref var value in coarse.AsSpan()) value = random.NextBetween(-1, 1);
            for (var y = 0; y < Size; y++)
            {
                for (var x = 0; x < Size; x++) image[(((channel * Size) + y) * Size) + x] = (float)Interpolate(coarse, y, x);
            }
        }

        return image;
    }

    private double Interpolate(double[] coarse, int y, int x)
    {
        var scale = (CoarseSide - 1.0) / Math.Max(1, Size - 1);
        var (fineY, fineX) = (y * scale, x * scale);
        var (top, left) = (Math.Min((int)fineY, CoarseSide - 2), Math.Min((int)fineX, CoarseSide - 2));
        var (down, right) = (fineY - top, fineX - left);
        var at = (top * CoarseSide) + left;
        var upper = coarse[at] + (right * (coarse[at + 1] - coarse[at]));
        var lower = coarse[at + CoarseSide] + (right * (coarse[at + CoarseSide + 1] - coarse[at + CoarseSide]));
        return upper + (down * (lower - upper));
    }

    private Dataset Draw(float[][] prototypes, int count, ulong stream)
    {
        var random = new SeededRandom(Seed, stream);
        var features = new float[checked(count * Input.Length)];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.NextBelow(Classes);
            var prototype = prototypes[(labels[i] * Modes) + random.NextBelow(Modes)];
            DrawExample(prototype, random, features.AsSpan(i * Input.Length, Input.Length));
        }

        return new Dataset(Input, Classes, features, labels);
    }

    private void DrawExample(float[] prototype, SeededRandom random, Span<float> example)
    {
        var (moveY, moveX) = (random.NextBelow((2 * Shift) + 1) - Shift, random.NextBelow((2 * Shift) + 1) - Shift);
        var brightness = (float)random.NextBetween(0.6, 1.4);
        var noise = (float)Noise;
        for (var channel = 0; channel < Channels; channel++)
        {
            for (var y = 0; y < Size; y++)
            {
                var sourceY = Math.Clamp(y + moveY, 0, Size - 1);
                for (var x = 0; x < Size; x++)
                {
                    var sourceX = Math.Clamp(x + moveX, 0, Size - 1);
                    var value = brightness * prototype[(((channel * Size) + sourceY) * Size) + sourceX];
                    example[(((channel * Size) + y) * Size) + x] = value + (noise * random.NextBell());
                }
            }
        }
    }
}
