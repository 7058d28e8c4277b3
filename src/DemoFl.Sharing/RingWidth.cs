namespace DemoFl.Sharing;

/// <summary>
/// k, the width in bits of one word of the ring Z_2^k in which updates are shared. The value of a member is its width.
/// The default of a job is <see cref="Bits32"/>.
/// </summary>
public enum RingWidth
{
    /// <summary>Z_2^16: half the bytes of a float, for at most 256 parties.</summary>
    Bits16 = 16,

    /// <summary>Z_2^32: the bytes of a float.</summary>
    Bits32 = 32,

    /// <summary>Z_2^64: finer than float32 can tell; also the ring of the lanes.</summary>
    Bits64 = 64,
}
