namespace DemoFl.Fuzz;

/// <summary>A reader took what it must refuse, or made something else of it than it was. Never a refusal.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message)
{
    /// <summary>Throws unless the promise holds.</summary>
    public static void Unless(bool holds, string promise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(promise);
        }
    }
}
