using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace DemoFl.Relay.Hosting;

/// <summary>
/// Pinned blocks of 64 KiB for Kestrel's connections, so that a vector's message is one or two reads instead of sixteen. What is given
/// back is kept up to <see cref="MaxRetainedBlocks"/> over all pools, the rest is left to the collector. Thread-safe.
/// </summary>
internal sealed class BlockPool : IMemoryPoolFactory<byte>
{
    public const int BlockBytes = 64 * 1024;

    /// <summary>32 MiB.</summary>
    public const int MaxRetainedBlocks = 512;

    private readonly ConcurrentBag<byte[]> _retained = [];
    private int _retainedCount;

    /// <summary>Blocks that wait for their next use.</summary>
    public int RetainedCount => Volatile.Read(ref _retainedCount);

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool(this);

    private byte[] Take()
    {
        if (!_retained.TryTake(out var block))
        {
            return GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
        }

        Interlocked.Decrement(ref _retainedCount);
        return block;
    }

    private void Return(byte[] block)
    {
        if (Interlocked.Increment(ref _retainedCount) > MaxRetainedBlocks)
        {
            Interlocked.Decrement(ref _retainedCount);
            return;
        }

        _retained.Add(block);
    }

    private sealed class Pool(BlockPool blocks) : MemoryPool<byte>
    {
        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
            return new Lease(blocks);
        }

        // The blocks belong to all pools together.
        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Lease(BlockPool blocks) : IMemoryOwner<byte>
    {
        private byte[]? _block = blocks.Take();

        public Memory<byte> Memory => _block ?? throw new ObjectDisposedException(nameof(Lease));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _block, null) is { } block)
            {
                blocks.Return(block);
            }
        }
    }
}
