namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>Rounding bits read from a list; fails when asked for more.</summary>
internal sealed class RecordedRounding(byte[] bytes) : IRoundingSource
{
    private int _position;

    public int Remaining => bytes.Length - _position;

    public void Fill(Span<byte> destination)
    {
        bytes.AsSpan(_position, destination.Length).CopyTo(destination);
        _position += destination.Length;
    }
}
