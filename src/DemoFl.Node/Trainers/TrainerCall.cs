using System.Runtime.InteropServices;
using DemoFl.Learning;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Node.Trainers;

/// <summary>One round's call to a trainer: W_t goes out in pieces, W_i comes back in its place, then the summary.</summary>
internal sealed class TrainerCall(AsyncDuplexStreamingCall<TrainRequest, TrainReply> call, TrainerAddress address)
{
    /// <exception cref="TrainerException">The trainer's answer is not one that can be used.</exception>
    /// <exception cref="RpcException">The call failed.</exception>
    public async Task<TrainingResult> RunAsync(TrainHeader header, Memory<float> parameters, ParameterLayout layout, CancellationToken cancellation)
    {
        await SendAsync(header, parameters, cancellation);
        var summary = await ReceiveAsync(parameters, cancellation);
        RequireFinite(parameters.Span, layout);
        return ResultOf(summary);
    }

    private async Task SendAsync(TrainHeader header, ReadOnlyMemory<float> parameters, CancellationToken cancellation)
    {
        try
        {
            await call.RequestStream.WriteAsync(new TrainRequest { Header = header }, cancellation);
            int length = parameters.Length * sizeof(float);
            var piece = new byte[Math.Min(length, WireLimits.PieceBytes)];
            for (int at = 0; at < length; at += piece.Length)
            {
                var part = piece.AsMemory(0, Math.Min(piece.Length, length - at));
                MemoryMarshal.AsBytes(parameters.Span).Slice(at, part.Length).CopyTo(part.Span);
                await call.RequestStream.WriteAsync(new TrainRequest { Piece = UnsafeByteOperations.UnsafeWrap(part) }, cancellation);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The trainer has ended the call already; reading says how.
        }
    }

    private async Task<TrainSummary> ReceiveAsync(Memory<float> parameters, CancellationToken cancellation)
    {
        int length = parameters.Length * sizeof(float);
        int received = 0;
        TrainSummary? summary = null;
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            var reply = call.ResponseStream.Current;
            if (summary is not null)
            {
                throw Unusable("sent more after its summary");
            }

            if (reply.PartCase == TrainReply.PartOneofCase.Summary)
            {
                summary = reply.Summary;
                continue;
            }

            if (reply.Piece.Length > length - received)
            {
                throw Unusable($"sent more than the {length} bytes of the model");
            }

            reply.Piece.Span.CopyTo(MemoryMarshal.AsBytes(parameters.Span)[received..]);
            received += reply.Piece.Length;
        }

        return received < length ? throw Unusable($"sent {received} of the {length} bytes of the model")
            : summary ?? throw Unusable("ended without a summary");
    }

    private void RequireFinite(ReadOnlySpan<float> parameters, ParameterLayout layout)
    {
        for (int t = 0; t < layout.Tensors.Count; t++)
        {
            var values = parameters.Slice(layout.OffsetOf(t), layout.Tensors[t].Length);
            for (int i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]))
                {
                    throw Unusable($"returned {values[i]} in {layout.Tensors[t]} (value {i}): its training diverged; lower its learning rate");
                }
            }
        }
    }

    private TrainingResult ResultOf(TrainSummary summary)
    {
        if (summary.SampleCount is < 1 or > Lanes.MaxMagnitude)
        {
            throw Unusable($"says that it trained on {summary.SampleCount} examples; it must be 1 to {Lanes.MaxMagnitude}");
        }

        if (summary.Evaluated is < 0 or > Lanes.MaxMagnitude || summary.Correct < 0 || summary.Correct > summary.Evaluated)
        {
            throw Unusable($"says that {summary.Correct} of {summary.Evaluated} examples were right; it must be 0 or more, of at most {Lanes.MaxMagnitude}");
        }

        return double.IsFinite(summary.LossSum)
            ? new TrainingResult(summary.SampleCount, summary.LossSum, summary.Correct, summary.Evaluated)
            : throw Unusable($"says that its loss is {summary.LossSum}; it must be a finite number");
    }

    private TrainerException Unusable(string what) => new($"the trainer at {address} {what}");
}
