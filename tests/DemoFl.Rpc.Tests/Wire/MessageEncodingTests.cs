using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Core.Wire;

namespace DemoFl.Rpc.Tests.Wire;

public sealed class MessageEncodingTests
{
    [Fact]
    public void Decompress_GzipBomb_AllocatesNoMoreThanTheLimit()
    {
        const int Limit = 1 << 20;
        var bomb = new ReadOnlySequence<byte>(MessageEncoding.Compress(new byte[100 << 20], CompressionLevel.Optimal));
        Assert.True(bomb.Length < Limit, $"{bomb.Length} bytes");
        using var target = new PooledBuffer(Limit);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<RpcException>(() => MessageEncoding.Decompress(bomb, Limit, target));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal(Limit, target.WrittenMemory.Length);

        // All the shorter buffers on the way to the last are together as long as it.
        Assert.InRange(allocated, 0, (2 * Limit) + 100_000);
    }

    [Fact]
    public void Decompress_AnyMessageInAnySegments_GivesItBack()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var message = new byte[random.Next(3) * random.Next(10_000)];
            random.NextBytes(message.AsSpan(0, message.Length / 2));
            using var target = new PooledBuffer(message.Length);

            MessageEncoding.Decompress(Split(MessageEncoding.Compress(message, CompressionLevel.Fastest), random), message.Length, target);

            Assert.True(target.WrittenMemory.Span.SequenceEqual(message), $"seed 5, step {i}");
        }
    }

    [Fact]
    public void Write_CompressedLongerThanPlain_StaysPlain()
    {
        var noise = new byte[100];
        new Random(6).NextBytes(noise);
        using var buffer = new PooledBuffer();
        var marshaller = Marshallers.Create<byte[]>(
            (message, context) => context.Complete(message), context => context.PayloadAsNewBuffer());

        new MessageSerializer(null, CompressionLevel.Fastest).Write(marshaller, noise, buffer);

        Assert.Equal(RawRequests.Frame(0, noise.Length, noise), buffer.WrittenMemory.ToArray());
    }

    private static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, Random random)
    {
        var middle = random.Next(bytes.Length + 1);
        var first = new Segment(bytes[..middle], 0);
        var last = new Segment(bytes[middle..], middle);
        first.Append(last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long start) => (Memory, RunningIndex) = (memory, start);

        public void Append(Segment next) => Next = next;
    }
}
