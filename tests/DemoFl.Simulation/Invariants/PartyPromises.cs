namespace DemoFl.Simulation;

/// <summary>
/// A party trains once a round and sends one vector, under one nonce, when everybody can unmask it; and it reseals one slot, to one new holder that
/// every surviving leader has signed for (P3, P6, C2).
/// </summary>
internal sealed class PartyPromises(Federation federation, PartyWords words)
{
    private readonly HashSet<(NodeId Party, Incarnation Life, Round Round)> _trained = [];
    private readonly HashSet<(NodeId Party, Incarnation Life, Round Round)> _submitted = [];
    private readonly HashSet<(NodeHost Party, Round Round, Slot Slot)> _acknowledged = [];
    private readonly Dictionary<(NodeHost Party, Round Round), Nonce> _nonces = [];
    private readonly HashSet<Hash256> _noncesEver = [];
    private readonly HashSet<Hash256> _masks = [];
    private readonly HashSet<(NodeHost Party, Round Round)> _resealed = [];
    private readonly Dictionary<NodeHost, List<ServerMessage.Replaced>> _replaced = [];

    public void AfterStep(NodeHost node, NodeInput input)
    {
        switch (input)
        {
            case NodeInput.FromHolder { Message: PeerMessage.Acknowledgement { Vector: false } m } from:
                _acknowledged.Add((node, m.Round, from.Slot));
                break;
            case NodeInput.FromServer { Message: ServerMessage.Replaced m }:
                if (!_replaced.TryGetValue(node, out var told))
                {
                    _replaced[node] = told = [];
                }

                told.Add(m);
                break;
        }
    }

    public void On(NodeHost node, NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.PrepareUpdate m:
                Promise.Require(_trained.Add(Key(node, m.Spec.Round)), $"C2: {node.Resident.Name} trains twice in round {m.Spec.Round}");
                Promise.Require(
                    m.Spec.Layout == Layout.Plain || m.Spec.KMin >= node.Resident.Policy.MinKMin,
                    $"P6: {node.Resident.Name} takes part below its floor of k_min");
                break;
            case NodeEffect.SubmitVector m:
                OnSubmitting(node, m);
                break;
            case NodeEffect.Reseal m:
                OnResealing(node, m);
                break;
        }
    }

    public void OnTrained(NodeHost node, RoundSpec spec, uint[] update, Nonce nonce)
    {
        _nonces[(node, spec.Round)] = nonce;
        words.Keep(spec.Round, node.Resident.Id, nonce.Hash, update);
    }

    public void OnSealed(NodeHost node, PeerFrame.Sealed frame)
    {
        switch (frame.Content)
        {
            case SealedContent.Said { Message: PeerMessage.Announcement m } when frame.ToHolder:
                Promise.Require(
                    _nonces.TryGetValue((node, m.Round), out var own) && own == m.Nonce,
                    $"C2: {node.Resident.Name} announces another nonce than its update's in round {m.Round}");
                words.GiveWord(m.Round, node.Resident.Id, m.Leaders);
                words.Announce(node.Resident.Id, m);
                break;
            case SealedContent.Said { Message: PeerMessage.Affirmation m } when frame.ToHolder:
                words.GiveWord(m.Round, node.Resident.Id, m.Leaders);
                break;
        }
    }

    public void OnSubmitted(NodeHost node, NodeEffect.SubmitVector submit, (Seat Seat, Hash256 Mask)[] masks)
    {
        foreach (var (_, mask) in masks)
        {
            Promise.Require(_masks.Add(mask), $"P4: {node.Resident.Name} masks two vectors alike");
        }

        if (submit.Leaders is { } leaders && masks.Length > 0)
        {
            RequireBound(submit.Spec, leaders, masks[0].Seat.Slot, submit.Nonce);
        }
    }

    private void OnSubmitting(NodeHost node, NodeEffect.SubmitVector submit)
    {
        var round = submit.Spec.Round;
        Promise.Require(_submitted.Add(Key(node, round)), $"C2: {node.Resident.Name} sent its vector of round {round} twice");
        Promise.Require(submit.Leaders is not null || submit.Spec.Layout == Layout.Plain, $"P4: {node.Resident.Name} sends a vector without a mask");
        Promise.Require(
            submit.Leaders is null || submit.Leaders.Seats.All(s => _acknowledged.Contains((node, round, s.Slot))),
            $"C2: {node.Resident.Name} sent its vector of round {round} before every holder had acknowledged");
        Promise.Require(submit.Spec.Layout == Layout.Plain || _noncesEver.Add(submit.Nonce.Value), $"P4: {node.Resident.Name} uses a nonce again");
    }

    private void OnResealing(NodeHost node, NodeEffect.Reseal reseal)
    {
        var round = reseal.Spec.Round;
        Promise.Require(_resealed.Add((node, round)), $"P3: {node.Resident.Name} reseals a second slot in round {round}");
        Promise.Require(
            _replaced.GetValueOrDefault(node)?.Exists(m => m.Round == round && m.Offer.Offer.Slot == reseal.Slot && EverySurvivorSigned(reseal, m)) ?? false,
            $"P3: {node.Resident.Name} reseals slot {reseal.Slot} in round {round} without the signatures of all surviving leaders");
    }

    private bool EverySurvivorSigned(NodeEffect.Reseal reseal, ServerMessage.Replaced told)
    {
        byte[] statement = Replacement.Of(told.Round, told.Leaders, told.Offer.Offer).Statement();
        return reseal.Announced.Seats.All(s => s.Slot == reseal.Slot || federation.Signatures.Verify(s.Holder, statement));
    }

    /// <summary>The seed is bound to everything it must be bound to: other values, other bytes.</summary>
    private static void RequireBound(RoundSpec spec, LeaderSet leaders, Slot slot, Nonce nonce)
    {
        byte[] own = Of(spec.Run, spec.Round, slot, nonce, leaders.Digest, spec.Digest);
        var other = Hash256.Of(own);
        Promise.Require(
            !own.AsSpan().SequenceEqual(Of(new RunId(spec.Run.Value + 1), spec.Round, slot, nonce, leaders.Digest, spec.Digest)),
            "P7: the seed is not bound to the run");
        Promise.Require(
            !own.AsSpan().SequenceEqual(Of(spec.Run, spec.Round.Next, slot, nonce, leaders.Digest, spec.Digest)),
            "P7: the seed is not bound to the round");
        Promise.Require(
            !own.AsSpan().SequenceEqual(Of(spec.Run, spec.Round, new Slot(slot.Index + 1), nonce, leaders.Digest, spec.Digest)),
            "P7: the seed is not bound to the slot");
        Promise.Require(
            !own.AsSpan().SequenceEqual(Of(spec.Run, spec.Round, slot, new Nonce(other), leaders.Digest, spec.Digest)),
            "P7: the seed is not bound to the nonce");
        Promise.Require(
            !own.AsSpan().SequenceEqual(Of(spec.Run, spec.Round, slot, nonce, other, spec.Digest)), "P7: the seed is not bound to the leader set");
        Promise.Require(
            !own.AsSpan().SequenceEqual(Of(spec.Run, spec.Round, slot, nonce, leaders.Digest, other)),
            "P7: the seed is not bound to the round's specification");

        static byte[] Of(RunId run, Round round, Slot slot, Nonce nonce, Hash256 leaders, Hash256 spec) =>
            MaskContext.Statement(run, round, slot, nonce, leaders, spec);
    }

    private static (NodeId, Incarnation, Round) Key(NodeHost node, Round round) => (node.Resident.Id, node.Incarnation, round);
}
