namespace DemoFl.Fuzz;

/// <summary>All targets.</summary>
internal static class TargetList
{
    private static readonly Func<Target>[] All =
    [
        WireTargets.ServerFrames, () => new SignedFrameTarget(), WireTargets.NodeFrames, WireTargets.BeatsSent, WireTargets.BeatsAnswered, WireTargets.Envelopes,
        () => new PeerContentTarget(), () => new JoinTarget(), WireTargets.JoinAnswers, () => new VectorUploadTarget(), () => new VectorPieceTarget(),
        WireTargets.TrainerDescriptions, () => new StatusTarget(), () => new TrainReplyTarget(), () => new JournalTarget(), () => new JournalReplayTarget(), () => new ClosingSumTarget(), () => new SafetensorsTarget(),
        () => new BestModelTarget(), DataTargets.IdxImages, DataTargets.IdxLabels, DataTargets.Cifar, DataTargets.Csv, DataTargets.CsvColumns,
        () => new JobFileTarget(), () => new PolicyFileTarget(), RunFileTargets.LastReport, RunFileTargets.BegunWith, RunFileTargets.RoundCount,
        () => new OwnerRecordTarget(), IdentityTargets.Roster, IdentityTargets.Tokens, IdentityTargets.RedeemedTokens, IdentityTargets.CertificateFile,
        IdentityTargets.KeyFile, IdentityTargets.ShownCertificate, () => new ModelSpecTarget(), () => new SealedTarget(), () => new KeyAnswerTarget(), () => new NodeMachineTarget(),
        () => new CoordinatorMachineTarget(),
    ];

    public static string[] Names { get; } = [.. All.Select(make =>
    {
        using var target = make();
        return target.Name;
    })];

    /// <summary>Those of these names, or all; the caller disposes them.</summary>
    public static IReadOnlyList<Target> Create(params string[] names) =>
        [.. All.Zip(Names).Where(t => names.Length == 0 || names.Contains(t.Second)).Select(t => t.First())];
}
