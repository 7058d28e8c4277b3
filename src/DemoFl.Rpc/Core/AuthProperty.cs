using System.Text;

namespace Grpc.Core;

/// <summary>One proven property of a peer. Immutable.</summary>
public sealed class AuthProperty
{
    private readonly byte[] _value;

    private AuthProperty(string name, byte[] value)
    {
        Name = name;
        _value = value;
    }

    /// <summary>The property's name, for example <c>x509_common_name</c>.</summary>
    public string Name { get; }

    /// <summary>The value as UTF-8 text.</summary>
    public string Value => Encoding.UTF8.GetString(_value);

    /// <summary>A copy of the value.</summary>
    public byte[] ValueBytes => (byte[])_value.Clone();

    /// <summary>Creates a property with a copy of the value.</summary>
    public static AuthProperty Create(string name, byte[] valueBytes) => new(name, (byte[])valueBytes.Clone());
}
