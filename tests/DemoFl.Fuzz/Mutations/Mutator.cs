namespace DemoFl.Fuzz;

/// <summary>Makes inputs of inputs, by what is known of their form.</summary>
internal sealed class Mutator(InputForm form, IReadOnlyList<string> words, int maxBytes)
{
    private const int MostChanges = 6;

    /// <summary>One to a few changes to an input; <paramref name="other"/> lends parts.</summary>
    public byte[] Mutate(byte[] input, byte[] other, Draw draw)
    {
        int changes = 1;
        while (changes < MostChanges && draw.OneIn(2))
        {
            changes++;
        }

        for (int i = 0; i < changes; i++)
        {
            input = Change(input, other, draw);
            if (input.Length > maxBytes)
            {
                input = input[..maxBytes];
            }
        }

        return input;
    }

    private byte[] Change(byte[] input, byte[] other, Draw draw) => form switch
    {
        InputForm.Protobuf when !draw.OneIn(4) => ProtoMutations.Apply(input, other, maxBytes, draw) ?? ByteMutations.Apply(input, other, draw),
        InputForm.ProtobufStream when !draw.OneIn(4) => ChangeOne(input, other, draw),
        InputForm.Text when !draw.OneIn(4) => TextMutations.Apply(input, other, words, draw),
        _ => ByteMutations.Apply(input, other, draw),
    };

    /// <summary>Changes one message of several, or which there are.</summary>
    private byte[] ChangeOne(byte[] input, byte[] other, Draw draw)
    {
        var messages = Framing.Split(input);
        if (messages.Count == 0)
        {
            return ByteMutations.Apply(input, other, draw);
        }

        int at = draw.Below(messages.Count);
        switch (draw.Below(8))
        {
            case 0:
                messages.RemoveAt(at);
                break;
            case 1:
                messages.InsertRange(at, Enumerable.Repeat(messages[at], 1 + draw.Below(4)));
                break;
            case 2 when Framing.Split(other) is { Count: > 0 } others:
                messages.Insert(at, draw.Of(others));
                break;
            case 3:
                int with = draw.Below(messages.Count);
                (messages[at], messages[with]) = (messages[with], messages[at]);
                break;
            default:
                messages[at] = ProtoMutations.Apply(messages[at], draw.Of(messages), maxBytes, draw) ?? ByteMutations.Apply(messages[at], other, draw);
                break;
        }

        return Framing.Join(messages);
    }
}
