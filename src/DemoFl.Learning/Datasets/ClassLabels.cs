using System.Globalization;

namespace DemoFl.Learning;

/// <summary>Numbers the labels of a table from 0.</summary>
internal static class ClassLabels
{
    /// <summary>
    /// Whole numbers from 0 up are class numbers; other labels are names, numbered in ordinal order. Names from a header, or a number of
    /// classes from the caller, fix how many there are.
    /// </summary>
    /// <param name="path">The file, for complaints.</param>
    /// <param name="labels">The label of each example.</param>
    /// <param name="lines">The line that each example stands in.</param>
    /// <param name="headerNames">The names of the classes, where the file's first line has them.</param>
    /// <param name="classes">The number of classes; 0 takes it from the file.</param>
    /// <exception cref="InvalidDataException">There are labels beyond the given number of classes, or fractions: a regression
    /// target.</exception>
    public static (int[] Labels, int Classes) Number(
        string path, IReadOnlyList<string> labels, IReadOnlyList<int> lines, IReadOnlyList<string> headerNames, int classes)
    {
        var limit = classes > 0 ? classes : headerNames.Count > 0 ? headerNames.Count : Dataset.MaxClasses;
        var numbers = labels.Select(Whole).ToArray();
        if (numbers.All(number => number >= 0))
        {
            var beyond = Array.FindIndex(numbers, number => number >= limit);
            if (beyond >= 0)
                throw new InvalidDataException(
                    $"{path}:{lines[beyond]}: label {labels[beyond]} is not one of {limit} classes, 0 to {limit - 1}; "
                    + "load the set with classes=N, or choose another label column.");
            return (numbers, classes > 0 ? classes : headerNames.Count > 0 ? headerNames.Count : Math.Max(2, numbers.Max() + 1));
        }

        var fraction = labels.Index().FirstOrDefault(label => IsFraction(label.Item), (Index: -1, Item: ""));
        if (fraction.Index >= 0)
        {
            throw new InvalidDataException(
                $"{path}:{lines[fraction.Index]}: label '{fraction.Item}' is a fraction; classes are whole numbers or names. "
                + "Choose another label column, or bin the values.");
        }

        var names = labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (names.Count > limit)
            throw new InvalidDataException(
                $"{path}: there are {names.Count} different labels, allowed are {limit}; load the set with classes=N, or choose another label column.");
        var count = classes > 0 ? classes : headerNames.Count > 0 ? headerNames.Count : Math.Max(2, names.Count);
        return ([.. labels.Select(label => names.BinarySearch(label, StringComparer.Ordinal))], count);
    }

    private static int Whole(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value is >= 0 and < int.MaxValue && value == Math.Floor(value)
            ? (int)value
            : -1;

    private static bool IsFraction(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value != Math.Floor(value);
}
