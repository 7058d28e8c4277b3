namespace Grpc.Core;

/// <summary>Writes the requests of a call.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream of requests; the server sees its end. May be called again without effect.</summary>
    Task CompleteAsync();
}
