using System.Text;

namespace DemoFl.Fuzz.Tests;

/// <summary>A reader with a mistake of its own. Its valid inputs are "ok" and some letters.</summary>
internal sealed class PlantedTarget(string name, Func<byte[], string> read) : Target(name, InputForm.Bytes)
{
    public override IEnumerable<byte[]> Seeds() => new[] { "ok", "okay", "ok then" }.Select(Encoding.ASCII.GetBytes);

    public override string Read(byte[] input) => input.AsSpan().StartsWith("ok"u8) ? read(input) : throw new InvalidDataException("It does not begin with ok.");

    public override bool IsRefusal(Exception e) => e is InvalidDataException;
}
