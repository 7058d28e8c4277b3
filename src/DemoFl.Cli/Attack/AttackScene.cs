using DemoFl.Learning;

namespace DemoFl.Cli.Attack;

/// <summary>What the attacked rounds train: a model from a first W_t on the parties' parts of a data set.</summary>
/// <param name="Model">The model; d is its layout's length.</param>
/// <param name="Start">W_t.</param>
/// <param name="Parts">The examples of each party; the first N_l parties hold the slots, and the last party is the victim.</param>
/// <param name="Leaders">N_l.</param>
internal sealed record AttackScene(Model Model, float[] Start, IReadOnlyList<Dataset> Parts, int Leaders)
{
    /// <summary>From which the first W, the dealing of the examples and the shuffles follow; the keys, nonces and masks are fresh in every run.</summary>
    public const ulong Seed = 1;

    /// <summary>The smallest and the largest N_l: a node's own floor, and what a term can seat.</summary>
    public const int MinLeaders = 2, MaxLeaders = 15;

    /// <summary>Parties that lead nothing; with all leaders corrupt they are the honest ones.</summary>
    public const int OtherParties = 5;

    /// <summary>The smallest d whatever N_l: 5 / sqrt(d) is 0.1 there, far enough from 1 for chance and recovery not to meet.</summary>
    private const int LeastDimension = 2_500;

    public int Dimension => Model.Layout.Length;

    /// <summary>What |cosine| stays below when it is chance: 5 / sqrt(d), close to five standard deviations of what noise gives.</summary>
    public double Bound => 5 / Math.Sqrt(Dimension);

    /// <summary>Loads the data, deals them out and draws W_t.</summary>
    /// <exception cref="CliException">The model is too small for chance to be told from success.</exception>
    /// <exception cref="FormatException">A specification is none.</exception>
    public static AttackScene Make(string dataSpec, string modelSpec, int leaders)
    {
        var data = Datasets.Load(dataSpec).Train;
        var model = Models.Parse(modelSpec, data.Input, data.Classes);
        int needed = Math.Max(LeastDimension, LinearEstimate.FitOneIn * LinearEstimate.FitPerVector * AdversaryView.MostVectors(leaders));
        if (model.Layout.Length < needed)
        {
            throw new CliException(
                $"The model '{modelSpec}' has {model.Layout.Length} parameters on these data; with {leaders} leaders and fewer than {needed}, chance looks "
                + "like success. Give a larger one by --model, such as mlp:128.");
        }

        var parts = Partitioner.Split(data, "iid", leaders + OtherParties, Seed);
        return new AttackScene(model, model.Initialise(Seed), [.. parts.Select(part => data.Subset(part))], leaders);
    }
}
