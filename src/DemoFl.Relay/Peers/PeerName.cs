using System.Net;
using System.Net.Sockets;

namespace DemoFl.Relay.Peers;

/// <summary>The other end of a connection, in gRPC's notation.</summary>
internal static class PeerName
{
    public static string Of(EndPoint? remote)
    {
        if (remote is not IPEndPoint end)
        {
            return "unix:";
        }

        end = end.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(end.Address.MapToIPv4(), end.Port) : end;
        return $"{(end.AddressFamily == AddressFamily.InterNetwork ? "ipv4" : "ipv6")}:{end}";
    }
}
