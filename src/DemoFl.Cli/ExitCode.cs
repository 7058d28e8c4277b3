namespace DemoFl.Cli;

/// <summary>What the process's exit says; documented in the help.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The run failed, and says why.</summary>
    public const int Failed = 1;

    /// <summary>A command line, file or value is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The other side, or this node's policy, does not admit it.</summary>
    public const int Refused = 3;

    /// <summary>The server does not answer.</summary>
    public const int Unreachable = 4;

    /// <summary>A person interrupted; the run can be resumed.</summary>
    public const int Interrupted = 130;
}
