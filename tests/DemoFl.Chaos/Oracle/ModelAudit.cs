using DemoFl.Learning;

namespace DemoFl.Chaos.Oracle;

/// <summary>
/// Follows a run's committed rounds from look to look: what was committed stays so, and every model is the one that the parties in its sums make, bit by bit.
/// Not thread-safe.
/// </summary>
/// <param name="model">The oracle, at the run's start; null where the models are not known, and only what is lost is looked for.</param>
internal sealed class ModelAudit(ExactModel? model)
{
    private readonly List<CommittedRound> _seen = [];
    private readonly List<string> _wrong = [];

    /// <summary>Checkpoints that were still there and equal the oracle.</summary>
    public int Compared { get; private set; }

    /// <summary>All that was ever wrong, one line each.</summary>
    /// <param name="committed">All committed rounds, in the journal's order.</param>
    /// <param name="runFolder">Where their checkpoints are, as far as they are kept.</param>
    public IReadOnlyList<string> Check(IReadOnlyList<CommittedRound> committed, string runFolder)
    {
        for (int i = 0; i < _seen.Count; i++)
        {
            if (i >= committed.Count || (committed[i].Round, committed[i].ModelHash) != (_seen[i].Round, _seen[i].ModelHash))
            {
                _wrong.Add($"round {_seen[i].Round} was committed, and is lost");
                return _wrong;
            }
        }

        foreach (var commit in committed.Skip(_seen.Count))
        {
            _seen.Add(commit);
            if (model is not null && _wrong.Count == 0)
            {
                Check(model, commit, runFolder);
            }
        }

        return _wrong;
    }

    private void Check(ExactModel oracle, CommittedRound commit, string runFolder)
    {
        if (commit.Selected is not { } selected || commit.Parties.Count == 0)
        {
            _wrong.Add($"round {commit.Round}: nobody can say who is in it");
            return;
        }

        oracle.Commit(commit.Round, commit.Parties, selected);
        if (oracle.Hash != commit.ModelHash)
        {
            _wrong.Add($"round {commit.Round}: the model is not the sum of {string.Join(", ", commit.Parties)}");
        }
        else if (!IsKeptAs(oracle, Path.Combine(runFolder, "checkpoints", commit.Checkpoint)))
        {
            _wrong.Add($"round {commit.Round}: the checkpoint is not the committed model");
        }
    }

    /// <summary>The server keeps a few, and takes the oldest away while this looks.</summary>
    private bool IsKeptAs(ExactModel oracle, string path)
    {
        try
        {
            bool equal = Safetensors.Read(path).Values.AsSpan().SequenceEqual(oracle.Values);
            Compared += equal ? 1 : 0;
            return equal;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
    }
}
