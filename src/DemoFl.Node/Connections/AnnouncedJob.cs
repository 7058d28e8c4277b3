using DemoFl.Learning;
using DemoFl.Wire;

namespace DemoFl.Node.Connections;

/// <summary>The job as a server announces it at the join, bounded before anything is allocated for it.</summary>
internal static class AnnouncedJob
{
    private const int MaxSide = 65_536;
    private const int MaxClasses = 65_536;

    /// <summary>What a round has to do with another job than the one that the node joined for, or null: room is made for what that one needs.</summary>
    public static string? Objection(JobTerms job, RoundSpec spec) => spec.Training.Dimension == job.Dimension
        ? null
        : $"the round is of {spec.Training.Dimension} parameters, and the job that this node joined for is of {job.Dimension}";

    /// <exception cref="WireFormatException">A field is out of its bounds, or the tensors do not make a vector of the job's dimension.</exception>
    public static JobTerms FromWire(V1.Job job)
    {
        var input = new InputShape(
            Field.Int(job.Channels, "job.channels", MaxSide), Field.Int(job.Height, "job.height", MaxSide), Field.Int(job.Width, "job.width", MaxSide));
        var shapes = TensorLists.FromWire(job.Tensors, "job.tensors");
        var tensors = Field.Valid(() => new ParameterLayout(shapes.Select(t => new TensorShape(t.Name, t.Dimensions))), "job.tensors");
        if (!Enum.IsDefined((Layout)job.Layout))
        {
            throw new WireFormatException($"job.layout {job.Layout} is not known.");
        }

        int dimension = Field.Int(job.Dimension, "job.dimension", RoundSpec.MaxDimension);
        return tensors.Length == dimension
            ? new JobTerms(
                Field.Text(job.Model, "job.model"), input, Field.Int(job.Classes, "job.classes", MaxClasses), tensors, (Layout)job.Layout,
                Field.Int(job.Leaders, "job.leaders", WireLimits.MaxSlots), Field.Int(job.KMin, "job.k_min", WireLimits.MaxParties))
            : throw new WireFormatException($"job.tensors have {tensors.Length} values together, and job.dimension is {dimension}.");
    }
}
