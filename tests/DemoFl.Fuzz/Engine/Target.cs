namespace DemoFl.Fuzz;

/// <summary>
/// One reader of bytes that somebody else wrote. It either takes an input or refuses it by the exceptions that it documents; everything else is a
/// find, and so is an input that costs more than <see cref="Bounds"/> allow.
/// </summary>
/// <param name="name">In the command line, in reports and as the folder of its corpus.</param>
/// <param name="form">What the mutations know of its inputs.</param>
internal abstract class Target(string name, InputForm form) : IDisposable
{
    public string Name => name;

    public InputForm Form => form;

    /// <summary>No input is longer; what grows beyond it is cut.</summary>
    public virtual int MaxInputBytes => 64 * 1024;

    /// <summary>In every build of the product; fewer for a target that is slow.</summary>
    public virtual int ExecutionsInABuild => 1_000;

    /// <summary>Words of the input's language, for a form of text.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>Valid inputs, the same every time.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Reads an input, checks the promises about what was read, and returns its shape: what tells one way of being taken from another.</summary>
    /// <exception cref="BrokenPromiseException">A promise does not hold.</exception>
    public abstract string Read(byte[] input);

    /// <summary>Whether this is how the reader documents that it refuses an input.</summary>
    public abstract bool IsRefusal(Exception e);

    public virtual void Dispose()
    {
    }
}
