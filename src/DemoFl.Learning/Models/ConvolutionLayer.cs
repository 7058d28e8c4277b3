using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>
/// A 5x5 convolution with stride 1 and zero padding to the same size, on channels-last images; the weights are [out, in, 5, 5] as PyTorch
/// keeps them. In a channels-last image with a zero border, one row of the im2col matrix for one kernel row is a contiguous piece of the
/// image, and the next pixel's is the same piece moved by one pixel. So the product needs no im2col copy: the matrix is read in place,
/// its rows overlapping (<see cref="Tile"/> strides).
/// </summary>
internal sealed unsafe class ConvolutionLayer : Layer
{
    private const int Kernel = 5;
    private const int Border = Kernel / 2;

    private readonly int _channels, _filters, _height, _width;

    /// <exception cref="ArgumentException">The number of filters is not a multiple of the tile's 32 columns.</exception>
    public ConvolutionLayer(string name, int channels, int filters, int height, int width)
        : base(channels * height * width, filters * height * width)
    {
        if (filters % Tile.Columns != 0)
            throw new ArgumentException($"{filters} filters are not a multiple of {Tile.Columns}.", nameof(filters));
        (_channels, _filters, _height, _width) = (channels, filters, height, width);
        Tensors = [new TensorShape($"{name}.weight", [filters, channels, Kernel, Kernel]), new TensorShape($"{name}.bias", [filters])];
    }

    public override ImmutableArray<TensorShape> Tensors { get; }

    private int WeightCount => _filters * _channels * Kernel * Kernel;

    private int PaddedLength(int depth) => (_height + (2 * Border)) * PaddedRow(depth);

    private int PaddedRow(int depth) => (_width + (2 * Border)) * depth;

    // Scratch: packed weights (or their gradient), one padded image of output gradients, padded input images.
    public override int ScratchLength(int maxExamples) =>
        checked(WeightCount + PaddedLength(_filters) + (maxExamples * PaddedLength(_channels)));

    public override void Initialise(Span<float> parameters, SeededRandom random)
    {
        InitialiseUniform(parameters[..WeightCount], _channels * Kernel * Kernel, random);
        parameters[WeightCount..(WeightCount + _filters)].Clear();
    }

    public override void Forward(in LayerPass pass)
    {
        var packed = pass.Scratch;
        PackForward(pass.Parameters, packed);
        var bias = new ReadOnlySpan<float>(pass.Parameters + WeightCount, _filters);
        for (var example = 0; example < pass.Examples; example++)
        {
            var padded = PaddedInput(pass, example);
            CopyInto(padded, pass.Input + ((nint)example * InputLength), _channels);
            var output = pass.Output + ((nint)example * OutputLength);
            for (nint pixel = 0; pixel < _height * _width; pixel++) bias.CopyTo(new Span<float>(output + (pixel * _filters), _filters));
            Correlate(padded, _channels, packed, output, _filters);
        }
    }

    public override void Backward(in LayerPass pass)
    {
        var packed = pass.Scratch;
        new Span<float>(packed, WeightCount).Clear();
        for (var example = 0; example < pass.Examples; example++)
            AddWeightGradient(PaddedInput(pass, example), pass.OutputGradient + ((nint)example * OutputLength), packed);
        UnpackGradient(packed, pass.Gradient, pass.Accumulate);
        var bias = new Span<float>(pass.Gradient + WeightCount, _filters);
        Elementwise.SumRows(pass.OutputGradient, pass.Examples * _height * _width, bias, pass.Accumulate);
        if (pass.InputGradient != null) PropagateBack(pass);
    }

    // The gradient by the input is itself a convolution: of the output gradient with the kernel turned by 180 degrees.
    private void PropagateBack(in LayerPass pass)
    {
        if (_channels % Tile.Columns != 0)
            throw new InvalidOperationException($"A convolution of {_channels} channels cannot pass gradients on; it must come first.");

        var packed = pass.Scratch;
        PackBackward(pass.Parameters, packed);
        var padded = pass.Scratch + WeightCount;
        for (var example = 0; example < pass.Examples; example++)
        {
            CopyInto(padded, pass.OutputGradient + ((nint)example * OutputLength), _filters);
            var target = pass.InputGradient + ((nint)example * InputLength);
            new Span<float>(target, InputLength).Clear();
            Correlate(padded, _filters, packed, target, _channels);
        }
    }

    private float* PaddedInput(in LayerPass pass, nint example) =>
        pass.Scratch + WeightCount + PaddedLength(_filters) + (example * PaddedLength(_channels));

    // The border was zero from the start and is never written.
    private void CopyInto(float* padded, float* image, int depth)
    {
        var row = _width * depth;
        for (nint y = 0; y < _height; y++)
        {
            var target = padded + ((y + Border) * PaddedRow(depth)) + (Border * depth);
            new ReadOnlySpan<float>(image + (y * row), row).CopyTo(new Span<float>(target, row));
        }
    }

    /// <summary>Adds to the output [height x width x outputs] the padded image [.. x inputs] correlated with packed weights. The kernel row
    /// is
    /// the outer loop so that its weights for 32 outputs stay in the first-level cache.</summary>
    private void Correlate(float* padded, int inputs, float* packed, float* output, int outputs)
    {
        var run = Kernel * inputs;
        var tiles = RowTiles.Over(_width);
        for (nint part = 0; part < outputs / Tile.Columns * Kernel; part++)
        {
            var (column, kernelRow) = (part / Kernel * Tile.Columns, part % Kernel);
            for (nint y = 0; y < _height; y++)
            {
                nint x = 0;
                for (var i = 0; i < tiles.Count; i++)
                {
                    var pixels = tiles.RowsOf(i);
                    var tile = new Tile
                    {
                        A = padded + ((y + kernelRow) * PaddedRow(inputs)) + (x * inputs),
                        ARow = inputs,
                        AStep = 1,
                        B = packed + (part * run * Tile.Columns),
                        BStep = Tile.Columns,
                        Segments = 1,
                        Run = run,
                        C = output + (((y * _width) + x) * outputs) + column,
                        CRow = outputs,
                        Accumulate = true,
                    };
                    Tile.Multiply(tile, pixels, Simd.Widest);
                    x += pixels;
                }
            }
        }
    }

    /// <summary>
    /// Adds one image's gradient to packed [5][5 * channels][filters]: the im2col matrix, transposed, times the output gradient.
    /// </summary>
    private void AddWeightGradient(float* padded, float* outputGradient, float* packed)
    {
        var rows = Kernel * _channels;
        var tiles = RowTiles.Over(rows);
        for (nint kernelRow = 0; kernelRow < Kernel; kernelRow++)
        {
            for (nint filter = 0; filter < _filters; filter += Tile.Columns)
            {
                nint row = 0;
                for (var i = 0; i < tiles.Count; i++)
                {
                    var tile = new Tile
                    {
                        A = padded + (kernelRow * PaddedRow(_channels)) + row,
                        ARow = 1,
                        AStep = _channels,
                        ASegment = PaddedRow(_channels),
                        B = outputGradient + filter,
                        BStep = _filters,
                        BSegment = (nint)_width * _filters,
                        Segments = _height,
                        Run = _width,
                        C = packed + (((kernelRow * rows) + row) * _filters) + filter,
                        CRow = _filters,
                        Accumulate = true,
                    };
                    Tile.Multiply(tile, tiles.RowsOf(i), Simd.Widest);
                    row += tiles.RowsOf(i);
                }
            }
        }
    }

    // [filters / 32][ky][kx][channel][32 filters]
    private void PackForward(float* weights, float* packed)
    {
        for (nint first = 0; first < _filters; first += Tile.Columns)
        {
            for (nint k = 0; k < Kernel * Kernel; k++)
            {
                for (nint channel = 0; channel < _channels; channel++)
                {
                    for (nint i = 0; i < Tile.Columns; i++)
                        *packed++ = weights[((((first + i) * _channels) + channel) * Kernel * Kernel) + k];
                }
            }
        }
    }

    // [channels / 32][ky][kx][filter][32 channels], the kernel turned
    private void PackBackward(float* weights, float* packed)
    {
        for (nint first = 0; first < _channels; first += Tile.Columns)
        {
            for (nint k = (Kernel * Kernel) - 1; k >= 0; k--)
            {
                for (nint filter = 0; filter < _filters; filter++)
                {
                    for (nint i = 0; i < Tile.Columns; i++) *packed++ = weights[(((filter * _channels) + first + i) * Kernel * Kernel) + k];
                }
            }
        }
    }

    private void UnpackGradient(float* packed, float* gradient, bool accumulate)
    {
        for (nint k = 0; k < Kernel * Kernel; k++)
        {
            for (nint channel = 0; channel < _channels; channel++)
            {
                for (nint filter = 0; filter < _filters; filter++)
                {
                    var target = gradient + (((filter * _channels) + channel) * Kernel * Kernel) + k;
                    *target = *packed++ + (accumulate ? *target : 0);
                }
            }
        }
    }
}
