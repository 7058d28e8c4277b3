using System.Collections.Immutable;
using System.Reflection;

namespace DemoFl.Protocol.Tests.Statements;

/// <summary>
/// Copies of a record that differ in exactly one value, for every value in it: so that a field somebody adds tomorrow is altered
/// too, and a statement that forgets it is noticed.
/// </summary>
internal static class Alteration
{
    /// <summary>Each with the path of what was altered. <typeparamref name="T"/> is a record with a primary constructor.</summary>
    public static IEnumerable<(string Path, T Copy)> Each<T>(T original)
        where T : class => Copies(original, typeof(T).Name).Select(c => (c.Path, (T)c.Value));

    private static IEnumerable<(string Path, object Value)> Copies(object value, string path) => value switch
    {
        int v => [(path, v + 1)],
        uint v => [(path, v + 1)],
        ulong v => [(path, v + 1)],
        UInt128 v => [(path, v ^ ((UInt128)1 << 100))],
        double v => [(path, Math.BitIncrement(v))],
        string v => [(path, v + "x")],
        TimeSpan v => [(path, v + TimeSpan.FromTicks(1))],
        Enum v => [(path, Enum.GetValues(v.GetType()).Cast<Enum>().First(other => !other.Equals(v)))],
        Hash256 v => Enumerable.Range(0, Hash256.Size).Select(i => ($"{path}[{i}]", (object)new Hash256(Flipped(v.ToArray(), i)))),
        ReadOnlyMemory<byte> v =>
        [
            ($"{path}[last]", (ReadOnlyMemory<byte>)Flipped(v.ToArray(), v.Length - 1)),
            ($"{path}.Length", (ReadOnlyMemory<byte>)v.ToArray().Append((byte)0).ToArray()),
        ],
        ImmutableArray<NodeId> v =>
        [
            .. Copies(v[0], $"{path}[0]").Select(c => (c.Path, (object)v.SetItem(0, (NodeId)c.Value))),
            ($"{path}.Length", v.RemoveAt(0)),
            ($"{path} order", v.Reverse().ToImmutableArray()),
        ],
        _ => Parts(value, path),
    };

    /// <summary>One constructor argument altered at a time.</summary>
    private static IEnumerable<(string Path, object Value)> Parts(object value, string path)
    {
        var constructor = value.GetType().GetConstructors().Where(c => c.GetParameters().Length > 0).MaxBy(c => c.GetParameters().Length)
            ?? throw new NotSupportedException($"{path}: no alteration for {value.GetType()}.");
        var properties = constructor.GetParameters().Select(p => Property(value.GetType(), p)).ToArray();
        object[] arguments = [.. properties.Select(p => p.GetValue(value)!)];
        for (int i = 0; i < arguments.Length; i++)
        {
            foreach (var (partPath, part) in Copies(arguments[i], $"{path}.{properties[i].Name}"))
            {
                object[] altered = [.. arguments];
                altered[i] = part;
                yield return (partPath, constructor.Invoke(altered));
            }
        }
    }

    private static PropertyInfo Property(Type type, ParameterInfo parameter) =>
        type.GetProperty(parameter.Name!, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
        ?? throw new NotSupportedException($"{type} shows no {parameter.Name}.");

    private static byte[] Flipped(byte[] bytes, int index)
    {
        bytes[index] ^= 1;
        return bytes;
    }
}
