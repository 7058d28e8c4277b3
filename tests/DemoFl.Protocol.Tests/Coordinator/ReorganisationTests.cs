namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>A leader is lost in the middle of a round and its slot is filled anew (DESIGN section 7, "A leader is lost").</summary>
public class ReorganisationTests
{
    public static TheoryData<RoundStage> BeforeAnySum =>
        [RoundStage.Uploading, RoundStage.Intersecting, RoundStage.Agreeing, RoundStage.Closing, RoundStage.Releasing];

    [Theory]
    [MemberData(nameof(BeforeAnySum))]
    public void LeaderLost_BeforeAnySum_JournalsTheTermThenPausesThenElectsOne(RoundStage stage)
    {
        var effects = new ReorganisationUnderTest(stage).Lose();
        Assert.Equal([typeof(JournalEntry.TermOpened), typeof(ServerMessage.Paused), typeof(ServerMessage.ElectionOpened)], Kinds(effects));
        Assert.Equal(new ServerMessage.Paused(new Round(1), new Term(2), new Slot(1)), effects.Says<ServerMessage.Paused>());
        var election = effects.Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(2), 1), (election.Term, election.Seats));
        Assert.Equal(new Slot(1), effects.Reports<CoordinatorEvent.LeaderLost>().Slot);
        Assert.Equal(new CoordinatorEvent.Reorganising(new Round(1), new Term(2), new Slot(1)), effects.Reports<CoordinatorEvent.Reorganising>());
    }

    [Theory]
    [MemberData(nameof(BeforeAnySum))]
    public void Elected_BeforeItsOffer_IsOfferedTheSlotAndNobodyElseIsTold(RoundStage stage)
    {
        var round = new ReorganisationUnderTest(stage);
        round.Lose();
        var effects = round.Recommend();
        var sent = Assert.IsType<CoordinatorEffect.Send>(Assert.Single(effects));
        Assert.Equal(Some.Node(ReorganisationUnderTest.Winner), sent.To);
        var offered = Assert.IsType<ServerMessage.SlotOffered>(sent.Message);
        Assert.Equal((round.Round, new Term(2)), (offered.Round, offered.Leaders.Term));
        Assert.Equal(new Slot(1), round.Before.ReplacedIn(offered.Leaders));
        Assert.Equal(round.Before.Digest, round.Coordinator.Leaders.Digest);
    }

    [Fact]
    public void OfferMade_ByTheWinner_AsksTheSurvivorsAndOnlyThem()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        round.Recommend();
        var sent = round.Offer().Cast<CoordinatorEffect.Send>().ToArray();
        Assert.Equal([Some.Node(0), Some.Node(2)], sent.Select(s => s.To));
        Assert.All(sent, s => Assert.Equal(new ServerMessage.ReplacementAsked(round.Round, round.Next, round.WinnersOffer), s.Message));
    }

    [Fact]
    public void OfferMade_AgainOrByAnotherOrOfAnotherKind_AsksNobody()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        Assert.Empty(round.Offer(offer: Some.Offer(round.Before.Seats[1])));
        round.Recommend();
        var seat = round.Next.Seats[ReorganisationUnderTest.Lost];
        Assert.Empty(round.Offer(node: 4));
        Assert.Empty(round.Offer(offer: Some.Offer(seat, round.Round.Next)));
        Assert.Empty(round.Offer(offer: Some.Offer(seat with { Since = round.Before.Term }, round.Round)));
        Assert.Empty(round.Offer(offer: Some.Offer(seat with { Slot = new Slot(0) }, round.Round)));
        Assert.Equal(2, round.Offer().Count);
        Assert.Empty(round.Offer());
    }

    [Theory]
    [MemberData(nameof(BeforeAnySum))]
    public void Agreed_ByEverySurvivor_TellsAllAndSeatsTheNewSet(RoundStage stage)
    {
        var round = new ReorganisationUnderTest(stage).Asked();
        Assert.Empty(round.Agree(0));
        Assert.Equal(round.Before.Digest, round.Coordinator.Leaders.Digest);

        var effects = round.Agree(2);
        var replaced = effects.Says<ServerMessage.Replaced>();
        Assert.Equal((round.Round, round.Next.Digest, round.WinnersOffer), (replaced.Round, replaced.Leaders.Digest, replaced.Offer));
        Assert.Equal([round.Agreement(0), round.Agreement(2)], replaced.Agreements.AsEnumerable());
        Assert.Contains(effects, e => e is CoordinatorEffect.Broadcast { Message: ServerMessage.Replaced });
        Assert.Equal(Some.Node(ReorganisationUnderTest.Winner), effects.Reports<CoordinatorEvent.Replaced>().Holder);
        Assert.Equal(round.Next.Digest, round.Coordinator.Leaders.Digest);
        Assert.Equal(0, round.Coordinator.Machine.Nodes.Keyed);
    }

    [Fact]
    public void Agreed_TwiceByOneSurvivor_IsOneAgreement()
    {
        var round = new ReorganisationUnderTest().Asked();
        Assert.Empty(round.Agree(0));
        Assert.Empty(round.Agree(0));
    }

    public static TheoryData<string, int, Func<Replacement, Replacement>> ForeignAgreements => new()
    {
        { "of another survivor", 0, a => a },
        { "of the lost leader", ReorganisationUnderTest.Lost, a => a },
        { "to another run", 2, a => a with { Run = new RunId(9) } },
        { "to another round", 2, a => a with { Round = a.Round.Next } },
        { "to another term", 2, a => a with { Term = a.Term.Next } },
        { "to another slot", 2, a => a with { Slot = new Slot(0) } },
        { "to another holder", 2, a => a with { Holder = Some.Node(4) } },
        { "to another life", 2, a => a with { Incarnation = Some.Incarnation(4) } },
        { "to another key", 2, a => a with { Offer = Some.Hash("key") } },
        { "to another set", 2, a => a with { Leaders = Some.Leaders().Digest } },
    };

    [Theory]
    [MemberData(nameof(ForeignAgreements))]
    public void Agreed_ToAnythingElse_DoesNotCount(string what, int signer, Func<Replacement, Replacement> alter)
    {
        var round = new ReorganisationUnderTest().Asked();
        round.Agree(0);
        var foreign = new SignedReplacement(new Slot(signer), alter(round.Agreement(2).Replacement), default);
        Assert.True(round.Agree(2, foreign).Count == 0, $"an agreement {what} counts");
        Assert.True(round.Agree(2).Messages<ServerMessage.Replaced>().Any(), $"an agreement {what} keeps the survivor's own out");
    }

    [Fact]
    public void Agreed_ByWhoIsNoSurvivorOrBeforeTheOffer_DoesNotCount()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        round.Recommend();
        round.Agree(0);
        round.Offer();
        Assert.Empty(round.Agree(2));
        Assert.Empty(round.Agree(4, round.Agreement(0)));
        Assert.Empty(round.Agree(ReorganisationUnderTest.Winner, round.Agreement(1)));
        round.Coordinator.Arrive(ReorganisationUnderTest.Lost);
        Assert.Empty(round.Agree(ReorganisationUnderTest.Lost));
        Assert.NotEmpty(round.Agree(0));
    }

    /// <summary>What is journaled and said, in order.</summary>
    private static Type[] Kinds(IEnumerable<CoordinatorEffect> effects) => [.. effects.Select(e => e switch
    {
        CoordinatorEffect.Journal j => j.Entry.GetType(),
        CoordinatorEffect.Send s => s.Message.GetType(),
        CoordinatorEffect.Broadcast b => b.Message.GetType(),
        _ => null,
    }).OfType<Type>()];
}
