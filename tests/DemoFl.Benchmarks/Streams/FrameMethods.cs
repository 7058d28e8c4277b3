using DemoFl.Benchmarks.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Benchmarks.Streams;

/// <summary>The server's end of <see cref="FrameFlow"/>, and the methods by which both ends know it.</summary>
internal static class FrameMethods
{
    private const string Service = "demofl.benchmarks.Frames";

    public static Method<Frame, Total> Upload { get; } =
        new(MethodType.ClientStreaming, Service, nameof(Upload), Frame.Marshaller, Of(Total.Parser));

    public static Method<Order, Frame> Download { get; } =
        new(MethodType.ServerStreaming, Service, nameof(Download), Of(Order.Parser), Frame.Marshaller);

    public static ServerServiceDefinition Define() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Upload, UploadAsync)
        .AddMethod(Download, DownloadAsync)
        .Build();

    private static async Task<Total> UploadAsync(IAsyncStreamReader<Frame> requests, ServerCallContext context)
    {
        var total = default(ByteTotal);
        await foreach (var frame in requests.ReadAllAsync())
            total.Add(frame.Total);
        return total.ToMessage();
    }

    private static async Task DownloadAsync(Order order, IServerStreamWriter<Frame> responses, ServerCallContext context)
    {
        for (var i = 0; i < order.Pieces; i++)
            await responses.WriteAsync(Frame.Piece);
    }

    private static Marshaller<T> Of<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => Marshallers.Create(message => message.ToByteArray(), parser.ParseFrom);
}
