namespace DemoFl.Fuzz;

/// <summary>What is known of a target's inputs beside their being bytes.</summary>
internal enum InputForm
{
    /// <summary>Nothing.</summary>
    Bytes,

    /// <summary>A protobuf message.</summary>
    Protobuf,

    /// <summary>Several protobuf messages, each behind its length as a varint.</summary>
    ProtobufStream,

    /// <summary>Lines of text.</summary>
    Text,
}
