namespace DemoFl.Benchmarks.Streams;

/// <summary>One way to move the same bytes between the same two processes. Every method throws when they do not arrive.</summary>
internal interface IFlow : IDisposable
{
    /// <summary>Sends pieces.</summary>
    Task UploadAsync(int pieces);

    /// <summary>Receives pieces.</summary>
    Task DownloadAsync(int pieces);

    /// <summary>Sends pieces and receives them back at the same time.</summary>
    Task ExchangeAsync(int pieces);

    /// <summary>Makes small calls with a response each, <see cref="Connection.CallsInFlight"/> at a time.</summary>
    Task PingAsync(int calls);
}
