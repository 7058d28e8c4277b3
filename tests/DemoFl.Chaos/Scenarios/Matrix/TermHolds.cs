using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Matrix;

/// <summary>Who is killed in the election that hands a slot on between two rounds, and how its key agreement is held open. Not thread-safe.</summary>
internal sealed class TermHolds
{
    private readonly ProcessFederation _federation;
    private volatile string _handsOn = "";

    public TermHolds(ProcessFederation federation)
    {
        _federation = federation;
        federation.Events.Happened += happened =>
        {
            if (happened.IsOfServer && happened.Kind == "tenureOver")
            {
                _handsOn = federation.NameOf(happened.Text("node"));
            }
        };
    }

    /// <summary>Before there is a leader: in place of leaders, nodes that would stand.</summary>
    public IReadOnlyList<string> VictimsAtJoin(Role role) => role switch
    {
        Role.Server => [ProcessFederation.Server],
        Role.AllLeaders => [.. _federation.Nodes.Take(_federation.Plan.Leaders)],
        _ => [_federation.Nodes[0]],
    };

    /// <summary>In an election: of those that keep their slots.</summary>
    public IReadOnlyList<string> VictimsOfElection(Role role)
    {
        var staying = _federation.Leaders.Where(n => n != _handsOn);
        return role switch
        {
            Role.Party => [_federation.Followers.First()],
            Role.Leader => [staying.First()],
            Role.AllLeaders => [.. staying],
            _ => [ProcessFederation.Server],
        };
    }

    /// <summary>
    /// Stops a node that does not lead as soon as an election begins, so that it neither wins nor answers: returns its name when leaders are seated, who wait
    /// for its keys.
    /// </summary>
    public async Task<string> HoldKeysAsync(CancellationToken cancellation)
    {
        string still = "";
        var begun = await _federation.Events.OnceAsync(
            e => e.IsOfServer && e.Kind == "electionStarted",
            _ =>
            {
                still = _federation.Followers.Last();
                _federation.Freeze(still);
            },
            "an election begins", cancellation);
        await _federation.ServerSaysAsync(begun.Index, "leadersSeated", cancellation);
        return still;
    }
}
