using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Sse2 = System.Runtime.Intrinsics.X86.Sse2;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace DemoFl.Sharing.Prg;

/// <summary>
/// The keystream by the processor's AES instructions, which run in constant time. Eight blocks are in flight because one
/// round takes several cycles but a new one can start each cycle.
/// </summary>
internal sealed class IntrinsicAesCtr : AesCtr
{
    private const int Rounds = 10;
    private const int Lanes = 8;

    // Pinned so that the collector leaves no copies of the key behind.
    private readonly Vector128<byte>[] _roundKeys = GC.AllocateArray<Vector128<byte>>(Rounds + 1, pinned: true);

    public IntrinsicAesCtr(ReadOnlySpan<byte> key, UInt128 initialCounter)
        : base(initialCounter)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
        ExpandKey(Vector128.Create(key), _roundKeys);
    }

    public static bool IsSupported => X86Aes.IsSupported && Sse2.IsSupported;

    protected override void WriteBlocks(UInt128 counter, Span<byte> blocks)
    {
        ref var keys = ref MemoryMarshal.GetArrayDataReference(_roundKeys);
        for (; blocks.Length >= Lanes * BlockSize; blocks = blocks[(Lanes * BlockSize)..])
        {
            WriteEight(ref keys, counter, ref MemoryMarshal.GetReference(blocks));
            counter = unchecked(counter + Lanes);
        }

        for (; !blocks.IsEmpty; blocks = blocks[BlockSize..])
        {
            EncryptOne(ref keys, CounterBlock(counter)).CopyTo(blocks);
            counter = unchecked(counter + 1);
        }
    }

    protected override void DisposeKey() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_roundKeys.AsSpan()));

    private static void WriteEight(ref Vector128<byte> keys, UInt128 counter, ref byte destination)
    {
        var key = keys;
        var b0 = Sse2.Xor(CounterBlock(counter), key);
        var b1 = Sse2.Xor(CounterBlock(unchecked(counter + 1)), key);
        var b2 = Sse2.Xor(CounterBlock(unchecked(counter + 2)), key);
        var b3 = Sse2.Xor(CounterBlock(unchecked(counter + 3)), key);
        var b4 = Sse2.Xor(CounterBlock(unchecked(counter + 4)), key);
        var b5 = Sse2.Xor(CounterBlock(unchecked(counter + 5)), key);
        var b6 = Sse2.Xor(CounterBlock(unchecked(counter + 6)), key);
        var b7 = Sse2.Xor(CounterBlock(unchecked(counter + 7)), key);
        for (var round = 1; round < Rounds; round++)
        {
            key = Unsafe.Add(ref keys, round);
            b0 = X86Aes.Encrypt(b0, key);
            b1 = X86Aes.Encrypt(b1, key);
            b2 = X86Aes.Encrypt(b2, key);
            b3 = X86Aes.Encrypt(b3, key);
            b4 = X86Aes.Encrypt(b4, key);
            b5 = X86Aes.Encrypt(b5, key);
            b6 = X86Aes.Encrypt(b6, key);
            b7 = X86Aes.Encrypt(b7, key);
        }

        key = Unsafe.Add(ref keys, Rounds);
        X86Aes.EncryptLast(b0, key).StoreUnsafe(ref destination, 0 * BlockSize);
        X86Aes.EncryptLast(b1, key).StoreUnsafe(ref destination, 1 * BlockSize);
        X86Aes.EncryptLast(b2, key).StoreUnsafe(ref destination, 2 * BlockSize);
        X86Aes.EncryptLast(b3, key).StoreUnsafe(ref destination, 3 * BlockSize);
        X86Aes.EncryptLast(b4, key).StoreUnsafe(ref destination, 4 * BlockSize);
        X86Aes.EncryptLast(b5, key).StoreUnsafe(ref destination, 5 * BlockSize);
        X86Aes.EncryptLast(b6, key).StoreUnsafe(ref destination, 6 * BlockSize);
        X86Aes.EncryptLast(b7, key).StoreUnsafe(ref destination, 7 * BlockSize);
    }

    private static Vector128<byte> EncryptOne(ref Vector128<byte> keys, Vector128<byte> block)
    {
        block = Sse2.Xor(block, keys);
        for (var round = 1; round < Rounds; round++)
            block = X86Aes.Encrypt(block, Unsafe.Add(ref keys, round));
        return X86Aes.EncryptLast(block, Unsafe.Add(ref keys, Rounds));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> CounterBlock(UInt128 counter) => Vector128.Create(
        BinaryPrimitives.ReverseEndianness((ulong)(counter >> 64)),
        BinaryPrimitives.ReverseEndianness((ulong)counter)).AsByte();

    // FIPS 197, section 5.2. The instruction wants its round constant as an immediate, hence no loop.
    private static void ExpandKey(Vector128<byte> key, Span<Vector128<byte>> roundKeys)
    {
        roundKeys[0] = key;
        roundKeys[1] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x01));
        roundKeys[2] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x02));
        roundKeys[3] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x04));
        roundKeys[4] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x08));
        roundKeys[5] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x10));
        roundKeys[6] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x20));
        roundKeys[7] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x40));
        roundKeys[8] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x80));
        roundKeys[9] = key = NextKey(key, X86Aes.KeygenAssist(key, 0x1b));
        roundKeys[10] = NextKey(key, X86Aes.KeygenAssist(key, 0x36));
    }

    private static Vector128<byte> NextKey(Vector128<byte> key, Vector128<byte> assist)
    {
        key = Sse2.Xor(key, Sse2.ShiftLeftLogical128BitLane(key, 4));
        key = Sse2.Xor(key, Sse2.ShiftLeftLogical128BitLane(key, 8));
        return Sse2.Xor(key, Sse2.Shuffle(assist.AsInt32(), 0xff).AsByte());
    }
}
