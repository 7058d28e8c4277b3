namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>Who was lost in a round that failed for it, or is new in a seat whose keys did not come about, does not win the very next election.</summary>
public class PassedOverTests
{
    private readonly CoordinatorUnderTest _coordinator = new(ReorganisationUnderTest.Rules(Some.Care(LossPolicy.Abort)));

    [Fact]
    public void LeaderLost_JoinsAgainAfterTheAbort_DoesNotWinItsSlotBackAtOnce()
    {
        _coordinator.ToUploading(6);
        _coordinator.Depart(1);
        _coordinator.Arrive(1, incarnation: 41);
        Assert.Empty(_coordinator.Recommend(1));
        Assert.Equal(Some.Node(4), _coordinator.Recommend(4).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats[1].Holder);
    }

    [Fact]
    public void LeaderLost_NobodyElseCanLead_WinsItsSlotBack()
    {
        _coordinator.ArriveAll(3);
        Array.ForEach([3, 4, 5], i => _coordinator.Arrive(i, canLead: false));
        Array.ForEach([0, 1, 2], i => _coordinator.Recommend(i));
        Array.ForEach([0, 1, 2], i => _coordinator.Offer(i));
        Array.ForEach([0, 1, 2, 3, 4, 5], i => _coordinator.Keyed(i));
        _coordinator.Arrive(1, incarnation: 41);
        Assert.Equal(Some.Incarnation(41), _coordinator.Recommend(1).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats[1].Incarnation);
    }

    /// <summary>One of the new ones may have confirmed nobody; nobody can say which.</summary>
    [Fact]
    public void KeyDeadline_NotEnoughKeys_PassesOverTheNewHoldersOnce()
    {
        _coordinator.ArriveAll(6);
        Array.ForEach([0, 1, 2], i => _coordinator.Recommend(i));
        Array.ForEach([0, 1, 2], i => _coordinator.Offer(i));
        Assert.Equal(3, _coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Seats);
        Array.ForEach([0, 1, 2, 3, 4], i => Assert.Empty(_coordinator.Recommend(i)));
        Assert.Equal([3, 4, 5], _coordinator.Recommend(5).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats.Select(s => Some.NumberOf(s.Holder)));
    }
}
