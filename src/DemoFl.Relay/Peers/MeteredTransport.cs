using System.Buffers;
using System.IO.Pipelines;

namespace DemoFl.Relay.Peers;

/// <summary>A connection's bytes, counted until a session has joined on it and passed through as they are afterwards.</summary>
internal sealed class MeteredTransport(IDuplexPipe transport, PeerConnection peer) : IDuplexPipe
{
    public PipeReader Input { get; } = new MeteredReader(transport.Input, peer);

    public PipeWriter Output => transport.Output;

    private sealed class MeteredReader(PipeReader input, PeerConnection peer) : PipeReader
    {
        private ReadOnlySequence<byte> _read;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            peer.IsJoined ? input.ReadAsync(cancellationToken) : ReadMeteredAsync(cancellationToken);

        public override bool TryRead(out ReadResult result)
        {
            bool there = input.TryRead(out result);
            _read = there ? result.Buffer : default;
            return there;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            if (!peer.IsJoined && !_read.IsEmpty)
            {
                peer.Received(_read.Slice(0, consumed).Length);
            }

            _read = default;
            input.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => input.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => input.CompleteAsync(exception);

        private async ValueTask<ReadResult> ReadMeteredAsync(CancellationToken cancellationToken)
        {
            var result = await input.ReadAsync(cancellationToken);
            _read = result.Buffer;
            return result;
        }
    }
}
