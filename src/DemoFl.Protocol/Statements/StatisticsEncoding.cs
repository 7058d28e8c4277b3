namespace DemoFl.Protocol;

/// <summary>
/// How the rounds before training are encoded, whatever the job says of its updates: in the ring of 64 bits, with a fixed and public clip. Columns
/// are of any scale, so that a rule which follows earlier rounds has nothing to go by. With n parties, C examples on average and the job's C_max, a
/// federation's value is off by at most 2^(ceil(log2 n) - 63) * clip * C_max / C: for ten parties that is 2^-27 C_max / C of a mean and
/// 2^-39 C_max / C of a variance.
/// </summary>
public static class StatisticsEncoding
{
    /// <summary>k.</summary>
    public const int RingBits = 64;

    /// <summary>The largest mean and mean magnitude: 2^32, beyond seconds since 1970.</summary>
    public const double MeansClip = 1L << 32;

    /// <summary>The largest variance in squares of the column's magnitude: 2^20, that of a column which is zero but for one example in a million.</summary>
    public const double VariancesClip = 1L << 20;

    /// <summary>The encoding of a round of this stage; of a training round, the job's own.</summary>
    public static EncodingRules Of(EncodingRules job, TrainingStage stage) => stage switch
    {
        TrainingStage.Means => Fixed(job, MeansClip),
        TrainingStage.Variances => Fixed(job, VariancesClip),
        _ => job,
    };

    /// <summary>Why a round before training is not encoded as it must be, or null.</summary>
    public static string? Objection(RoundSpec spec) => spec.Encoding == Of(spec.Encoding, spec.Training.Stage)
        ? null
        : $"the {spec.Training.Stage} of columns are encoded in {spec.Encoding.RingBits} bits with a clip of {spec.Encoding.Clip}, and not in "
            + $"{RingBits} with {Of(spec.Encoding, spec.Training.Stage).Clip}";

    private static EncodingRules Fixed(EncodingRules job, double clip) => job with { RingBits = RingBits, Clip = clip, MinClip = clip, MaxClip = clip };
}
