using System.Net;

namespace DemoFl.Relay.Peers;

/// <summary>So many of something in all, and so many for each address. Thread-safe; remembers only addresses that hold some.</summary>
internal sealed class AddressQuota(int maxTotal, int maxPerAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = [];
    private int _total;

    /// <summary>Takes one. Null when it is taken, else which limit forbids it.</summary>
    public string? Take(string address)
    {
        lock (_gate)
        {
            int held = _held.GetValueOrDefault(address);
            if (held >= maxPerAddress)
            {
                return $"{maxPerAddress} from one address";
            }

            if (_total >= maxTotal)
            {
                return $"{maxTotal} in all";
            }

            _held[address] = held + 1;
            _total++;
            return null;
        }
    }

    /// <summary>Gives one back.</summary>
    public void Return(string address)
    {
        lock (_gate)
        {
            _total--;
            if (--_held[address] == 0)
            {
                _held.Remove(address);
            }
        }
    }

    /// <summary>By what peers are told apart: the IPv4 address, or the /64 network that one IPv6 subscriber has to itself.</summary>
    public static string AddressOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
        {
            return "local";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || IPAddress.IsLoopback(address))
        {
            return address.ToString();
        }

        byte[] network = address.GetAddressBytes();
        network.AsSpan(8).Clear();
        return $"{new IPAddress(network)}/64";
    }
}
