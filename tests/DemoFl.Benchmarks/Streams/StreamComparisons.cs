using DemoFl.Benchmarks.Measuring;

namespace DemoFl.Benchmarks.Streams;

/// <summary>The gRPC stack beside bare Kestrel and HttpClient: the same bytes between the same two processes.</summary>
internal static class StreamComparisons
{
    private const double BytesPerMegabyte = 1e6;
    private const double BytesPerGigabyte = 1e9;

    public static IReadOnlyList<Comparison> Create(IFlow ours, FrameFlow frames, IFlow bare, Effort effort)
    {
        double bytes = (double)effort.Pieces * Payload.Piece.Length;
        Comparison Stream(string name, double moved, Func<Task> oursRun, Func<Task> bareRun) => new(
            name, "MB", moved / BytesPerMegabyte, "GB", moved / BytesPerGigabyte, oursRun, bareRun);

        var pieces = effort.Pieces;
        return
        [
            // Without protobuf, which the reference does not have either: the stack by itself.
            Stream("frames-upload", bytes, () => frames.UploadAsync(pieces), () => bare.UploadAsync(pieces)),
            Stream("frames-download", bytes, () => frames.DownloadAsync(pieces), () => bare.DownloadAsync(pieces)),
            Stream("grpc-upload", bytes, () => ours.UploadAsync(pieces), () => bare.UploadAsync(pieces)),
            Stream("grpc-download", bytes, () => ours.DownloadAsync(pieces), () => bare.DownloadAsync(pieces)),

            // What comes back counts, too.
            Stream("grpc-duplex", 2 * bytes, () => ours.ExchangeAsync(pieces), () => bare.ExchangeAsync(pieces)),
            new Comparison(
                "grpc-unary", "calls", effort.Calls, "1000 calls", effort.Calls / 1000.0,
                () => ours.PingAsync(effort.Calls), () => bare.PingAsync(effort.Calls)),
        ];
    }
}
