using System.Runtime.CompilerServices;

namespace DemoFl.Learning;

/// <summary>Zeroed floats at a fixed address that is a multiple of 64 bytes, so that no aligned vector straddles two cache lines.</summary>
internal sealed unsafe class AlignedBuffer
{
    private const int AlignmentBytes = 64;

    // Only keeps the memory alive: the collector never moves a pinned array.
    private readonly float[] _storage;

    public AlignedBuffer(int length)
    {
        _storage = GC.AllocateArray<float>(length + (AlignmentBytes / sizeof(float)), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _storage[0]);
        Pointer = (float*)((address + AlignmentBytes - 1) & ~(nuint)(AlignmentBytes - 1));
        Length = length;
    }

    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Span => new(Pointer, Length);
}
