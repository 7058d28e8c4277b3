using System.Buffers;
using System.IO.Pipelines;
using DemoFl.Rpc.Tests.Protos;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace DemoFl.Rpc.Tests.Server;

/// <summary>A reset may show in either half of a read, and before the request's token is cancelled: it is the client's doing, not a handler's fault.</summary>
public sealed class RequestReaderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_OfAStreamThatIsReset_IsCancelled(bool onTaking)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IRequestBodyPipeFeature>(new ResetBody(onTaking));
        using var call = new HttpServerCallContext(http, new GrpcServiceOptions(), NullLogger.Instance);
        var reader = new RequestReader<EchoMessage>(call, new Marshaller<EchoMessage>(_ => [], _ => new EchoMessage()));

        var thrown = await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync(CancellationToken.None));

        Assert.Equal(StatusCode.Cancelled, call.StatusOf(thrown).StatusCode);
    }

    /// <summary>A body with an empty message in it, whose stream is reset while bytes are taken or given back.</summary>
    private sealed class ResetBody(bool onTaking) : PipeReader, IRequestBodyPipeFeature
    {
        public PipeReader Reader => this;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => onTaking
            ? throw new IOException("The client reset the request stream.")
            : new ValueTask<ReadResult>(new ReadResult(new ReadOnlySequence<byte>(new byte[5]), isCanceled: false, isCompleted: false));

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
            throw new IOException("The client reset the request stream.");

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void CancelPendingRead() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
