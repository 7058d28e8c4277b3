namespace DemoFl.Sharing;

/// <summary>
/// Source of the random bits of stochastic rounding. A source is one stream of bytes: how it is cut into calls must not
/// change the bytes. Who can predict them learns nothing beyond the encoded values, but a biased source biases the model.
/// </summary>
public interface IRoundingSource
{
    /// <summary>Overwrites <paramref name="bytes"/> with the next bytes of the stream.</summary>
    void Fill(Span<byte> bytes);
}
