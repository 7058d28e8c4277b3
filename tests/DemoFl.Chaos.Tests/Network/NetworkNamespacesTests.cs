using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Tests.Network;

public sealed class NetworkNamespacesTests
{
    [NamespaceFact]
    public async Task CutAsync_EachWayThenHealed_LosesThatWayOfThatNodeAlone()
    {
        await using var network = await NetworkNamespaces.CreateAsync(2);
        Assert.Equal((true, true), await PassesAsync(network, 0));

        await network.CutAsync(0, Cut.TowardsServer);
        Assert.Equal((false, true), await PassesAsync(network, 0));
        Assert.Equal((true, true), await PassesAsync(network, 1));

        await network.CutAsync(0, Cut.TowardsNode);
        Assert.Equal((true, false), await PassesAsync(network, 0));

        await network.CutAsync(0, Cut.BothWays);
        Assert.Equal((false, false), await PassesAsync(network, 0));

        await network.HealAsync(0);
        Assert.Equal((true, true), await PassesAsync(network, 0));
    }

    [NamespaceFact]
    public async Task DisposeAsync_Network_LeavesNothingBehind()
    {
        var network = await NetworkNamespaces.CreateAsync(1);
        Assert.Contains(network[0], (await IpTool.TryAsync("netns", "list")).Said, StringComparison.Ordinal);

        await network.DisposeAsync();

        Assert.DoesNotContain($"-{Environment.ProcessId}-", (await IpTool.TryAsync("netns", "list")).Said, StringComparison.Ordinal);
        Assert.DoesNotContain($"df{Environment.ProcessId}", (await IpTool.TryAsync("link", "show")).Said, StringComparison.Ordinal);
    }

    private static async Task<(bool ToServer, bool ToNode)> PassesAsync(NetworkNamespaces network, int node) =>
        (await network.PassesAsync(node, Cut.TowardsServer), await network.PassesAsync(node, Cut.TowardsNode));
}
