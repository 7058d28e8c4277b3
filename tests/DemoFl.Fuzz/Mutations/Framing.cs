namespace DemoFl.Fuzz;

/// <summary>Several messages in one input, each behind its length as a varint.</summary>
internal static class Framing
{
    /// <summary>The messages as far as they are whole.</summary>
    public static List<byte[]> Split(ReadOnlySpan<byte> input)
    {
        var messages = new List<byte[]>();
        while (!input.IsEmpty && ProtoField.TryReadVarint(ref input, out ulong length) && length <= (ulong)input.Length)
        {
            messages.Add(input[..(int)length].ToArray());
            input = input[(int)length..];
        }

        return messages;
    }

    public static byte[] Join(IEnumerable<byte[]> messages)
    {
        var output = new MemoryStream();
        foreach (byte[] message in messages)
        {
            ProtoField.WriteVarint(output, (ulong)message.Length);
            output.Write(message);
        }

        return output.ToArray();
    }
}
