using System.Collections;
using DemoFl.Wire;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DemoFl.Fuzz;

/// <summary>
/// The bounds that hold for every message that was taken, read from the message itself and not from the mappers: lists, texts and byte strings of bounded
/// length, finite numbers, known words.
/// </summary>
internal static class WireBounds
{
    /// <summary>Beside credentials: a piece of a vector, a peer's frame, a ciphertext, each bounded by the message that carries it.</summary>
    private static readonly string[] LongBytes = ["piece", "content", "ciphertext", "words"];

    public static void Check(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (value is IList list)
            {
                BrokenPromiseException.Unless(list.Count <= WireLimits.MaxParties, $"{field.FullName} is a list beyond every limit");
                foreach (var element in list)
                {
                    CheckOne(field, element!);
                }
            }
            else if (value is not null)
            {
                CheckOne(field, value);
            }
        }
    }

    private static void CheckOne(FieldDescriptor field, object value)
    {
        switch (value)
        {
            case IMessage message:
                Check(message);
                break;
            case string text:
                BrokenPromiseException.Unless(text.Length <= WireLimits.MaxText, $"{field.FullName} is a text beyond every limit");
                break;
            case ByteString bytes:
                BrokenPromiseException.Unless(
                    bytes.Length <= (LongBytes.Contains(field.Name) ? WireLimits.MaxMessageBytes : WireLimits.MaxCredentialBytes),
                    $"{field.FullName} is beyond every limit");
                break;
            case double number:
                BrokenPromiseException.Unless(double.IsFinite(number), $"{field.FullName} is not a finite number");
                break;
            case Enum word:
                BrokenPromiseException.Unless(Enum.IsDefined(word.GetType(), word), $"{field.FullName} is a word that nobody knows");
                break;
        }
    }
}
