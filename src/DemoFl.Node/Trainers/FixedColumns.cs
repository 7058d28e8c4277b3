using DemoFl.Learning;

namespace DemoFl.Node.Trainers;

/// <summary>
/// What a stage does not change in a standardised model: the columns' scale in training, and everything else before it. A trainer's own layer may
/// do something to it all the same; the update must not.
/// </summary>
internal sealed class FixedColumns
{
    private readonly int _length;

    private FixedColumns(int length) => _length = length;

    /// <summary>Null for a model without such columns, and for one that is not what it is called: a trainer's comparison says more of that.</summary>
    public static FixedColumns? Of(JobTerms job)
    {
        if (!Models.IsStandardized(job.Model))
        {
            return null;
        }

        try
        {
            var model = Models.Parse(job.Model, job.Input, job.Classes);
            return model.Layout.SameAs(job.Tensors, out _) ? new FixedColumns(model.FixedLength) : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A copy of what must not change.</summary>
    public float[] Keep(ReadOnlySpan<float> parameters, TrainingStage stage) =>
        stage == TrainingStage.Training ? parameters[.._length].ToArray() : parameters[_length..].ToArray();

    /// <summary>Puts it back.</summary>
    public void Restore(ReadOnlySpan<float> kept, Span<float> parameters, TrainingStage stage) =>
        kept.CopyTo(stage == TrainingStage.Training ? parameters : parameters[_length..]);
}
