namespace DemoFl.Protocol.Tests;

/// <summary>
/// A coordinator with nodes 0, 1 and 2 as leaders in a round of parties 0 to 5, k_min 3, and the steps by which node 3 takes the slot of node 1
/// (DESIGN section 7).
/// </summary>
internal sealed class ReorganisationUnderTest
{
    public const int Lost = 1;

    public const int Winner = 3;

    public ReorganisationUnderTest(RoundStage stage = RoundStage.Uploading, CoordinatorRules? rules = null)
    {
        Coordinator = new CoordinatorUnderTest(rules ?? Rules());
        _ = stage switch
        {
            RoundStage.Uploading => Coordinator.ToUploading(6),
            RoundStage.Intersecting => Coordinator.ToIntersecting(6),
            RoundStage.Agreeing => Coordinator.ToAgreeing(6),
            RoundStage.Closing => Coordinator.ToClosing(6),
            RoundStage.Releasing => Coordinator.ToReleasing(6),
            RoundStage.Committing => Coordinator.ToCommitting(6),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "no way there"),
        };
        (Round, Before) = (Coordinator.Spec.Round, Coordinator.Leaders);
    }

    public CoordinatorUnderTest Coordinator { get; }

    /// <summary>The round in which the leader is lost.</summary>
    public Round Round { get; }

    /// <summary>L.</summary>
    public LeaderSet Before { get; }

    /// <summary>L', as it was offered to the winner.</summary>
    public LeaderSet Next { get; private set; } = null!;

    public SignedOffer WinnersOffer => Some.Offer(Next.Seats[Lost], Round);

    public static CoordinatorRules Rules(LeaderCare? care = null, Layout layout = Layout.Masked) =>
        Some.Rules(leaders: 3, minimumNodes: 6, rounds: 9, layout: layout, care: care ?? Some.Care());

    public List<CoordinatorEffect> Lose(int node = Lost) => Coordinator.Depart(node);

    /// <summary>A node recommends itself in the open election; the winner is offered the slot.</summary>
    public List<CoordinatorEffect> Recommend(int node = Winner)
    {
        var effects = Coordinator.Recommend(node);
        Next = effects.Messages<ServerMessage.SlotOffered>().SingleOrDefault()?.Leaders ?? Next;
        return effects;
    }

    /// <summary>The winner offers its keys.</summary>
    public List<CoordinatorEffect> Offer(int node = Winner, SignedOffer? offer = null) =>
        Coordinator.Say(node, new NodeMessage.OfferMade(offer ?? WinnersOffer));

    public SignedReplacement Agreement(int slot) => new(new Slot(slot), Replacement.Of(Round, Next, WinnersOffer.Offer), default);

    public List<CoordinatorEffect> Agree(int leader, SignedReplacement? signed = null) =>
        Coordinator.Say(leader, new NodeMessage.ReplacementAgreed(Round, signed ?? Agreement(leader)));

    /// <summary>From the loss to where the survivors are asked.</summary>
    public ReorganisationUnderTest Asked()
    {
        Lose();
        Recommend();
        Offer();
        return this;
    }

    /// <summary>From the loss to the new set; the effects of the last agreement.</summary>
    public List<CoordinatorEffect> Replace()
    {
        Asked();
        Agree(0);
        return Agree(2);
    }

    public List<CoordinatorEffect> Reseal(params int[] parties) =>
        [.. parties.SelectMany(p => Coordinator.Say(p, new NodeMessage.Resealed(Round, Next.Term)))];
}
