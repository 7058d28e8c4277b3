using System.Net;
using System.Net.Sockets;
using DemoFl.Cli.Commands;

namespace DemoFl.Cli.Runs;

/// <summary>Tries a port before anything is made: which of a server's two is taken is not seen later.</summary>
internal static class PortCheck
{
    /// <summary>What keeps a server from listening there, and what to do; null when nothing does.</summary>
    public static string? Problem(string option, IPAddress address, int port)
    {
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            return $"{option} is {port}; it must be 0 to {IPEndPoint.MaxPort}.";
        }

        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return $"--listen {address} is not an address of this machine. Name one that is, or 0.0.0.0 for all of them.";
        }
        catch (SocketException e)
        {
            return $"Cannot listen on {address}:{port}: {MachineFailure.Reason(e)}. Stop what uses the port, or name another by {option}; 0 takes a free one.";
        }
    }
}
