using System.Globalization;
using System.Text.RegularExpressions;
using DemoFl.Identity;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Tests.Federations;

/// <summary>At the most talkative log level no line shows a session, a nonce, a key, a share or an update.</summary>
public sealed partial class SecrecyTests
{
    [Fact]
    public async Task Run_EverythingLogged_ShowsKnownPublicValuesOnly()
    {
        var gate = new Gate(new Round(2));
        await using var federation = await Federation.StartAsync(Rules.Of(4, 2), level: LogLevel.Trace);
        var members = federation.JoinAll(Enumerable.Range(0, 4).Select(_ => gate.Trainer()));
        await federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>(e => e.Spec.Round == new Round(2));
        string token = await TokenOfAnotherAsync(federation);
        gate.Open();
        await federation.CompleteAsync();

        var lines = federation.Log.All;
        Assert.Contains(lines, l => l.Level == LogLevel.Trace);
        Assert.DoesNotContain(lines, l => l.Text.Contains(token, StringComparison.OrdinalIgnoreCase));
        var known = PublicValues(federation, members);
        Assert.Matches(LongValue(), token);
        foreach (var line in lines.Where(l => l.Category.StartsWith("DemoFl", StringComparison.Ordinal) || l.Category.StartsWith("Grpc", StringComparison.Ordinal)))
        {
            foreach (Match match in LongValue().Matches(line.Text))
            {
                Assert.True(known.Contains(match.Value), $"'{match.Value}' is in the log: {line}");
            }
        }
    }

    /// <summary>Joins by hand, to see what only a node sees.</summary>
    private static async Task<string> TokenOfAnotherAsync(Federation federation)
    {
        using var key = IdentityKey.Create();
        using var connection = new ServerConnection(federation.Address, null);
        var options = federation.Members[0].Options with { Name = "spy", Key = key, Incarnation = Some.Incarnation(), CanLead = false };
        using var membership = await Membership.JoinAsync(options, connection, _ => null, TimeProvider.System, CancellationToken.None);
        string token = membership.Call(CancellationToken.None).Headers!.Single(h => h.Key == "demofl-session").Value;
        Assert.Equal(64, token.Length);

        // A refused call, whose log lines say why, must not quote it either.
        await Assert.ThrowsAsync<RpcException>(async () => await membership.Vectors.VectorStateAsync(
            new V1.VectorKey { Round = 99, Kind = V1.VectorKind.Masked }, membership.Call(CancellationToken.None)));
        return token;
    }

    private static HashSet<string> PublicValues(Federation federation, Member[] members)
    {
        var seats = federation.Events.All.OfType<CoordinatorEvent.LeadersSeated>().Select(e => e.Leaders).ToArray();
        var specs = federation.Events.All.OfType<CoordinatorEvent.RoundStarted>().Select(e => e.Spec).ToArray();
        return
        [
            .. members.Select(m => m.Id.Value.ToString()), .. seats.Select(l => l.Digest.ToString()), .. specs.SelectMany(s => new[] { s.ModelHash.ToString(), s.Digest.ToString() }),
            .. members.Select(m => m.Options.Incarnation.Value.ToString(CultureInfo.InvariantCulture)), federation.Server.Run.Value.ToString(CultureInfo.InvariantCulture),
            .. members.Select(m => m.Options.Incarnation.ToString()), federation.Server.Run.ToString(),
        ];
    }

    /// <summary>16 bytes or more as hex, decimal or Base64.</summary>
    [GeneratedRegex("[0-9A-Za-z+_-]{28,}={0,2}")]
    private static partial Regex LongValue();
}
