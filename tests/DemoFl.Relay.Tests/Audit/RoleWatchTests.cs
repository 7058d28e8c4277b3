using DemoFl.Protocol;
using DemoFl.Relay.Audit;
using DemoFl.Relay.Tests.Fixtures;

namespace DemoFl.Relay.Tests.Audit;

/// <summary>Who is accused of what, and that nobody is who may only be late.</summary>
public class RoleWatchTests
{
    private static readonly Term First = new(1);
    private readonly RoleWatch _watch = new();

    public RoleWatchTests()
    {
        for (int node = 0; node < 6; node++)
        {
            _watch.Saw(new CoordinatorInput.NodeArrived(Some.Node(node), $"n-{node}", new Incarnation((UInt128)(node + 1)), CanLead: node < 5, node));
        }
    }

    [Fact]
    public void Objection_CandidateOfATerm_OnceAndBeforeItHasKeys()
    {
        Assert.Null(Says(1, new NodeMessage.Recommendation(First)));
        Assert.Equal("it has recommended itself for term 1 already", Says(1, new NodeMessage.Recommendation(First)));
        Assert.Equal("it has joined as one that does not lead", Says(5, new NodeMessage.Recommendation(First)));
        Assert.Equal("term 2 has not been opened", Says(2, new NodeMessage.Recommendation(new Term(2))));
        Seat(Some.Leaders(0, 1));

        Assert.Null(Says(2, new NodeMessage.Recommendation(First)));
        Assert.Null(Says(3, new NodeMessage.KeysEstablished(First)));
        Assert.Equal("the leaders of term 1 are seated, and it has said that it has keys with them", Says(3, new NodeMessage.Recommendation(First)));
    }

    [Fact]
    public void Objection_NodeThatJoinedAgain_IsACandidateLikeAnother()
    {
        Says(1, new NodeMessage.Recommendation(First));
        _watch.Saw(new CoordinatorInput.NodeArrived(Some.Node(1), "n-1", new Incarnation(99), CanLead: true, 77));

        Assert.Null(Says(1, new NodeMessage.Recommendation(First)));
    }

    [Fact]
    public void Objection_LeaderThatIsReplaced_IsOnlyLate()
    {
        Seat(Some.Leaders(0, 1));
        Open(1);
        _watch.Saw(new CoordinatorEffect.Broadcast(new ServerMessage.Replaced(new Round(1), Some.Leaders(0, 2), null!, [])));

        Assert.All([0, 1, 2], leader => Assert.Null(Says(leader, new NodeMessage.HoldingsReported(new Round(1), new Attempt(1), []))));
        Assert.Equal("it holds no slot in round 1", Says(3, new NodeMessage.HoldingsReported(new Round(1), new Attempt(1), [])));
    }

    [Fact]
    public void Objection_LeaderOfAnEarlierTerm_IsLateForItsRoundAndOutOfPlaceInTheNext()
    {
        Seat(Some.Leaders(0, 1));
        Open(1);
        Seat(Some.Leaders(2, 3));
        Open(2);

        Assert.Null(Says(0, new NodeMessage.HoldingsReported(new Round(1), new Attempt(1), [])));
        Assert.Equal("it holds no slot in round 2", Says(0, new NodeMessage.DigestsReported(new Round(2), new Attempt(1), []), round: 2));
        Assert.Equal("it holds no slot, and has held none", Says(4, new NodeMessage.HoldingsReported(new Round(1), new Attempt(1), []), round: 2));
    }

    [Fact]
    public void Objection_CandidateForALostSlot_MayOfferAndRefuse()
    {
        Seat(Some.Leaders(0, 1));
        Open(1);
        Assert.Equal("it holds no slot, and has held none", Says(4, new NodeMessage.LeaderRefused(new Round(1), "no")));
        _watch.Saw(new CoordinatorEffect.Send(Some.Node(4), new ServerMessage.SlotOffered(new Round(1), Some.Leaders(0, 4))));

        Assert.Null(Says(4, new NodeMessage.LeaderRefused(new Round(1), "this node cannot take the slot")));
    }

    [Fact]
    public void Objection_PartyOfTheRound_IsNone()
    {
        Seat(Some.Leaders(0, 1));
        Open(1);

        Assert.Null(Says(3, new NodeMessage.Declined(new Round(1), "no data")));
        Assert.Equal("it is no party of round 1", Says(5, new NodeMessage.Declined(new Round(1), "no data")));
        Assert.Equal("round 2 has not been opened", Says(3, new NodeMessage.Resealed(new Round(2), First)));
    }

    [Fact]
    public void Objection_LeaderAskedForARoundOfAnEarlierProcess_MayAnswer()
    {
        _watch.Saw(new CoordinatorEffect.Send(Some.Node(2), new ServerMessage.ReleaseAsked(new Round(7), new Attempt(1))));

        Assert.Null(Says(2, new NodeMessage.LeaderRefused(new Round(7), "it has other keys now"), round: 7));
    }

    private string? Says(int node, NodeMessage message, ulong round = 1) => _watch.Objection(Some.Node(node), message, First, new Round(round));

    private void Seat(LeaderSet leaders) => _watch.Saw(new CoordinatorEffect.Broadcast(new ServerMessage.LeadersAnnounced(leaders)));

    private void Open(ulong round) => _watch.Saw(new CoordinatorEffect.Broadcast(new ServerMessage.RoundOpened(Some.Spec(round: round))));
}
