using DemoFl.Benchmarks.Measuring;

namespace DemoFl.Benchmarks.Streams;

/// <summary>The gRPC stack beside bare Kestrel and HttpClient: the same bytes between the same two processes.</summary>
internal static class StreamComparisons
{
    private const double BytesPerMegabyte = 1e6;
    private const double BytesPerGigabyte = 1e9;

    public static IReadOnlyList<Comparison> Create(IFlow ours, IFlow bare, Effort effort)
    {
        double bytes = (double)effort.Pieces * Payload.Piece.Length;
        Comparison Stream(string name, double moved, Func<IFlow, Task> run) => new(
            name, "MB", moved / BytesPerMegabyte, "GB", moved / BytesPerGigabyte, () => run(ours), () => run(bare));

        return
        [
            Stream("grpc-upload", bytes, flow => flow.UploadAsync(effort.Pieces)),
            Stream("grpc-download", bytes, flow => flow.DownloadAsync(effort.Pieces)),

            // What comes back counts, too.
            Stream("grpc-duplex", 2 * bytes, flow => flow.ExchangeAsync(effort.Pieces)),
            new Comparison(
                "grpc-unary", "calls", effort.Calls, "1000 calls", effort.Calls / 1000.0,
                () => ours.PingAsync(effort.Calls), () => bare.PingAsync(effort.Calls)),
        ];
    }
}
