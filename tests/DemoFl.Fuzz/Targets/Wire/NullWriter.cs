using Grpc.Core;

namespace DemoFl.Fuzz;

/// <summary>Takes what is sent, and forgets it.</summary>
internal sealed class NullWriter<T> : IServerStreamWriter<T>, IClientStreamWriter<T>
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => Task.CompletedTask;

    public Task WriteAsync(T message, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CompleteAsync() => Task.CompletedTask;
}
