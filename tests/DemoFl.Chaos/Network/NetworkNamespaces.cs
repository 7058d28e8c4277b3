using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace DemoFl.Chaos.Network;

/// <summary>
/// A network of Linux namespaces: one for a server and one for each node, with a wire of its own from each node to the server. A wire that is cut loses packets in silence,
/// one way or both: connections stay open on both sides and learn nothing, unlike those whose process has died. Needs root, as
/// <see cref="MissingAsync"/> says. Names carry the process's id; dispose removes everything.
/// </summary>
internal sealed class NetworkNamespaces : IAsyncDisposable
{
    /// <summary>Nodes that one network can have: a byte of their address.</summary>
    public const int MaxNodes = 250;

    private const string Prefix = "demofl-chaos-";

    /// <summary>Of no network card here: packets that are sent there, nobody takes.</summary>
    private const string Nobody = "02:00:00:00:00:01";

    private static readonly TimeSpan ProbePatience = TimeSpan.FromMilliseconds(500);

    private readonly int _nodes;
    private readonly Cut[] _cuts;

    private NetworkNamespaces(int nodes) => (_nodes, _cuts) = (nodes, new Cut[nodes]);

    /// <summary>The server's namespace.</summary>
    public string Server { get; } = $"{Prefix}{Environment.ProcessId}-server";

    /// <summary>A node's namespace.</summary>
    public string this[int node] => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{node}");

    /// <summary>Why there can be no such network here, as what it needs; null when there can.</summary>
    public static async Task<string?> MissingAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Linux, for network namespaces";
        }

        string probe = $"{Prefix}{Environment.ProcessId}-probe";
        try
        {
            var (exitCode, said) = await IpTool.TryAsync("netns", "add", probe);
            if (exitCode != 0)
            {
                return $"network namespaces, which root may make (ip netns add: {said})";
            }

            await IpTool.RunAsync("netns", "del", probe);
            return null;
        }
        catch (Win32Exception)
        {
            return "the program ip of iproute2";
        }
    }

    /// <summary>Makes a network of a server and so many nodes, and removes what a killed process of this kind left behind.</summary>
    /// <exception cref="IOException">The system does not let us.</exception>
    public static async Task<NetworkNamespaces> CreateAsync(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nodes, Math.Clamp(nodes, 1, MaxNodes));
        await RemoveAbandonedAsync();
        var network = new NetworkNamespaces(nodes);
        try
        {
            await IpTool.RunAsync("netns", "add", network.Server);
            await IpTool.RunAsync("-n", network.Server, "link", "set", "lo", "up");
            for (int node = 0; node < nodes; node++)
            {
                await network.WireAsync(node);
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server's address as a node reaches it.</summary>
    public static IPAddress ServerAddress(int node) => new([10, 213, (byte)(node + 1), 1]);

    /// <summary>What goes before a program and its arguments so that it runs in a namespace; the process keeps its id.</summary>
    public static IReadOnlyList<string> Enter(string name) => ["ip", "netns", "exec", name];

    /// <summary>Loses packets between the server and a node from now on, those ways and no others.</summary>
    public async Task CutAsync(int node, Cut cut)
    {
        await SetAsync(node, cut, Cut.TowardsServer, this[node], NodeLink(node), ServerAddress(node));
        await SetAsync(node, cut, Cut.TowardsNode, Server, ServerLink(node), NodeAddress(node));
        _cuts[node] = cut;
    }

    /// <summary>Loses none any more.</summary>
    public Task HealAsync(int node) => CutAsync(node, Cut.None);

    /// <summary>Whether a datagram gets through, one way, within half a second.</summary>
    public async Task<bool> PassesAsync(int node, Cut way)
    {
        var (here, there) = ((this[node], NodeAddress(node)), (Server, ServerAddress(node)));
        var ((sender, from), (receiver, to)) = way == Cut.TowardsServer ? (here, there) : (there, here);
        using var sending = NamespaceSocket.OpenUdp(sender, from);
        using var receiving = NamespaceSocket.OpenUdp(receiver, to);
        await sending.SendToAsync(new byte[1], receiving.LocalEndPoint!);
        using var patience = new CancellationTokenSource(ProbePatience);
        try
        {
            return await receiving.ReceiveAsync(new byte[1], patience.Token) == 1;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (string name in Enumerable.Range(0, _nodes).Select(node => this[node]).Append(Server))
        {
            // What was not made cannot be removed.
            await IpTool.TryAsync("netns", "del", name);
        }
    }

    private static IPAddress NodeAddress(int node) => new([10, 213, (byte)(node + 1), 2]);

    private static string NodeLink(int node) => string.Create(CultureInfo.InvariantCulture, $"df{Environment.ProcessId}n{node}");

    private static string ServerLink(int node) => string.Create(CultureInfo.InvariantCulture, $"df{Environment.ProcessId}s{node}");

    private async Task WireAsync(int node)
    {
        await IpTool.RunAsync("netns", "add", this[node]);
        await IpTool.RunAsync("-n", this[node], "link", "set", "lo", "up");
        await IpTool.RunAsync("-n", this[node], "link", "add", NodeLink(node), "type", "veth", "peer", "name", ServerLink(node), "netns", Server);
        await UpAsync(this[node], NodeLink(node), NodeAddress(node));
        await UpAsync(Server, ServerLink(node), ServerAddress(node));
    }

    private static async Task UpAsync(string name, string link, IPAddress address)
    {
        await IpTool.RunAsync("-n", name, "address", "add", $"{address}/30", "dev", link);
        await IpTool.RunAsync("-n", name, "link", "set", link, "up");
    }

    /// <summary>
    /// A permanent entry in the neighbour table with nobody's hardware address: the kernel goes on sending and is told of no error, and the other side's
    /// card takes no such packet. A route to a black hole would tell the sender.
    /// </summary>
    private async Task SetAsync(int node, Cut cut, Cut way, string name, string link, IPAddress neighbour)
    {
        if ((cut & way) == (_cuts[node] & way))
        {
            return;
        }

        string[] entry = [neighbour.ToString(), "dev", link];
        await IpTool.RunAsync((cut & way) != 0
            ? ["-n", name, "neighbour", "replace", .. entry, "lladdr", Nobody, "nud", "permanent"]
            : ["-n", name, "neighbour", "del", .. entry]);
    }

    private static async Task RemoveAbandonedAsync()
    {
        var (_, list) = await IpTool.TryAsync("netns", "list");
        foreach (string name in list.Split('\n').Select(line => line.Split(' ')[0]).Where(IsAbandoned))
        {
            await IpTool.TryAsync("netns", "del", name);
        }
    }

    private static bool IsAbandoned(string name) => name.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(name[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out int process) && !Directory.Exists($"/proc/{process}");
}
