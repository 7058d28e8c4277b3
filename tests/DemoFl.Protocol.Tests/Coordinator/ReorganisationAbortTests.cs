namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>What a round does not survive when a leader is lost, and what it leaves to the next (DESIGN section 7; promise P4).</summary>
public class ReorganisationAbortTests
{
    private const int Lost = ReorganisationUnderTest.Lost;

    public static TheoryData<RoundStage> BeforeAnySum => ReorganisationTests.BeforeAnySum;

    [Theory]
    [MemberData(nameof(BeforeAnySum))]
    public void LeaderLost_PolicyAbort_AbortsTheRound(RoundStage stage)
    {
        var round = new ReorganisationUnderTest(stage, ReorganisationUnderTest.Rules(Some.Care(LossPolicy.Abort)));
        AssertAborted(round.Lose(), "a leader was lost");
    }

    [Fact]
    public void LeaderLost_AnotherHasReleased_AbortsTheRound()
    {
        var round = new ReorganisationUnderTest(RoundStage.Releasing);
        round.Coordinator.Sum(0);
        AssertAborted(round.Lose(), "a leader was lost");
    }

    [Fact]
    public void LeaderLost_ItsOwnSumIsThere_GoesOnWithoutIt()
    {
        var round = new ReorganisationUnderTest(RoundStage.Releasing);
        round.Coordinator.Sum(Lost);
        Assert.Empty(round.Lose());
        round.Coordinator.Sum(0);
        Assert.Single(round.Coordinator.Sum(2).OfType<CoordinatorEffect.CommitRound>());
        var effects = round.Coordinator.CommitDone();
        Assert.Equal(6, effects.Says<ServerMessage.RoundCommitted>().Parties);
        Assert.Equal(1, effects.Says<ServerMessage.ElectionOpened>().Seats);
    }

    [Fact]
    public void LeaderLost_WhileCommitting_ChangesNothing() => Assert.Empty(new ReorganisationUnderTest(RoundStage.Committing).Lose());

    [Fact]
    public void AnotherLeaderLost_AtAnyMomentBeforeTheSlotIsFilled_AbortsTheRound()
    {
        foreach (var reach in (Action<ReorganisationUnderTest>[])[r => r.Lose(), r => { r.Lose(); r.Recommend(); }, r => r.Asked(), r => r.Asked().Agree(0)])
        {
            var round = new ReorganisationUnderTest();
            reach(round);
            AssertAborted(round.Lose(2), "another leader was lost");
        }
    }

    [Fact]
    public void TwoLeadersLost_AtOnce_AbortTheRound()
    {
        var round = new ReorganisationUnderTest(rules: ReorganisationUnderTest.Rules(
            new LeaderCare(TimeSpan.FromSeconds(1), MissedBeats: 1, OnLoss: LossPolicy.Reseal, Tenure: 0)));
        var beats = round.Coordinator.PassDeadline().OfType<CoordinatorEffect.Send>().Where(s => s.Message is ServerMessage.Beat).ToArray();
        round.Coordinator.Say(0, new NodeMessage.BeatAnswered(((ServerMessage.Beat)beats[0].Message).Number));
        AssertAborted(round.Coordinator.PassDeadline(), "another leader was lost");
    }

    [Fact]
    public void LeaderLost_ASecondTimeInTheRound_IsMoreThanRAndAborts()
    {
        var round = new ReorganisationUnderTest();
        round.Replace();
        Array.ForEach([0, 2, 3, 4, 5], i => round.Coordinator.Keyed(i));
        AssertAborted(round.Lose(0), "a leader was lost");
    }

    [Fact]
    public void NewHolderLost_OnceSeated_AbortsTheRound()
    {
        var round = new ReorganisationUnderTest(RoundStage.Intersecting);
        round.Replace();
        Array.ForEach([0, 2, 3, 4, 5], i => round.Coordinator.Keyed(i));
        AssertAborted(round.Lose(ReorganisationUnderTest.Winner), "a leader was lost");
    }

    [Fact]
    public void NewHolderLost_AfterTheSurvivorsWereAsked_AbortsTheRound() =>
        AssertAborted(new ReorganisationUnderTest().Asked().Lose(ReorganisationUnderTest.Winner), "lost, too");

    [Fact]
    public void NewHolderLost_BeforeTheSurvivorsWereAsked_ElectsAnotherUnderAHigherTerm()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        round.Recommend();
        var effects = round.Lose(ReorganisationUnderTest.Winner);
        Assert.Equal(new ServerMessage.Paused(round.Round, new Term(3), new Slot(Lost)), effects.Says<ServerMessage.Paused>());
        Assert.Equal(new Term(3), effects.Says<ServerMessage.ElectionOpened>().Term);
        Assert.Contains(new CoordinatorEffect.Journal(new JournalEntry.TermOpened(new Term(3))), effects);

        round.Recommend(4);
        round.Offer(4);
        round.Agree(0);
        Assert.Equal(Some.Node(4), round.Agree(2).Says<ServerMessage.Replaced>().Leaders.Seats[Lost].Holder);
    }

    [Fact]
    public void NewHolderRefuses_BeforeTheSurvivorsWereAsked_IsNoCandidateInTheNextTry()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        round.Recommend();
        var refused = round.Coordinator.Say(ReorganisationUnderTest.Winner, new NodeMessage.LeaderRefused(round.Round, "no room"));
        Assert.Equal(new Term(3), refused.Says<ServerMessage.ElectionOpened>().Term);
        Assert.Empty(round.Recommend());
        Assert.NotEmpty(round.Recommend(4));
    }

    [Fact]
    public void NewHolderLost_NobodyElseCanTakeTheSlot_AbortsTheRound()
    {
        var round = new ReorganisationUnderTest();
        Array.ForEach([4, 5], i => round.Coordinator.Depart(i));
        round.Lose();
        round.Recommend();
        AssertAborted(round.Lose(ReorganisationUnderTest.Winner), "lost, too");
    }

    [Fact]
    public void SurvivorRefuses_AbortsTheRound()
    {
        var round = new ReorganisationUnderTest().Asked();
        AssertAborted(round.Coordinator.Say(2, new NodeMessage.LeaderRefused(round.Round, "released already")), "released already");
    }

    [Fact]
    public void Declined_ByACandidateThatIsNotAskedYet_DoesNotAbort()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        Assert.True(round.Coordinator.Say(4, new NodeMessage.LeaderRefused(round.Round, "no")).Silent<ServerMessage.RoundAborted>());
    }

    [Fact]
    public void Aborted_ForALostLeader_KeepsTheSurvivorsSeatsAndOffers()
    {
        var round = new ReorganisationUnderTest(rules: ReorganisationUnderTest.Rules(Some.Care(LossPolicy.Abort)));
        var coordinator = round.Coordinator;
        Assert.Equal(1, round.Lose().Says<ServerMessage.ElectionOpened>().Seats);

        var announced = coordinator.Recommend(4).Says<ServerMessage.LeadersAnnounced>();
        Assert.Equal(new Slot(Lost), round.Before.ReplacedIn(announced.Leaders));
        var published = coordinator.Offer(4).Says<ServerMessage.OffersPublished>();
        var fresh = Some.Offer(announced.Leaders.Seats[Lost], new Round(2));
        Assert.Equal([Some.Offer(round.Before.Seats[0]), fresh, Some.Offer(round.Before.Seats[2])], published.Offers.AsEnumerable());

        // Keys of the new term, or nobody could seal to the new holder.
        Array.ForEach([0, 2, 3, 4], i => Assert.True(coordinator.Keyed(i).Silent<ServerMessage.RoundOpened>()));
        Assert.Equal(new Round(2), coordinator.Keyed(5).Says<ServerMessage.RoundOpened>().Spec.Round);
    }

    [Fact]
    public void Aborted_InTheMiddleOfAReorganisation_ElectsForTheLostSlotUnderAHigherTerm()
    {
        var round = new ReorganisationUnderTest().Asked();
        var effects = round.Lose(ReorganisationUnderTest.Winner);
        var election = effects.Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(3), 1), (election.Term, election.Seats));
        var next = round.Recommend(4).Says<ServerMessage.LeadersAnnounced>().Leaders;
        Assert.Equal(new Slot(Lost), round.Before.ReplacedIn(next));
    }

    [Fact]
    public void Arrived_WhilePaused_IsToldOfTheSeatedSetAndNotOfTheOneThatMayCome()
    {
        var round = new ReorganisationUnderTest().Asked();
        Assert.Equal(round.Before.Digest, round.Coordinator.Arrive(9).Says<ServerMessage.LeadersAnnounced>().Leaders.Digest);
        round.Agree(0);
        round.Agree(2);
        var welcome = round.Coordinator.Arrive(10);
        Assert.Equal(round.Next.Digest, welcome.Says<ServerMessage.LeadersAnnounced>().Leaders.Digest);
        Assert.Contains(round.WinnersOffer, welcome.Says<ServerMessage.OffersPublished>().Offers);
    }

    internal static void AssertAborted(IReadOnlyCollection<CoordinatorEffect> effects, string reason)
    {
        Assert.Contains(reason, effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
        Assert.True(effects.Silent<ServerMessage.Replaced>());
    }
}
