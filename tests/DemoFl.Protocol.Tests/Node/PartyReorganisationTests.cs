namespace DemoFl.Protocol.Tests.Node;

/// <summary>A party whose round gets a new holder for a lost slot (DESIGN section 7, policy reseal; promise P3).</summary>
public class PartyReorganisationTests
{
    private static readonly LeaderSet Before = PartyUnderTest.Before;
    private static readonly LeaderSet Next = PartyUnderTest.Next;
    private readonly PartyUnderTest _party = new();

    [Fact]
    public void Paused_BeforeItAnnounces_HoldsBackUntilTheSlotIsFilledAndAnnouncesUnderTheNewSet()
    {
        _party.Pause();
        Assert.Empty(_party.Prepare());
        var effects = _party.Replace();
        var announced = effects.OfType<NodeEffect.ToHolder>().ToArray();
        Assert.Equal([0, 1, 2], announced.Select(a => a.Slot.Index));
        Assert.All(announced, a => Assert.Equal(Some.Announcement(1, _party.Nonce, _party.Spec, Next), a.Message));
        Assert.Empty(effects.OfType<NodeEffect.Reseal>());
        AssertSubmitsUnder(Next);
    }

    [Fact]
    public void Replaced_WhileTraining_AnnouncesUnderTheNewSetWhenTheUpdateIsThere()
    {
        Assert.Empty(_party.Replace().OfType<NodeEffect.ToHolder>());
        Assert.All(_party.Prepare().OfType<NodeEffect.ToHolder>(), a => Assert.Equal(Some.Announcement(1, _party.Nonce, _party.Spec, Next), a.Message));
        AssertSubmitsUnder(Next);
    }

    [Fact]
    public void Paused_InAnotherRound_HoldsNothingBack()
    {
        _party.Node.Hear(new ServerMessage.Paused(new Round(9), Next.Term, new Slot(1)));
        Assert.Equal([0, 1, 2], _party.Prepare().SlotsTold<PeerMessage.Announcement>());
    }

    /// <summary>What the leaders have acknowledged they can unmask: uploads go on.</summary>
    [Fact]
    public void Paused_AlreadyAnnounced_SubmitsAllTheSame()
    {
        _party.Announced().Pause();
        Assert.Single(_party.Acknowledge(0, 1, 2).OfType<NodeEffect.SubmitVector>());
    }

    /// <summary>The owner's count of rounds, for one, may have refused the vector: a new holder must not get it either.</summary>
    [Fact]
    public void Replaced_AfterTheUpdateCouldNotBeSent_GivesNobodyAnything()
    {
        var party = new PartyUnderTest(Layout.Rotating, nonce: PartyUnderTest.NonceFor(keeper: 1)).Submitted();
        party.Node.Step(new NodeInput.UpdateFailed(new Round(1), "not recorded")).Tells<NodeMessage.Declined>();
        Assert.DoesNotContain(party.Replace(), e => e is NodeEffect.Reseal or NodeEffect.ToHolder);
        Assert.Empty(party.Acknowledge(0, 1, 2));
        Assert.Empty(party.Receipt(0, 1, 2));
    }

    /// <summary>The coordinator would wait for it until the deadline.</summary>
    [Fact]
    public void UpdateFailed_WhileResealing_IsToldThoughTheVectorIsThere()
    {
        _party.Submitted();
        _party.Node.Step(new NodeInput.VectorSubmitted(new Round(1)));
        Assert.Empty(_party.Node.Step(new NodeInput.UpdateFailed(new Round(1), "late")));
        _party.Replace();
        _party.Node.Step(new NodeInput.UpdateFailed(new Round(1), "not recorded")).Tells<NodeMessage.Declined>();
        Assert.Empty(_party.Acknowledge(1));
        Assert.Empty(_party.Receipt(0, 1, 2));
    }

    [Fact]
    public void Replaced_Announced_SeatsAnswersResealsAndAffirmsInThisOrder()
    {
        var effects = _party.Announced().Replace();
        Assert.Equal(Next.Digest, Assert.IsType<NodeEffect.SeatLeaders>(effects[0]).Leaders.Digest);
        var answer = Assert.IsType<NodeEffect.AnswerOffers>(effects[1]);
        Assert.Equal(PartyUnderTest.Replacement.Offer, Assert.Single(answer.Offers));
        Assert.Equal(
            [typeof(NodeEffect.Reseal), typeof(NodeEffect.ToHolder), typeof(NodeEffect.ToHolder), typeof(NodeEffect.ToHolder)],
            effects.Skip(2).Where(e => e is not NodeEffect.Report).Select(e => e.GetType()));
    }

    [Fact]
    public void Replaced_Announced_ResealsTheLostSlotsSeedAsItWasAnnouncedAndNoOther()
    {
        var reseal = Assert.Single(_party.Announced().Replace().OfType<NodeEffect.Reseal>());
        Assert.Equal((Before.Digest, new Slot(1), _party.Nonce, false), (reseal.Announced.Digest, reseal.Slot, reseal.Nonce, reseal.Vector));
        Assert.Empty(_party.Replace());
    }

    [Fact]
    public void Replaced_Announced_AffirmsTheNewSetToEveryHolder()
    {
        var told = _party.Announced().Replace().OfType<NodeEffect.ToHolder>().ToArray();
        Assert.Equal([0, 1, 2], told.Select(t => t.Slot.Index));
        Assert.All(told, t => Assert.Equal(new PeerMessage.Affirmation(new Round(1), Next.Term, Next.Digest), t.Message));
    }

    [Fact]
    public void Replaced_Submitted_NeitherTrainsNorSendsItsVectorAgain()
    {
        List<NodeEffect> effects = [.. _party.Submitted().Replace(), .. _party.Acknowledge(1), .. _party.Receipt(0, 1, 2)];
        Assert.DoesNotContain(effects, e => e is NodeEffect.PrepareUpdate or NodeEffect.SubmitVector);
        Assert.False(Assert.Single(effects.OfType<NodeEffect.Reseal>()).Vector);
        Assert.Equal(new NodeMessage.Resealed(new Round(1), Next.Term), effects.Tells<NodeMessage.Resealed>());
        Assert.Empty(_party.Prepare());
    }

    [Theory]
    [InlineData("ack 1")]
    [InlineData("receipt 0")]
    [InlineData("receipt 1")]
    [InlineData("receipt 2")]
    public void Resealed_OneAnswerMissing_IsNotTold(string missing)
    {
        _party.Submitted().Replace();
        var answers = new Dictionary<string, Func<List<NodeEffect>>>
        {
            ["ack 1"] = () => _party.Acknowledge(1), ["receipt 0"] = () => _party.Receipt(0),
            ["receipt 1"] = () => _party.Receipt(1), ["receipt 2"] = () => _party.Receipt(2),
        };
        Assert.All(answers.Where(a => a.Key != missing), a => Assert.Empty(a.Value()));
        answers[missing]().Tells<NodeMessage.Resealed>();
        Assert.All(answers, a => Assert.Empty(a.Value()));
    }

    [Fact]
    public void Receipt_OfAnotherTermOrRound_DoesNotCount()
    {
        _party.Submitted();
        Assert.Empty(_party.Node.FromHolder(1, new PeerMessage.AffirmationReceipt(new Round(1), Before.Term)));
        _party.Replace();
        _party.Acknowledge(1);
        _party.Receipt(0, 2);
        Assert.Empty(_party.Node.FromHolder(1, new PeerMessage.AffirmationReceipt(new Round(1), Before.Term)));
        Assert.Empty(_party.Node.FromHolder(1, new PeerMessage.AffirmationReceipt(new Round(2), Next.Term)));
        Assert.NotEmpty(_party.Receipt(1));
    }

    [Fact]
    public void Replaced_AnnouncedButNotSubmitted_SubmitsOnceAllAnswersAreInUnderTheSetItAnnouncedTo()
    {
        _party.Announced().Acknowledge(0);
        _party.Replace();
        Assert.Empty(_party.Acknowledge(1, 2));
        Assert.Empty(_party.Receipt(0, 1));
        var effects = _party.Receipt(2);
        var submitted = Assert.IsType<NodeEffect.SubmitVector>(effects[0]);
        Assert.Equal((Before.Digest, _party.Nonce), (submitted.Leaders!.Digest, submitted.Nonce));
        effects.Tells<NodeMessage.Resealed>();
    }

    [Fact]
    public void Rotating_KeeperLostWithTheVector_SendsTheSameBytesAgainAndWaitsForItsReceipt()
    {
        var party = new PartyUnderTest(Layout.Rotating, nonce: PartyUnderTest.NonceFor(keeper: 1)).Submitted();
        party.AcknowledgeVector(1).Tells<NodeMessage.VectorDelivered>();
        Assert.True(Assert.Single(party.Replace().OfType<NodeEffect.Reseal>()).Vector);
        Assert.Empty(party.Acknowledge(1));
        Assert.Empty(party.Receipt(0, 1, 2));

        // Delivered already, as the coordinator sees it.
        party.AcknowledgeVector(1).Tells<NodeMessage.Resealed>();
    }

    [Fact]
    public void Rotating_KeeperLostBeforeItHadTheVector_TellsOfItsDeliveryAndTheResealing()
    {
        var party = new PartyUnderTest(Layout.Rotating, nonce: PartyUnderTest.NonceFor(keeper: 1)).Announced();
        Assert.False(Assert.Single(party.Replace().OfType<NodeEffect.Reseal>()).Vector);
        party.Acknowledge(0, 1, 2);
        party.Receipt(0, 1);
        Assert.Single(party.Receipt(2).OfType<NodeEffect.SubmitVector>());
        Assert.Equal(
            [new NodeMessage.VectorDelivered(new Round(1), party.Nonce.Hash), new NodeMessage.Resealed(new Round(1), Next.Term)],
            party.AcknowledgeVector(1).Tellings());
    }

    [Fact]
    public void Rotating_AnotherThanTheKeeperLost_SendsNoVector()
    {
        var party = new PartyUnderTest(Layout.Rotating, nonce: PartyUnderTest.NonceFor(keeper: 2)).Submitted();
        party.AcknowledgeVector(2);
        Assert.False(Assert.Single(party.Replace().OfType<NodeEffect.Reseal>()).Vector);
        party.Receipt(0, 1, 2);
        party.Acknowledge(1).Tells<NodeMessage.Resealed>();
    }

    [Fact]
    public void Replaced_ConfirmedByTheNewHolder_SaysThatTheKeysOfTheNewTermAreThere()
    {
        _party.Replace();
        Assert.Empty(_party.Node.FromHolder(0, new PeerMessage.Confirm()));
        Assert.Equal(Next.Term, _party.Node.FromHolder(1, new PeerMessage.Confirm()).Tells<NodeMessage.KeysEstablished>().Term);
    }

    [Fact]
    public void Replaced_OwnersRuleForPartiesForbidsTheNewSet_GoesNoFurtherAsAParty()
    {
        var party = new PartyUnderTest(policy: new NodePolicy(PartyRule: (_, leaders) =>
            leaders!.Digest == Next.Digest ? new PartyRefusal("node 4 is a competitor", "a rule of the owner") : null)).Announced();
        var effects = party.Replace();
        Assert.Equal("a rule of the owner", effects.Tells<NodeMessage.Declined>().Reason);
        Assert.DoesNotContain(effects, e => e is NodeEffect.Reseal or NodeEffect.ToHolder);
        Assert.Empty(party.Acknowledge(0, 1, 2));
    }

    /// <summary>The party submits once all three have acknowledged, and tells that its seeds are where they belong.</summary>
    private void AssertSubmitsUnder(LeaderSet leaders)
    {
        Assert.Empty(_party.Acknowledge(0, 1));
        var effects = _party.Acknowledge(2);
        Assert.Equal(leaders.Digest, Assert.Single(effects.OfType<NodeEffect.SubmitVector>()).Leaders!.Digest);
        Assert.Equal(leaders.Term, effects.Tells<NodeMessage.Resealed>().Term);
    }
}
