using System.Globalization;

namespace DemoFl.Learning;

/// <summary>Numbers the labels of a table from 0.</summary>
internal static class ClassLabels
{
    /// <summary>
    /// Whole numbers from 0 up are class numbers; other labels are names, numbered in ordinal order. Names from a header, or a number of
    /// classes from the caller, fix how many there are.
    /// </summary>
    /// <exception cref="InvalidDataException">There are labels beyond the given number of classes, or fractions: a regression
    /// target.</exception>
    public static (int[] Labels, int Classes) Number(
        string path, IReadOnlyList<string> labels, IReadOnlyList<string> headerNames, int classes)
    {
        var limit = classes > 0 ? classes : headerNames.Count > 0 ? headerNames.Count : Dataset.MaxClasses;
        var numbers = labels.Select(Whole).ToArray();
        if (numbers.All(number => number >= 0)) return (numbers, Bounded(path, numbers.Max() + 1, limit, classes, headerNames.Count));

        var fraction = labels.FirstOrDefault(IsFraction);
        if (fraction is not null)
        {
            throw new InvalidDataException(
                $"{path}: label '{fraction}' is a fraction; classes are whole numbers or names. "
                + "Choose another label column, or bin the values.");
        }

        var names = labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var count = Bounded(path, names.Count, limit, classes, headerNames.Count);
        return ([.. labels.Select(label => names.BinarySearch(label, StringComparer.Ordinal))], count);
    }

    private static int Bounded(string path, int found, int limit, int classes, int headerNames)
    {
        if (found > limit)
            throw new InvalidDataException(
                $"{path}: the labels need {found} classes, allowed are {limit}; give classes=N or choose another label column.");
        return classes > 0 ? classes : headerNames > 0 ? headerNames : Math.Max(2, found);
    }

    private static int Whole(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value is >= 0 and < int.MaxValue && value == Math.Floor(value)
            ? (int)value
            : -1;

    private static bool IsFraction(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value != Math.Floor(value);
}
