namespace DemoFl.Simulation;

/// <summary>
/// Promise P4 by rank: all that an evil server and the nodes in league with it see of every round, as linear equations. Nobody's input may be
/// determined, nor any sum but the released one, as long as one shareholder of every party is honest: c + R at most N_l - 1.
/// </summary>
internal sealed class RoundViews(Federation federation)
{
    private readonly SortedDictionary<ulong, RoundView> _rounds = [];

    public void OnSubmitted(NodeHost party, NodeEffect.SubmitVector submit, (Seat Seat, Hash256 Mask)[] masks)
    {
        if (submit.Leaders is not { } leaders)
        {
            return;
        }

        var view = Of(submit.Spec.Round);
        var keeper = submit.Spec.Layout == Layout.Rotating ? VectorKeeper.Of(submit.Nonce, leaders.Seats.Length) : (Slot?)null;
        view.Vectors[(party.Resident.Id, submit.Nonce)] = new MaskedVector([.. masks.Select(m => m.Mask)], SeenByAll: keeper is null);
        var corrupt = leaders.Seats.Where(s => IsCorrupt(s.Holder)).Select(s => s.Slot).ToHashSet();
        view.Lost[party.Resident.Id] = corrupt;
        view.Leaders[party.Resident.Id] = leaders.Seats.Length;
        foreach (var (seat, mask) in masks.Where(m => IsCorrupt(m.Seat.Holder)))
        {
            view.Known.Add(mask);
        }
    }

    public void OnSealed(NodeHost party, NodeId receiver, PeerFrame.Sealed frame)
    {
        switch (frame.Content)
        {
            case SealedContent.Seed m:
                Of(m.Round).Resealed.Add((party.Resident.Id, frame.Context.Slot));
                if (m.Mask is { } mask && IsCorrupt(receiver))
                {
                    Of(m.Round).Known.Add(mask);
                }

                break;
            case SealedContent.Vector m when IsCorrupt(receiver):
                Of(m.Round).Shown.Add(party.Resident.Id);
                break;
        }
    }

    public void OnReleased(NodeEffect.ReleaseSum release, IReadOnlyList<(NodeId Party, Hash256? Mask)> of)
    {
        var terms = of.Zip(release.Parties, (term, party) => (term.Party, party.Nonce, term.Mask)).ToArray();
        var view = Of(release.Spec.Round);
        view.Sums.Add(terms);
        view.Released.Add([.. release.Parties.Select(p => p.Party).Where(p => !IsCorrupt(p))]);
    }

    public void Check()
    {
        foreach (var (round, view) in _rounds)
        {
            Check(round, view);
        }
    }

    /// <summary>What is known of honest inputs alone in a round.</summary>
    private List<Dictionary<object, ulong>> Known(RoundView view)
    {
        var linear = new LinearView();
        foreach (var mask in view.Known)
        {
            linear.LearnMask(mask);
        }

        foreach (var ((party, nonce), vector) in view.Vectors.Where(v => v.Value.SeenByAll || view.Shown.Contains(v.Key.Party)))
        {
            linear.Learn([((party, nonce), 1)], vector.Masks.Select(m => ((object)m, -1)));
        }

        foreach (var sum in view.Sums)
        {
            var honest = sum.Where(t => !IsCorrupt(t.Party)).ToArray();
            var kept = honest.Where(t => t.Mask is null).ToArray();
            linear.Learn(
                kept.Select(t => ((object)(t.Party, t.Nonce), 1)),
                honest.Where(t => t.Mask is not null).Select(t => ((object)t.Mask!.Value, 1))
                    .Concat(kept.SelectMany(t => view.Vectors[(t.Party, t.Nonce)].Masks.Select(m => ((object)m, -1)))));
        }

        return linear.OfInputsAlone();
    }

    private void Check(ulong round, RoundView view)
    {
        if (view.Vectors.Count == 0)
        {
            return;
        }

        federation.Tally.Count("views judged");
        var known = Known(view);
        bool everybody = view.Vectors.Keys.All(v => IsProtected(view, v.Party));
        foreach (var combination in known)
        {
            if (combination.Count == 1 && combination.Keys.First() is ValueTuple<NodeId, Nonce> (var party, _) && !view.IsReleased([party]))
            {
                federation.Tally.Count("updates worked out beyond c + R");
                Promise.Require(
                    !IsProtected(view, party),
                    $"P4: the update of {federation.Population.NameOf(party)} in round {round} is determined: {Describe(view, party)}");
            }
        }

        Promise.Require(!everybody || known.Count <= 1, $"P4: {known.Count} sums of updates of round {round} are determined, where one is released");
        Promise.Require(
            !everybody || known.Count == 0
                || (known[0].Values.Distinct().Count() == 1 && view.IsReleased(known[0].Keys.Select(k => (((NodeId Party, Nonce))k).Party))),
            $"P4: what is determined of round {round} is not the released sum");
        federation.Tally.Count(everybody ? "views within c + R" : "views beyond c + R");
        if (known.Count > 0)
        {
            federation.Tally.Count("views with a sum");
        }
    }

    private string Describe(RoundView view, NodeId party)
    {
        var resealed = view.Resealed.Where(r => r.Party == party).Select(r => r.Slot);
        return $"of {view.Leaders[party]} slots [{string.Join(' ', view.Lost[party])}] are corrupt, [{string.Join(' ', resealed)}] resealed, "
            + $"{(view.Shown.Contains(party) ? "its keeper is corrupt, " : "")}{view.Sums.Count} sums released over honest "
            + $"[{string.Join("], [", view.Released.Select(b => string.Join(' ', b.Select(federation.Population.NameOf).Order())))}]";
    }

    /// <summary>c + R slots are the adversary's, R counted over everybody; one is not.</summary>
    private static bool IsProtected(RoundView view, NodeId party) =>
        view.Lost[party].Union(view.Resealed.Select(r => r.Slot)).Count() < view.Leaders[party];

    private bool IsCorrupt(NodeId node) => federation.Population.Find(node) is not { IsCorrupt: false };

    private RoundView Of(Round round)
    {
        if (!_rounds.TryGetValue(round.Value, out var view))
        {
            _rounds[round.Value] = view = new RoundView();
        }

        return view;
    }
}

/// <summary>A vector as it was sent, and whether the server itself has it.</summary>
internal sealed record MaskedVector(IReadOnlyList<Hash256> Masks, bool SeenByAll);

/// <summary>All that matters of one round to what an adversary can work out.</summary>
internal sealed class RoundView
{
    /// <summary>Honest parties' vectors.</summary>
    public Dictionary<(NodeId Party, Nonce Nonce), MaskedVector> Vectors { get; } = [];

    /// <summary>Masks that a corrupt holder derives or was given.</summary>
    public HashSet<Hash256> Known { get; } = [];

    /// <summary>Parties whose vector a corrupt holder keeps.</summary>
    public HashSet<NodeId> Shown { get; } = [];

    /// <summary>What honest leaders have released.</summary>
    public List<(NodeId Party, Nonce Nonce, Hash256? Mask)[]> Sums { get; } = [];

    /// <summary>Honest parties of each released sum.</summary>
    public List<HashSet<NodeId>> Released { get; } = [];

    /// <summary>Slots of each party's leader set that corrupt nodes hold.</summary>
    public Dictionary<NodeId, HashSet<Slot>> Lost { get; } = [];

    /// <summary>N_l, as each party was told.</summary>
    public Dictionary<NodeId, int> Leaders { get; } = [];

    /// <summary>Slots that were given to another in this round.</summary>
    public HashSet<(NodeId Party, Slot Slot)> Resealed { get; } = [];

    public bool IsReleased(IEnumerable<NodeId> parties) => Released.Exists(b => b.SetEquals(parties));
}
