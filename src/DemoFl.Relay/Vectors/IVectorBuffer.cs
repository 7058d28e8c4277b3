namespace DemoFl.Relay.Vectors;

/// <summary>The bytes of one vector, written once from front to back and read when complete. One writer, then one reader.</summary>
internal interface IVectorBuffer
{
    /// <summary>How long the vector is when complete, in bytes.</summary>
    int Length { get; }

    /// <summary>How much of it is here.</summary>
    int Written { get; }

    /// <summary>Adds bytes at the end. After an exception <see cref="Written"/> says how much of them was taken.</summary>
    /// <exception cref="VectorRefusedException">The round is over and the buffer is gone.</exception>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Hands the vector over from front to back, piece by piece with its offset. A piece is whole words and valid during the call.</summary>
    /// <exception cref="InvalidDataException">What was written cannot be read back.</exception>
    void Read(Action<int, ReadOnlySpan<byte>> take);
}
