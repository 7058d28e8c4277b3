using System.Runtime.ExceptionServices;

namespace DemoFl.Learning;

/// <summary>Judges parameters on a data set. Stateless and thread-safe; the result does not depend on the number of threads.</summary>
public static class Evaluator
{
    /// <summary>The most threads.</summary>
    public const int MaxThreads = 1_024;

    // A fixed block, so that sums are added in one order whatever the number of threads.
    private const int BlockExamples = 64;

    /// <summary>The mean loss and the accuracy over the whole data set.</summary>
    /// <exception cref="ArgumentException">The data set is empty or does not suit the model, or the parameters do not.</exception>
    public static Evaluation Evaluate(Model model, ReadOnlySpan<float> parameters, Dataset data, CancellationToken ct, int threads = 1)
    {
        if (data.Count == 0) throw new ArgumentException("There is nothing to evaluate on: the data set is empty.", nameof(data));

        var losses = new double[data.Count];
        var predictions = new int[data.Count];
        Run(model, parameters, data, losses, predictions, threads, ct);
        var correct = 0;
        for (var i = 0; i < predictions.Length; i++) correct += predictions[i] == data.LabelOf(i) ? 1 : 0;
        return new Evaluation(losses.Sum() / data.Count, (double)correct / data.Count, data.Count);
    }

    /// <summary>The predicted class of every example, in order.</summary>
    /// <exception cref="ArgumentException">The data set or the parameters do not suit the model.</exception>
    public static int[] Predict(Model model, ReadOnlySpan<float> parameters, Dataset data, CancellationToken ct, int threads = 1)
    {
        var predictions = new int[data.Count];
        Run(model, parameters, data, new double[data.Count], predictions, threads, ct);
        return predictions;
    }

    private static void Run(
        Model model, ReadOnlySpan<float> parameters, Dataset data, double[] losses, int[] predictions, int threads, CancellationToken ct)
    {
        model.RequireFits(data);
        model.RequireLength(parameters.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MaxThreads);

        var blocks = (data.Count + BlockExamples - 1) / BlockExamples;
        if (threads == 1 || blocks <= 1)
        {
            var workspace = new ModelWorkspace(model, Math.Clamp(data.Count, 1, BlockExamples), training: false);
            for (var block = 0; block < blocks; block++)
            {
                ct.ThrowIfCancellationRequested();
                RunBlock(workspace, parameters, data, block * BlockExamples, losses, predictions);
            }

            return;
        }

        // A span cannot cross threads. Threads of our own, and not the pool's: whoever evaluates beside a server keeps that one answering.
        var copy = parameters.ToArray();
        var last = -1;
        Exception? failure = null;
        var others = new Thread[Math.Min(threads, blocks) - 1];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(Work) { IsBackground = true, Name = "evaluation" };
            others[i].Start();
        }

        Work();
        foreach (var other in others) other.Join();
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                var workspace = new ModelWorkspace(model, BlockExamples, training: false);
                for (int block; Volatile.Read(ref failure) is null && (block = Interlocked.Increment(ref last)) < blocks;)
                {
                    ct.ThrowIfCancellationRequested();
                    RunBlock(workspace, copy, data, block * BlockExamples, losses, predictions);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }
    }

    private static void RunBlock(
        ModelWorkspace workspace, ReadOnlySpan<float> parameters, Dataset data, int first, double[] losses, int[] predictions)
    {
        var count = Math.Min(BlockExamples, data.Count - first);
        for (var i = 0; i < count; i++) data.FeaturesOf(first + i).CopyTo(workspace.InputOf(i));
        workspace.Forward(parameters, count);
        for (var i = 0; i < count; i++)
        {
            var logits = workspace.LogitsOf(i);
            losses[first + i] = SoftmaxLoss.LossOf(logits, data.LabelOf(first + i));
            predictions[first + i] = SoftmaxLoss.Predict(logits);
        }
    }
}
