using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace DemoFl.Simulation;

/// <summary>A promise of DESIGN section 3 was broken. The message begins with which.</summary>
internal sealed class InvariantException(string message) : Exception(message);

/// <summary>Where a promise is checked.</summary>
internal static class Promise
{
    /// <exception cref="InvariantException">The condition does not hold.</exception>
    public static void Require(bool condition, string promise)
    {
        if (!condition)
        {
            throw new InvariantException(promise);
        }
    }

    /// <exception cref="InvariantException">The condition does not hold.</exception>
    public static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref PromiseText promise)
    {
        if (!condition)
        {
            throw new InvariantException(promise.ToString());
        }
    }

    /// <summary>Which promise a failure is of, for telling whether a smaller run fails in the same way.</summary>
    public static string Of(Exception failure) => failure is InvariantException && failure.Message.IndexOf(':', StringComparison.Ordinal) is > 0 and var end
        ? failure.Message[..end]
        : failure.GetType().Name;
}

/// <summary>Text that is put together only when the condition before it does not hold.</summary>
[InterpolatedStringHandler]
internal readonly ref struct PromiseText
{
    private readonly StringBuilder? _text;

    public PromiseText(int literalLength, int formattedCount, bool condition, out bool broken)
    {
        broken = !condition;
        _text = broken ? new StringBuilder(literalLength + (8 * formattedCount)) : null;
    }

    public void AppendLiteral(string literal) => _text!.Append(literal);

    public void AppendFormatted<T>(T value, string? format = null) =>
        _text!.Append(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text?.ToString() ?? "";
}
