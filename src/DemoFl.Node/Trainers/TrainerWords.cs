using Grpc.Core;

namespace DemoFl.Node.Trainers;

/// <summary>How a failed call to a trainer reads in this node's log.</summary>
internal static class TrainerWords
{
    /// <summary>The most that is quoted of what a trainer says, in characters.</summary>
    public const int MaxQuote = 500;

    /// <summary>One line, of bounded length, whatever the trainer wrote.</summary>
    public static string Quote(string text)
    {
        string line = string.Create(Math.Min(text.Length, MaxQuote), text, (span, all) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(all[i]) ? ' ' : all[i];
            }
        });
        return text.Length > MaxQuote ? $"{line}..." : line.TrimEnd('.', ' ');
    }

    public static string Of(RpcException failure, TrainerAddress address, TimeSpan deadline) => failure.StatusCode switch
    {
        StatusCode.Unavailable => $"the trainer at {address} cannot be reached; start it again and it is asked in the next round ({Quote(failure.Status.Detail)})",
        StatusCode.DeadlineExceeded =>
            $"the trainer at {address} did not finish within {deadline.TotalSeconds:0.###} s; let it train less, or have 'upload-deadline' raised in the job",
        StatusCode.Unimplemented => $"what listens at {address} is no trainer: it does not serve demofl.v1.Trainer",
        _ => $"the trainer at {address} failed: {Quote(failure.Status.Detail)}",
    };
}
