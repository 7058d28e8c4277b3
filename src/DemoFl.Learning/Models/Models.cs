using System.Collections.Immutable;
using System.Globalization;

namespace DemoFl.Learning;

/// <summary>The embedded models, by specification.</summary>
public static class Models
{
    /// <summary>The most hidden layers of an MLP.</summary>
    public const int MaxHiddenLayers = 16;

    /// <summary>The most units of a hidden layer.</summary>
    public const int MaxUnits = 65_536;

    private const string StandardizedPrefix = "standardized:";
    private const int ConvolutionChannels1 = 32;
    private const int ConvolutionChannels2 = 64;
    private const int ConvolutionUnits = 512;

    /// <summary>The smallest image side that survives the CNN's two halvings.</summary>
    private const int MinImageSide = 4;

    /// <summary>
    /// Builds a model: <c>softmax</c> (multinomial logistic regression), <c>mlp:128</c> or <c>mlp:256,128</c> (hidden ReLU layers), or
    /// <c>cnn</c> (McMahan et al., 2017, section 3: two 5x5 convolutions of 32 and 64 channels, each with 2x2 max-pooling, 512 units;
    /// 1,663,370 parameters on 28x28x1 with 10 classes). Before each of them <c>standardized:</c> may stand: see <see cref="Standardized"/>.
    /// </summary>
    /// <exception cref="FormatException">The specification is not one of these, or does not suit the input.</exception>
    public static Model Parse(string spec, InputShape input, int classes)
    {
        if (input.Channels < 1 || input.Height < 1 || input.Width < 1 || input.Length > Dataset.MaxValues)
            throw new ArgumentException($"An input of {input} cannot be learned from.", nameof(input));
        if (classes is < 2 or > Dataset.MaxClasses)
            throw new ArgumentException($"There are {classes} classes, a model has 2 to {Dataset.MaxClasses}.", nameof(classes));

        var standardized = IsStandardized(spec);
        var plain = standardized ? spec[StandardizedPrefix.Length..] : spec;
        var (kind, arguments) = plain.Split(':', 2) is [var head, var tail] ? (head, tail) : (plain, "");
        var layers = (kind, arguments) switch
        {
            ("softmax", "") => Mlp(spec, input, classes, []),
            ("mlp", not "") => Mlp(spec, input, classes, [.. arguments.Split(',').Select(units => ParseUnits(spec, units))]),
            ("cnn", "") => Cnn(spec, input, classes),
            _ => throw Unknown(spec, "it is not a known model"),
        };
        return new Model(spec, input, classes, standardized ? [new ScalingLayer(input.Length), .. layers] : layers);
    }

    /// <summary>
    /// The same model behind a first layer of fixed tensors, <c>scaling.mean</c>, <c>scaling.magnitude</c> and <c>scaling.variance</c>, that brings every
    /// column to mean 0 and deviation 1 once <see cref="ColumnStatistics"/> have been put there; until then it gives zeros.
    /// </summary>
    public static string Standardized(string spec) => StandardizedPrefix + spec;

    /// <summary>Whether this is the specification of a standardized model.</summary>
    public static bool IsStandardized(string spec) => spec.StartsWith(StandardizedPrefix, StringComparison.Ordinal);

    private static int ParseUnits(string spec, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units is >= 1 and <= MaxUnits
            ? units
            : throw Unknown(spec, $"'{text}' is not a number of hidden units from 1 to {MaxUnits}");

    private static ImmutableArray<Layer> Mlp(string spec, InputShape input, int classes, ImmutableArray<int> hidden)
    {
        if (hidden.Length > MaxHiddenLayers) throw Unknown(spec, $"it has {hidden.Length} hidden layers, allowed are {MaxHiddenLayers}");

        var layers = ImmutableArray.CreateBuilder<Layer>();
        var length = input.Length;
        foreach (var units in hidden)
        {
            layers.Add(new DenseLayer($"fc{(layers.Count / 2) + 1}", length, units));
            layers.Add(new ReluLayer(units));
            length = units;
        }

        layers.Add(new DenseLayer($"fc{(layers.Count / 2) + 1}", length, classes));
        return layers.ToImmutable();
    }

    private static ImmutableArray<Layer> Cnn(string spec, InputShape input, int classes)
    {
        var (channels, height, width) = input;
        if (height < MinImageSide || width < MinImageSide)
            throw Unknown(spec, $"the input is {input}, a CNN needs images of at least {MinImageSide}x{MinImageSide}");

        var (height2, width2) = (height / 2, width / 2);
        var pixels = height2 / 2 * (width2 / 2);
        Layer[] layers =
        [
            new ConvolutionLayer("conv1", channels, ConvolutionChannels1, height, width),
            new PoolLayer(ConvolutionChannels1, height, width),
            new ConvolutionLayer("conv2", ConvolutionChannels1, ConvolutionChannels2, height2, width2),
            new PoolLayer(ConvolutionChannels2, height2, width2),

            // PyTorch flattens channels first.
            new TransposeLayer(pixels, ConvolutionChannels2),
            new DenseLayer("fc1", pixels * ConvolutionChannels2, ConvolutionUnits),
            new ReluLayer(ConvolutionUnits),
            new DenseLayer("fc2", ConvolutionUnits, classes),
        ];
        return channels == 1 ? [.. layers] : [new TransposeLayer(channels, height * width), .. layers];
    }

    private static FormatException Unknown(string spec, string why) =>
        new($"Cannot build the model '{spec}': {why}. Known are 'softmax', 'mlp:UNITS[,UNITS...]' (for example 'mlp:128') and 'cnn'.");
}
