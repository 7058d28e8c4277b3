namespace DemoFl.Identity;

/// <summary>
/// A key, certificate, roster or token file cannot be used. The message names the file, what is wrong with it and what to do; it never
/// quotes a secret.
/// </summary>
public sealed class IdentityFileException : IOException
{
    /// <param name="path">The file.</param>
    /// <param name="complaint">What is wrong and what to do, continuing "The file 'path' ...".</param>
    /// <param name="cause">The underlying error, if any.</param>
    internal IdentityFileException(string path, string complaint, Exception? cause = null)
        : base($"The file '{path}' {complaint}", cause) => FilePath = path;

    /// <summary>The file, as the caller named it.</summary>
    public string FilePath { get; }
}
