using Grpc.Core;

namespace DemoFl.Fuzz;

/// <summary>What the other side sends, all there from the beginning.</summary>
internal sealed class ListReader<T>(IReadOnlyList<T> messages) : IAsyncStreamReader<T>
{
    private int _next;

    public T Current => messages[_next - 1];

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        bool more = _next < messages.Count;
        _next += more ? 1 : 0;
        return Task.FromResult(more);
    }
}
