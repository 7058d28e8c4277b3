namespace DemoFl.Simulation;

/// <summary>How a run ended.</summary>
internal sealed record Outcome(
    bool Succeeded, string Reason, int LeftForGood, TimeSpan Took, long Events, IReadOnlyList<CoordinatorEvent> Reports, Tally Tally);

/// <summary>
/// A whole federation on one thread and in virtual time: one coordinator, its nodes, the links between them and the troubles that the scenario has
/// in store. To add a fault, add a <see cref="Trouble"/> or one of <see cref="Faults"/>; to add a promise, add a check to <see cref="Promises"/>.
/// </summary>
internal sealed class Federation
{
    /// <summary>A run that does more than this is stuck in a circle.</summary>
    private const long MostEvents = 3_000_000;

    private readonly IWitness? _witness;
    private Round? _takenUp;
    private readonly Dictionary<(NodeId From, NodeId To), Link> _peerLinks = [];

    public Federation(Scenario scenario, IWitness? witness = null)
    {
        (Scenario, _witness) = (scenario, witness);
        Weather = new Weather(scenario, Tally);
        Promises = new Promises(this);
        Server = new ServerHost(this);
        Population = new Population(this);
        Troubles = new Troubles(this);
        Evil = scenario.Evil is { } plan ? new EvilServer(this, plan) : null;
    }

    public Scenario Scenario { get; }

    public EventQueue Events { get; } = new();

    public Tally Tally { get; } = new();

    public Signatures Signatures { get; } = new();

    public Weather Weather { get; }

    public Promises Promises { get; }

    public ServerHost Server { get; }

    public Population Population { get; }

    public Troubles Troubles { get; }

    public EvilServer? Evil { get; }

    public Link NewLink(string name) => new(Events, Weather, Randomness.For(Scenario.Seed, name));

    public void Note(string who, object what) => _witness?.Note(Events.Now, who, what);

    /// <summary>An evil server has whatever model its specification names.</summary>
    public bool Serves(Hash256 model) => Evil is not null || Server.Model == model;

    /// <summary>Runs until the coordinator finishes. Liveness: it must do so in time, once the network is healed.</summary>
    public Outcome Run()
    {
        Population.Arrive();
        Troubles.Schedule();
        if (Evil is null)
        {
            RunToTheEnd();
        }
        else
        {
            // An evil server may stop whenever it likes.
            while (Server.Finished is null && Events.Now <= EvilServer.LongestRun && Events.RunNext())
            {
            }
        }

        Promises.AtEnd();
        var finished = Server.Finished ?? new CoordinatorEffect.Finish(false, "an evil server goes on for ever");
        int gone = Population.LeftForGood;
        Promise.Require(finished.Succeeded || !Scenario.MustSucceed(gone), $"L4: the run failed: {finished.Reason}");
        Promise.Require(!finished.Succeeded || !Scenario.MustFail || Scenario.Evil is not null, "P6: the run succeeded without enough parties");
        return new Outcome(finished.Succeeded, finished.Reason, gone, Events.Now, Events.Happened, Server.Reports, Tally);
    }

    private void RunToTheEnd()
    {
        while (Server.Finished is null)
        {
            Promise.Require(Events.RunNext(), "L2: nothing is left to happen, and the run is not over");
            Promise.Require(Events.Now <= Scenario.LongestRun, $"L4: the run is not over after {Scenario.LongestRun}");
            Promise.Require(Events.Happened <= MostEvents, $"L2: the run is not over after {MostEvents} events");
        }
    }

    /// <summary>From one session of a node to whatever session the receiver has on arrival; order is kept per sender and receiver.</summary>
    public void Relay(NodeHost sender, NodeId receiver, PeerFrame frame)
    {
        if (sender.Control is null || !Server.IsUp)
        {
            return;
        }

        if (Evil is { } evil)
        {
            evil.Carry(sender, receiver, frame);
        }
        else if (!Weather.LosesEnvelope())
        {
            Carry(sender, receiver, frame);
            if (Weather.DuplicatesEnvelope())
            {
                Carry(sender, receiver, frame);
            }
        }
    }

    /// <summary>Past all tampering.</summary>
    public void Carry(NodeHost sender, NodeId receiver, PeerFrame frame)
    {
        long life = Server.Life;
        var from = sender.Resident.Id;
        PeerLink(from, receiver).Send(() =>
        {
            if (Server.Life != life)
            {
                return;
            }

            if (Population.Find(receiver)?.Life is { Control: not null } session)
            {
                session.Receive(from, frame);
            }
            else if (sender.Control is not null)
            {
                PeerLink(receiver, from).Send(() => sender.Deliver(() => sender.Step(new NodeInput.CameBack(receiver))));
            }
        });
    }

    /// <summary>What is lost on a stream breaks it.</summary>
    public void SendOnStream(ControlStream stream, Link link, Action arrive)
    {
        if (Weather.BreaksStream())
        {
            Population.Disconnect(stream.Node.Resident);
        }
        else
        {
            link.Send(arrive);
        }
    }

    public void OnReport(CoordinatorEvent happened)
    {
        Promises.OnReport(happened);
        Troubles.OnReport(happened);
        Evil?.OnReport(happened);
        switch (happened)
        {
            case CoordinatorEvent.Committed m:
                Tally.Count("rounds committed");
                if (m.Round == _takenUp)
                {
                    Tally.Count("closing rounds finished by a restarted server");
                }

                break;
            case CoordinatorEvent.Aborted:
                Tally.Count("rounds aborted");
                break;
            case CoordinatorEvent.Reorganising:
                Tally.Count("reorganisations begun");
                Tally.Count($"leader lost while {Troubles.Stage}");
                break;
            case CoordinatorEvent.Resumed:
                Tally.Count("reorganisations completed");
                break;
            case CoordinatorEvent.RoundTakenUp m:
                _takenUp = m.Round;
                Tally.Count("closing rounds taken up by a restarted server");
                break;
            case CoordinatorEvent.TenureOver:
                Tally.Count("slots handed on");
                break;
        }
    }

    /// <summary>Links that a node's messages to others take.</summary>
    public IEnumerable<Link> PeerLinksOf(NodeId node) => Population.Residents
        .SelectMany(r => new[] { _peerLinks.GetValueOrDefault((node, r.Id)), _peerLinks.GetValueOrDefault((r.Id, node)) }).OfType<Link>();

    private Link PeerLink(NodeId from, NodeId to)
    {
        if (!_peerLinks.TryGetValue((from, to), out var link))
        {
            _peerLinks[(from, to)] = link = NewLink($"{Population.NameOf(from)} to {Population.NameOf(to)}");
        }

        return link;
    }
}
