namespace DemoFl.Node;

/// <summary>
/// Arithmetic that takes seconds, on threads of its own: on the pool's few it would hold up every message of the process, and a leader's beats
/// first. Where the system knows priorities of threads (Linux does not), theirs is below normal.
/// </summary>
internal static class HeavyWork
{
    private static readonly SemaphoreSlim Turns = new(Environment.ProcessorCount);

    /// <summary>
    /// Runs it when one of as many turns as the machine has processors is free. Turns of training are its trainer's, and not these: who sums does
    /// not wait for minutes until somebody has trained.
    /// </summary>
    public static async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await Turns.WaitAsync(cancellation);
        try
        {
            return await OnThreadOfItsOwn(work);
        }
        finally
        {
            Turns.Release();
        }
    }

    /// <summary>Likewise without a result.</summary>
    public static Task RunAsync(Action work, CancellationToken cancellation) => RunAsync(() =>
    {
        work();
        return true;
    }, cancellation);

    /// <summary>Runs it at once; the caller has bounded how many there are.</summary>
    public static Task<T> OnThreadOfItsOwn<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            IsBackground = true, Name = "heavy work", Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
        return done.Task;
    }
}
