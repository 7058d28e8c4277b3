using System.Security.Cryptography;
using DemoFl.Sharing.Prg;

namespace DemoFl.Sharing;

/// <summary>
/// The rounding bits of a real run: AES-128-CTR under a key drawn from the operating system, fresh for each instance.
/// Not safe for concurrent use.
/// </summary>
public sealed class SecureRounding : IRoundingSource, IDisposable
{
    private readonly AesCtr _stream;

    /// <summary>Draws a fresh key.</summary>
    public SecureRounding()
    {
        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        RandomNumberGenerator.Fill(key);
        _stream = AesCtr.Create(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The instance was disposed.</exception>
    public void Fill(Span<byte> bytes) => _stream.Fill(bytes);

    /// <summary>Clears the key.</summary>
    public void Dispose() => _stream.Dispose();
}
