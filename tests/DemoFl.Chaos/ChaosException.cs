namespace DemoFl.Chaos;

/// <summary>A scenario cannot go on, or what it waited for did not come; the message says what.</summary>
internal sealed class ChaosException : Exception
{
    public ChaosException(string message)
        : base(message)
    {
    }

    public ChaosException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
