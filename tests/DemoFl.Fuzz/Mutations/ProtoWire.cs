namespace DemoFl.Fuzz;

/// <summary>How a protobuf field is written.</summary>
internal enum ProtoWire
{
    /// <summary>A number in as many bytes as it needs.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and so many bytes.</summary>
    Length = 2,

    /// <summary>The beginning of a group.</summary>
    Begin = 3,

    /// <summary>The end of a group.</summary>
    End = 4,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
