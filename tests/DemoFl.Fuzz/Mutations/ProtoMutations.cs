namespace DemoFl.Fuzz;

/// <summary>Changes to the fields of a protobuf message: what a sender that knows the format, and not the rules, would send.</summary>
internal static class ProtoMutations
{
    private const int DeepestNesting = 2_000;

    private static readonly int[] OddCounts = [2, 3, 15, 16, 17, 255, 256, 1_000, 4_096];
    private static readonly int[] OddNumbers = [1, 2, 3, 15, 16, 100, 18_999, 19_000, 0x1FFF_FFFF];
    private static readonly ProtoWire[] Wires = [.. Enum.GetValues<ProtoWire>(), (ProtoWire)6, (ProtoWire)7];

    /// <summary>One change, or null where the input is no message.</summary>
    public static byte[]? Apply(byte[] input, byte[] other, int maxBytes, Draw draw)
    {
        if (!ProtoField.TryParse(input, out var fields))
        {
            return null;
        }

        var places = new List<(List<ProtoField> Parent, int Index)>();
        Collect(fields, places);
        if (places.Count == 0)
        {
            fields.Add(Invented(draw));
        }
        else
        {
            var (parent, index) = draw.Of(places);
            Change(parent, index, other, maxBytes, draw);
        }

        return ProtoField.Encode(fields);
    }

    private static void Collect(List<ProtoField> fields, List<(List<ProtoField> Parent, int Index)> places)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            places.Add((fields, i));
            if (fields[i].Children is { } children)
            {
                Collect(children, places);
            }
        }
    }

    private static void Change(List<ProtoField> parent, int index, byte[] other, int maxBytes, Draw draw)
    {
        var field = parent[index];
        switch (draw.Below(12))
        {
            case 0:
                Multiply(parent, index, maxBytes, draw);
                break;
            case 1:
                parent.RemoveAt(index);
                break;
            case 2:
                (field.Wire, field.Value) = (draw.Of(Wires), draw.OddNumber());
                break;
            case 3:
                field.Number = draw.Of(OddNumbers);
                break;
            case 4:
                parent.Insert(draw.Below(parent.Count + 1), Invented(draw));
                break;
            case 5:
                int target = draw.Below(parent.Count);
                (parent[index], parent[target]) = (parent[target], parent[index]);
                break;
            case 6:
                field.ClaimedLength = draw.OneIn(2) ? draw.OddNumber() : (ulong)(field.Bytes.Length + draw.Below(5) - 2);
                break;
            case 7:
                Nest(field, draw);
                break;
            case 8:
                Graft(parent, index, other, draw);
                break;
            default:
                Content(field, draw);
                break;
        }
    }

    /// <summary>Many of one field: beyond what a list may have, or the last of several where one is meant.</summary>
    private static void Multiply(List<ProtoField> parent, int index, int maxBytes, Draw draw)
    {
        int size = Math.Max(1, ProtoField.Encode([parent[index]]).Length);
        int count = Math.Min(draw.Of(OddCounts), maxBytes / size);
        parent.InsertRange(index, Enumerable.Range(0, Math.Max(1, count)).Select(_ => parent[index].Copy()).ToArray());
        if (parent[index].Children is { Count: > 0 } children)
        {
            // Not all the same: where equal ones are refused, others are not.
            Content(draw.Of(children), draw);
        }
    }

    private static void Nest(ProtoField field, Draw draw)
    {
        if (field.Wire == ProtoWire.Length)
        {
            byte[] content = field.Children is { } children ? ProtoField.Encode(children) : field.Bytes;
            int depth = draw.OneIn(4) ? draw.Below(DeepestNesting) : draw.Below(4);
            for (int i = 0; i < depth; i++)
            {
                content = ProtoField.Encode([new ProtoField { Number = field.Number, Wire = ProtoWire.Length, Bytes = content }]);
            }

            (field.Bytes, field.Children) = (content, null);
        }
    }

    /// <summary>A field of another input, in this one's place or beside it.</summary>
    private static void Graft(List<ProtoField> parent, int index, byte[] other, Draw draw)
    {
        if (ProtoField.TryParse(other, out var fields) && fields.Count > 0)
        {
            var places = new List<(List<ProtoField> Parent, int Index)>();
            Collect(fields, places);
            var (from, at) = draw.Of(places);
            var graft = from[at];
            if (draw.OneIn(2))
            {
                graft.Number = parent[index].Number;
                parent[index] = graft;
            }
            else
            {
                parent.Insert(index, graft);
            }
        }
    }

    private static void Content(ProtoField field, Draw draw)
    {
        if (field.Wire != ProtoWire.Length)
        {
            field.Value = draw.OneIn(3) ? field.Value + (ulong)draw.Below(5) - 2 : draw.OddNumber();
            return;
        }

        byte[] content = field.Children is { } children ? ProtoField.Encode(children) : field.Bytes;
        field.Children = null;
        field.Bytes = draw.Below(5) switch
        {
            0 => [],
            1 => content.Length == 0 ? [0] : content[..^1],
            2 => [.. content, 0],
            3 => draw.Bytes(draw.Of([1, 15, 16, 17, 31, 32, 33, 64, 65, 91, 1_025, 8_193])),
            _ => ByteMutations.Apply(content, content, draw),
        };
    }

    private static ProtoField Invented(Draw draw) => draw.OneIn(2)
        ? new ProtoField { Number = 1 + draw.Below(24), Wire = ProtoWire.Varint, Value = draw.OddNumber() }
        : new ProtoField { Number = 1 + draw.Below(24), Wire = ProtoWire.Length, Bytes = draw.Bytes(draw.Of([0, 1, 16, 32])) };
}
