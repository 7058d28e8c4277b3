namespace DemoFl.Figures.Accuracy;

/// <summary>All runs of a study that were measured.</summary>
/// <param name="DataSet">The data set.</param>
/// <param name="Job">The settings that all runs share.</param>
/// <param name="Runs">By layout and seed, in the order of measuring.</param>
internal sealed record AccuracyRecord(string DataSet, SortedDictionary<string, string> Job, IReadOnlyList<AccuracyRun> Runs)
{
    public AccuracyRun? Find(string layout, ulong seed) => Runs.FirstOrDefault(r => r.Layout == layout && r.Seed == seed);
}

/// <summary>One run, round by round. A run that was interrupted has fewer rounds than its study.</summary>
/// <param name="Layout">masked or plain.</param>
/// <param name="Seed">From which first model, draws and shuffles follow.</param>
/// <param name="BytesPerPartyAndRound">What a selected party sent in a round, on average over all rounds.</param>
/// <param name="Aborted">Rounds that changed nothing; their numbers are used up.</param>
/// <param name="Accuracy">Share of the test examples classified correctly after each round.</param>
/// <param name="Loss">Mean cross-entropy on the test examples, in nats.</param>
internal sealed record AccuracyRun(
    string Layout, ulong Seed, double BytesPerPartyAndRound, int Aborted, IReadOnlyList<double> Accuracy, IReadOnlyList<double> Loss);
