using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Conveniences for stream readers.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Reads the next message without a token of its own.</summary>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader)
        where T : class => streamReader.MoveNext(CancellationToken.None);

    /// <summary>Reads all messages; for use in <c>await foreach</c>.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await streamReader.MoveNext(cancellationToken))
            yield return streamReader.Current;
    }
}
