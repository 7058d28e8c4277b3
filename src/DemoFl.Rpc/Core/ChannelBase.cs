namespace Grpc.Core;

/// <summary>A connection to a server, as generated clients see it.</summary>
public abstract class ChannelBase
{
    /// <summary>Creates a channel to a target.</summary>
    protected ChannelBase(string target) => Target = target;

    /// <summary>The server as <c>host:port</c>.</summary>
    public string Target { get; }

    /// <summary>Creates what calls go through.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the channel and the calls on it.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Ends the channel and the calls on it.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
