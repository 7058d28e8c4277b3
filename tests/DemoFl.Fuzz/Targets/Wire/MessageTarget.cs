using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>
/// A message of the wire and its mapper, both ways. What is taken must come back the same from its own encoding, within bounds.
/// </summary>
/// <param name="name">The target's name.</param>
/// <param name="parser">The generated parser.</param>
/// <param name="seeds">Valid messages.</param>
/// <param name="through">Into the product's own types and back.</param>
internal sealed class MessageTarget<T>(string name, MessageParser<T> parser, Func<IEnumerable<T>> seeds, Func<T, T> through)
    : Target(name, InputForm.Protobuf)
    where T : class, IMessage<T>, new()
{
    /// <summary>Some lists may be long before they are refused.</summary>
    public override int MaxInputBytes => 256 * 1024;

    public override IEnumerable<byte[]> Seeds() => seeds().Select(m => m.ToByteArray());

    public override string Read(byte[] input)
    {
        var taken = through(Messages.Parse(parser, input));
        byte[] once = taken.ToByteArray();
        byte[] twice = through(Messages.Parse(parser, once)).ToByteArray();
        BrokenPromiseException.Unless(once.AsSpan().SequenceEqual(twice), "a message that was taken is another one when it is read back");
        WireBounds.Check(taken);
        return Shape.Of(once);
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;
}
