using System.Net.Sockets;
using DemoFl.Node.Connections;

namespace DemoFl.Cli.Commands;

/// <summary>What a failure of the disk or the network means to a person, and what to do about it.</summary>
internal static class MachineFailure
{
    // errno of Linux and macOS, and what Windows says of the same; .NET puts either into HResult.
    private static readonly int[] Full = [28, 69, 122, unchecked((int)0x8007_0070), unchecked((int)0x8007_0027)];
    private static readonly int[] ReadOnly = [30, unchecked((int)0x8007_0013)];

    /// <summary>What to do, or null where the message itself must do.</summary>
    public static string? Advice(Exception failure)
    {
        foreach (var cause in CallFailure.Causes(failure))
        {
            if (cause is UnauthorizedAccessException)
            {
                return "Change its mode or owner, or choose another place.";
            }

            if (cause is IOException && Array.IndexOf(Full, cause.HResult) >= 0)
            {
                return "The disk is full: free some space, or choose a place on another one.";
            }

            if (cause is IOException && Array.IndexOf(ReadOnly, cause.HResult) >= 0)
            {
                return "Choose a place that can be written.";
            }

            if (cause is FileNotFoundException or DirectoryNotFoundException && cause.Message.StartsWith("Could not find", StringComparison.Ordinal))
            {
                return "Check the path.";
            }
        }

        return null;
    }

    /// <summary>The cause in a few words, without the names of temporary files.</summary>
    public static string Reason(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "this user may not",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "another program listens there",
        IOException when Array.IndexOf(Full, failure.HResult) >= 0 => "the disk is full",
        IOException when Array.IndexOf(ReadOnly, failure.HResult) >= 0 => "the file system is read-only",
        FileNotFoundException or DirectoryNotFoundException => "no file can be made there",
        _ => failure.Message.TrimEnd('.'),
    };
}
