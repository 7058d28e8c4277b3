using DemoFl.Identity;
using DemoFl.Relay.Hosting;
using DemoFl.Relay.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace DemoFl.Relay.Tests.Hosting;

public sealed class BlockPoolTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(BlockPool.BlockBytes)]
    public void Rent_OfAnySizeUpToABlock_GivesAWholeBlock(int size)
    {
        using var pool = new BlockPool().Create();
        using var lease = pool.Rent(size);
        Assert.Equal(BlockPool.BlockBytes, lease.Memory.Length);
        Assert.Equal(BlockPool.BlockBytes, pool.MaxBufferSize);
    }

    [Fact]
    public void Rent_OfMoreThanABlock_IsRefused()
    {
        using var pool = new BlockPool().Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.BlockBytes + 1));
    }

    [Fact]
    public void Dispose_OfALease_GivesTheBlockToTheNextOfAnyPoolOnce()
    {
        var blocks = new BlockPool();
        using var pool = blocks.Create();
        using var other = blocks.Create();
        var first = pool.Rent();
        first.Memory.Span[0] = 42;
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, blocks.RetainedCount);
        using var second = other.Rent();
        using var third = other.Rent();

        Assert.Equal(42, second.Memory.Span[0]);
        Assert.False(second.Memory.Span.Overlaps(third.Memory.Span));
        Assert.Equal(0, blocks.RetainedCount);
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
    }

    [Fact]
    public void Dispose_OfManyLeases_KeepsNoMoreThanTheCap()
    {
        var blocks = new BlockPool();
        using var pool = blocks.Create();
        var leases = Enumerable.Range(0, BlockPool.MaxRetainedBlocks + 10).Select(_ => pool.Rent()).ToList();
        leases.ForEach(lease => lease.Dispose());

        Assert.Equal(BlockPool.MaxRetainedBlocks, blocks.RetainedCount);
    }

    [Fact]
    public async Task Apply_Always_MakesKestrelUseTheBlocks()
    {
        using var key = IdentityKey.Create();
        var builder = WebApplication.CreateSlimBuilder();
        KestrelSetup.Apply(builder.WebHost, TestServer.Settings("unused", key));
        await using var web = builder.Build();

        Assert.IsType<BlockPool>(web.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }
}
