using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace DemoFl.Node.Connections;

/// <summary>Why a call never reached a server, in a few words for a person.</summary>
public static class CallFailure
{
    /// <summary>The failure and everything that caused it, outermost first.</summary>
    public static IEnumerable<Exception> Causes(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    /// <summary>What the network or the server said, without full stop.</summary>
    public static string Reason(RpcException failure) =>
        (Causes(failure).OfType<SocketException>().FirstOrDefault()?.Message
            ?? Causes(failure).OfType<AuthenticationException>().FirstOrDefault()?.Message
            ?? failure.Status.Detail).TrimEnd('.');
}
