using Grpc.Core;

namespace DemoFl.Benchmarks.Streams;

/// <summary>What both sides of a comparison share: the settings that nodes and the server use.</summary>
internal static class Connection
{
    /// <summary>Of HTTP/2, in either direction.</summary>
    public const int StreamWindowBytes = 4 * 1024 * 1024;

    /// <summary>Of HTTP/2, towards the server.</summary>
    public const int ConnectionWindowBytes = 16 * 1024 * 1024;

    /// <summary>How many small calls are under way at a time.</summary>
    public const int CallsInFlight = 16;

    /// <summary>How both sides send: a piece need not leave before the next.</summary>
    public static WriteOptions Gathering { get; } = new(WriteFlags.BufferHint);

    /// <summary>A connection of its own for one side.</summary>
    public static SocketsHttpHandler CreateHandler() => new() { InitialHttp2StreamWindowSize = StreamWindowBytes, UseProxy = false };

    /// <summary>Makes calls, so many at a time.</summary>
    public static Task RepeatAsync(int calls, Func<Task> call)
    {
        var left = calls;
        return Task.WhenAll(Enumerable.Range(0, CallsInFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await call();
        }));
    }
}
