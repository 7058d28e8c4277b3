using System.Runtime.Intrinsics;

namespace DemoFl.Learning;

/// <summary>Which of the kernels runs. Both are portable: the runtime splits vectors that the processor does not have.</summary>
internal enum SimdWidth
{
    /// <summary>Eight lanes: AVX2, and two NEON or SSE registers elsewhere.</summary>
    Bits256,

    /// <summary>Sixteen lanes: AVX-512.</summary>
    Bits512,
}

/// <summary>The widest kernel that the processor runs natively.</summary>
internal static class Simd
{
    public static readonly SimdWidth Widest = Vector512.IsHardwareAccelerated ? SimdWidth.Bits512 : SimdWidth.Bits256;
}
