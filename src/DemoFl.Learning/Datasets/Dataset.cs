namespace DemoFl.Learning;

/// <summary>
/// Labelled examples in memory: features row-major [Count x Input.Length], each example channel-major (channels, height, width), and one
/// label in 0 to Classes - 1 per example. Immutable by contract (the arrays are not copied) and safe to share between threads.
/// </summary>
public sealed class Dataset
{
    /// <summary>The most feature values that a data set may hold (2 GiB).</summary>
    public const int MaxValues = 1 << 29;

    /// <summary>The most classes.</summary>
    public const int MaxClasses = 65_536;

    private readonly float[] _features;
    private readonly int[] _labels;
    private readonly Dataset? _unscaled;
    private readonly bool _isScaled;

    /// <summary>Takes the arrays over; they must not change any more.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit together, a label is out of range or a feature is not finite.</exception>
    public Dataset(InputShape input, int classes, float[] features, int[] labels)
    {
        if (input.Channels < 1 || input.Height < 1 || input.Width < 1)
            throw new ArgumentException($"An input of {input} has no features.", nameof(input));
        if (classes is < 1 or > MaxClasses)
            throw new ArgumentException($"There are {classes} classes, allowed are 1 to {MaxClasses}.", nameof(classes));
        if (features.LongLength != (long)labels.Length * input.Length)
        {
            throw new ArgumentException(
                $"{labels.Length} examples of {input} need {(long)labels.Length * input.Length} "
                + $"features, not {features.Length}.", nameof(features));
        }


        var bad = Array.FindIndex(labels, label => label < 0 || label >= classes);
        if (bad >= 0)
            throw new ArgumentException($"Example {bad} has label {labels[bad]}, labels go from 0 to {classes - 1}.", nameof(labels));
        bad = Array.FindIndex(features, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new ArgumentException(
                $"Feature {bad % input.Length} of example {bad / input.Length} is not a finite number.", nameof(features));

        Input = input;
        Classes = classes;
        _features = features;
        _labels = labels;
    }

    private Dataset(Dataset scaled, Dataset? unscaled)
    {
        (Input, Classes, _features, _labels) = (scaled.Input, scaled.Classes, scaled._features, scaled._labels);
        (_isScaled, _unscaled) = (true, unscaled);
    }

    /// <summary>
    /// The same examples as their file has them, where a reader has brought the columns to one scale unasked; null where its owner asked for that;
    /// else this set. What a federation standardizes must come as it is: parties that scale by themselves scale each to something else.
    /// </summary>
    public Dataset? Unscaled => _isScaled ? _unscaled : this;

    /// <summary>The shape of one example.</summary>
    public InputShape Input { get; }

    /// <summary>The number of classes, whether or not every class occurs.</summary>
    public int Classes { get; }

    /// <summary>The number of examples.</summary>
    public int Count => _labels.Length;

    /// <summary>The labels of all examples.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The features of example <paramref name="index"/>, Input.Length values.</summary>
    public ReadOnlySpan<float> FeaturesOf(int index) => _features.AsSpan(index * Input.Length, Input.Length);

    /// <summary>The label of example <paramref name="index"/>.</summary>
    public int LabelOf(int index) => _labels[index];

    /// <summary>A copy of the examples with these indices, in this order.</summary>
    public Dataset Subset(ReadOnlySpan<int> indices)
    {
        var features = new float[(long)indices.Length * Input.Length];
        var labels = new int[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            FeaturesOf(indices[i]).CopyTo(features.AsSpan(i * Input.Length));
            labels[i] = _labels[indices[i]];
        }

        var subset = new Dataset(Input, Classes, features, labels);
        return _isScaled ? subset.ScaledFrom(_unscaled?.Subset(indices)) : subset;
    }

    /// <summary>These examples, known to be <paramref name="unscaled"/> brought to one scale; null when nobody may undo that.</summary>
    internal Dataset ScaledFrom(Dataset? unscaled) => new(this, unscaled);
}
