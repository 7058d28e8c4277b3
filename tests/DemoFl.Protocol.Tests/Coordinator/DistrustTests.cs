using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>A leader by whose silence or word a round failed does not lead the next one as long as enough others can (DESIGN section 7).</summary>
public class DistrustTests
{
    private const int Culprit = 1;

    [Fact]
    public void LeaderRefused_TheRefuser_DoesNotWinTheNextElection()
    {
        var coordinator = At(RoundStage.Uploading);
        AssertDistrusted(coordinator, coordinator.Say(Culprit, new NodeMessage.LeaderRefused(coordinator.Spec.Round, "no")));
    }

    [Theory]
    [InlineData(RoundStage.Intersecting)]
    [InlineData(RoundStage.Releasing)]
    public void CloseDeadline_TheSilentOne_DoesNotWinTheNextElection(RoundStage stage)
    {
        var coordinator = At(stage);
        foreach (int leader in (int[])[0, 2])
        {
            _ = stage switch
            {
                RoundStage.Intersecting => coordinator.Hold(leader, coordinator.Parties),
                _ => coordinator.Sum(leader),
            };
        }

        AssertDistrusted(coordinator, coordinator.PassDeadline());
    }

    /// <summary>Who keeps its digest from the others makes them look silent, and has theirs to report.</summary>
    [Fact]
    public void CloseDeadline_SomeHaveNoDigests_BlamesNobodyAndElectsAllSlots()
    {
        var coordinator = At(RoundStage.Agreeing);
        coordinator.Digests(Culprit, coordinator.Parties);
        Assert.Equal(coordinator.Leaders.Seats.Length, coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Seats);
        Assert.Empty(coordinator.Recommend(0));
        Assert.Empty(coordinator.Recommend(2));
        Assert.NotEmpty(coordinator.Recommend(4));
    }

    [Fact]
    public void Digests_WhoSignedAnother_DoesNotWinTheNextElectionAndTheReporterKeepsItsSeat()
    {
        var coordinator = At(RoundStage.Agreeing);
        AssertDistrusted(coordinator, Report(coordinator, reporter: 2, [0, Culprit, 2], d => d with { Intersection = Some.Hash("another") }));
    }

    [Theory]
    [InlineData(new[] { 0, 2 })]
    [InlineData(new[] { 0, 0, 2 })]
    [InlineData(new[] { 0, 1, 3 })]
    [InlineData(new[] { 0, 1, 2, 2 })]
    public void Digests_ReportThatIsNotWhole_IsItsReportersFault(int[] slots)
    {
        var coordinator = At(RoundStage.Agreeing);
        AssertDistrusted(coordinator, Report(coordinator, reporter: Culprit, slots, d => d));
    }

    public static TheoryData<string, Func<RoundDigest, RoundDigest>> OtherTimes => new()
    {
        { "attempt", d => d with { Attempt = d.Attempt.Next } },
        { "round", d => d with { Round = d.Round.Next } },
        { "run", d => d with { Run = new RunId(9) } },
    };

    /// <summary>An honest signature of earlier on is no evidence against who made it.</summary>
    [Theory]
    [MemberData(nameof(OtherTimes))]
    public void Digests_OfAnotherTime_AreTheReportersFaultAndNotTheSigners(string what, Func<RoundDigest, RoundDigest> alter)
    {
        Assert.NotEmpty(what);
        var coordinator = At(RoundStage.Agreeing);
        AssertDistrusted(coordinator, Report(coordinator, reporter: Culprit, [0, Culprit, 2], alter, altered: 2));
    }

    [Fact]
    public void LeaderRefused_ByWhoHoldsNoSlot_CountsNotAgainstIt()
    {
        var coordinator = At(RoundStage.Uploading);
        coordinator.Say(4, new NodeMessage.LeaderRefused(coordinator.Spec.Round, "this node cannot take the slot"));
        AssertDistrusted(coordinator, coordinator.Say(Culprit, new NodeMessage.LeaderRefused(coordinator.Spec.Round, "no")));
    }

    /// <summary>It answers its beats and no party; elected first every time, it would end every round.</summary>
    [Fact]
    public void UploadDeadline_WhoAcknowledgesNobodyByThePartiesWord_DoesNotWinTheNextElection()
    {
        var coordinator = At(RoundStage.Uploading);
        coordinator.Upload(0);
        Complain(coordinator, Culprit, 2, 3);
        Complain(coordinator, 2, 0, 3);
        AssertDistrusted(coordinator, coordinator.PassDeadline());
    }

    [Fact]
    public void UploadDeadline_OnePartysWordOrThatOfPartiesThatUploaded_BlamesNobody()
    {
        var coordinator = At(RoundStage.Uploading);
        Array.ForEach([0, 1], i => coordinator.Upload(i));
        Complain(coordinator, Culprit, 0, 1, 5, 5);
        Assert.Equal(3, coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Seats);
    }

    [Fact]
    public void UploadDeadline_EveryLeaderIsComplainedOf_BlamesNobody()
    {
        var coordinator = At(RoundStage.Uploading);
        Array.ForEach([0, 1, 2], s => Complain(coordinator, s, 3, 4, 5));
        Assert.Equal(3, coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Seats);
    }

    [Fact]
    public void KeyDeadline_WhoOfferedNoKeys_DoesNotWinTheNextElection()
    {
        var coordinator = new CoordinatorUnderTest(ReorganisationUnderTest.Rules());
        coordinator.ArriveAll(6);
        Array.ForEach([0, 1, 2], i => coordinator.Recommend(i));
        Array.ForEach([0, 2], i => coordinator.Offer(i));
        Assert.Equal(1, coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Seats);
        Assert.Empty(coordinator.Recommend(Culprit));
        Assert.NotEmpty(coordinator.Recommend(4));
    }

    [Fact]
    public void UploadDeadline_TooFewVectors_BlamesNobodyAndElectsAllAnew()
    {
        var coordinator = At(RoundStage.Uploading);
        coordinator.Upload(0);
        var election = coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>();
        Assert.Equal(3, election.Seats);
        Array.ForEach([0, 1], i => coordinator.Recommend(i));
        coordinator.Recommend(2).Says<ServerMessage.LeadersAnnounced>();
    }

    [Fact]
    public void Distrusted_NotEnoughOthersCanLead_MayWinAgain()
    {
        var coordinator = At(RoundStage.Uploading, canLead: 3);
        coordinator.Say(Culprit, new NodeMessage.LeaderRefused(coordinator.Spec.Round, "no"));
        Assert.Equal(Some.Node(Culprit), coordinator.Recommend(Culprit).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats[1].Holder);
    }

    [Fact]
    public void Distrusted_InALaterElection_StillDoesNotWin()
    {
        var coordinator = At(RoundStage.Uploading);
        AssertDistrusted(coordinator, coordinator.Say(Culprit, new NodeMessage.LeaderRefused(coordinator.Spec.Round, "no")));
        coordinator.Offer(4);
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Keyed(i));
        Assert.Equal(1, coordinator.Depart(0).Says<ServerMessage.ElectionOpened>().Seats);
        Assert.Empty(coordinator.Recommend(Culprit));
        Assert.NotEmpty(coordinator.Recommend(5));
    }

    /// <summary>A frozen process keeps its connection: it must not count among those that can lead instead (liveness L1).</summary>
    [Fact]
    public void Distrusted_TheOnlyOtherIsSilent_MayWinAgain()
    {
        var coordinator = WithASilentLeader();
        Assert.Equal(Some.Node(Culprit), coordinator.Recommend(Culprit).Says<ServerMessage.SlotOffered>().Leaders.Seats[2].Holder);
    }

    [Fact]
    public void Distrusted_TheSilentOneComesForwardAgain_DoesNotWinTheNextElection()
    {
        var coordinator = WithASilentLeader();
        Assert.Empty(coordinator.Recommend(2));
        List<CoordinatorEffect> effects = [];
        while (effects.Silent<ServerMessage.RoundAborted>())
        {
            coordinator.Answer((effects = coordinator.PassDeadline()).Beats());
        }

        Assert.Empty(coordinator.Recommend(Culprit));
        Assert.Equal(Some.Node(2), coordinator.Recommend(2).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats[2].Holder);
    }

    /// <summary>Of four nodes that can lead, one is distrusted, and one of the leaders is lost for its silence.</summary>
    private static CoordinatorUnderTest WithASilentLeader()
    {
        var coordinator = At(RoundStage.Uploading, canLead: 4, new LeaderCare(TimeSpan.FromSeconds(1), MissedBeats: 1, Tenure: 0));
        coordinator.Say(Culprit, new NodeMessage.LeaderRefused(coordinator.Spec.Round, "no"));
        coordinator.Recommend(3);
        coordinator.Offer(3);
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Keyed(i));
        coordinator.Answer(coordinator.PassDeadline().Beats(), except: 2);
        var effects = coordinator.PassDeadline();
        coordinator.Answer(effects.Beats());
        Assert.Equal(new Slot(2), effects.Says<ServerMessage.Paused>().Lost);
        return coordinator;
    }

    /// <summary>The next election fills the culprit's slot alone, and not with the culprit.</summary>
    private static void AssertDistrusted(CoordinatorUnderTest coordinator, List<CoordinatorEffect> effects)
    {
        effects.Says<ServerMessage.RoundAborted>();
        Assert.Equal(1, effects.Says<ServerMessage.ElectionOpened>().Seats);
        var lost = effects.Reports<CoordinatorEvent.LeaderLost>();
        Assert.Equal((new Slot(Culprit), Some.Node(Culprit)), (lost.Slot, lost.Node));
        Assert.Empty(coordinator.Recommend(Culprit));
        Assert.Equal([0, 4, 2], coordinator.Recommend(4).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats.Select(s => Some.NumberOf(s.Holder)));
    }

    private static void Complain(CoordinatorUnderTest coordinator, int slot, params int[] parties) =>
        Array.ForEach(parties, p => coordinator.Say(p, new NodeMessage.HolderSilent(coordinator.Spec.Round, new Slot(slot))));

    /// <summary>Digests of these slots, one of them altered.</summary>
    private static List<CoordinatorEffect> Report(
        CoordinatorUnderTest coordinator, int reporter, int[] slots, Func<RoundDigest, RoundDigest> alter, int altered = Culprit)
    {
        var digest = new RoundDigest(
            Some.Run, coordinator.Leaders.Term, coordinator.Spec.Round, Attempt.First, coordinator.Spec.Digest, coordinator.Leaders.Digest,
            Some.Parties(coordinator.Parties).Digest);
        ImmutableArray<SignedDigest> digests = [.. slots.Select(s => new SignedDigest(new Slot(s), s == altered ? alter(digest) : digest, default))];
        return coordinator.Say(reporter, new NodeMessage.DigestsReported(coordinator.Spec.Round, Attempt.First, digests));
    }

    private static CoordinatorUnderTest At(RoundStage stage, int canLead = 6, LeaderCare? care = null)
    {
        var coordinator = new CoordinatorUnderTest(ReorganisationUnderTest.Rules(care));
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Arrive(i, canLead: i < canLead));
        Array.ForEach([0, 1, 2], i => coordinator.Recommend(i));
        Array.ForEach([0, 1, 2], i => coordinator.Offer(i));
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Keyed(i));
        Func<List<CoordinatorEffect>>[] steps = [coordinator.UploadAll, coordinator.HoldAll, coordinator.DigestAll, coordinator.ClosingPrepared];
        foreach (var step in steps[..Steps(stage)])
        {
            step();
        }

        return coordinator;
    }

    private static int Steps(RoundStage stage) => stage switch
    {
        RoundStage.Uploading => 0,
        RoundStage.Intersecting => 1,
        RoundStage.Agreeing => 2,
        RoundStage.Releasing => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "no way there"),
    };
}
