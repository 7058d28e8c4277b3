using DemoFl.Protocol;

namespace DemoFl.Wire;

/// <summary>A round's specification, to and from its message.</summary>
public static class RoundSpecs
{
    /// <summary>The spec with the coordinator's signature.</summary>
    public static V1.RoundSpec ToWire(RoundSpec value, ReadOnlyMemory<byte> signature) => new()
    {
        Run = Field.Of(value.Run), Round = value.Round.Value, ModelHash = Field.Of(value.ModelHash), Layout = (V1.Layout)value.Layout,
        Encoding = new V1.EncodingRules
        {
            RingBits = (uint)value.Encoding.RingBits, Clip = value.Encoding.Clip, MaxSampleCount = value.Encoding.MaxSampleCount,
            LossFractionBits = (uint)value.Encoding.LossFractionBits, MinClip = value.Encoding.MinClip, MaxClip = value.Encoding.MaxClip,
        },
        Training = new V1.TrainingPlan
        {
            Model = value.Training.Model, Dimension = (uint)value.Training.Dimension, Epochs = (uint)value.Training.Epochs,
            BatchSize = (uint)value.Training.BatchSize, LearningRate = value.Training.LearningRate, Momentum = value.Training.Momentum,
            WeightDecay = value.Training.WeightDecay, Seed = value.Training.Seed, Proximal = value.Training.Proximal, Server = Server(value.Training.Server),
            Stage = (V1.TrainingStage)value.Training.Stage,
        },
        Participants = { value.Participants.Select(Field.Of) },
        KMin = (uint)value.KMin, UploadDeadlineMs = (ulong)value.UploadDeadline.TotalMilliseconds,
        CloseDeadlineMs = (ulong)value.CloseDeadline.TotalMilliseconds, Signature = Field.Of(signature),
    };

    /// <summary>The spec; the caller verifies the signature.</summary>
    public static RoundSpec FromWire(V1.RoundSpec value)
    {
        if (!Enum.IsDefined((Layout)value.Layout))
        {
            throw new WireFormatException($"round_spec.layout {value.Layout} is not known.");
        }

        var training = Training(Field.Present(value.Training, "round_spec.training"));
        return new RoundSpec(
            Field.Run(value.Run, "round_spec.run"), Field.Round(value.Round, "round_spec.round"), Field.Hash(value.ModelHash, "round_spec.model_hash"), (Layout)value.Layout,
            Encoding(Field.Present(value.Encoding, "round_spec.encoding"), training.Stage), training,
            Field.List(value.Participants, "round_spec.participants", WireLimits.MaxParties, p => Field.Node(p, "round_spec.participants")),
            Field.Int(value.KMin, "round_spec.k_min", WireLimits.MaxParties), Field.Milliseconds(value.UploadDeadlineMs, "round_spec.upload_deadline_ms"),
            Field.Milliseconds(value.CloseDeadlineMs, "round_spec.close_deadline_ms"));
    }

    private static EncodingRules Encoding(V1.EncodingRules value, TrainingStage stage)
    {
        if (value.RingBits is not (16 or 32 or 64))
        {
            throw new WireFormatException($"encoding.ring_bits must be 16, 32 or 64, not {value.RingBits}.");
        }

        double most = stage == TrainingStage.Training ? WireLimits.MaxClip : StatisticsEncoding.MeansClip;
        double low = Field.Between(value.MinClip, "encoding.min_clip", 1.0 / WireLimits.MaxClip, most);
        double high = Field.Between(value.MaxClip, "encoding.max_clip", low, most);
        return new EncodingRules(
            (int)value.RingBits, Field.Between(value.Clip, "encoding.clip", low, high),
            (uint)Field.Between(value.MaxSampleCount, "encoding.max_sample_count", 1, int.MaxValue),
            Field.Int(value.LossFractionBits, "encoding.loss_fraction_bits", 32), low, high);
    }

    private static TrainingPlan Training(V1.TrainingPlan value) => !Enum.IsDefined((TrainingStage)value.Stage)
        ? throw new WireFormatException($"training.stage {value.Stage} is not known.")
        : new TrainingPlan(
        Field.Text(value.Model, "training.model"), Field.Int(value.Dimension, "training.dimension", RoundSpec.MaxDimension),
        Field.Int(value.Epochs, "training.epochs", 100_000), Field.Int(value.BatchSize, "training.batch_size", 1_000_000),
        Field.Finite(value.LearningRate, "training.learning_rate"), Field.Finite(value.Momentum, "training.momentum"),
        Field.Finite(value.WeightDecay, "training.weight_decay"), value.Seed,
        Field.Between(value.Proximal, "training.proximal", 0, TrainingPlan.MaxProximal), Server(value.Server), (TrainingStage)value.Stage);

    private static V1.ServerStep? Server(ServerStep value) => value == default ? null : new V1.ServerStep
    {
        Method = (V1.ServerMethod)value.Method, LearningRate = value.LearningRate, Beta1 = value.Beta1, Beta2 = value.Beta2, Tau = value.Tau,
    };

    private static ServerStep Server(V1.ServerStep? value)
    {
        if (value is null)
        {
            return default;
        }

        if (!Enum.IsDefined((ServerMethod)value.Method))
        {
            throw new WireFormatException($"server_step.method {value.Method} is not known.");
        }

        return new ServerStep(
            (ServerMethod)value.Method, Field.Between(value.LearningRate, "server_step.learning_rate", 0, ServerStep.MaxLearningRate),
            Field.Between(value.Beta1, "server_step.beta1", 0, 1), Field.Between(value.Beta2, "server_step.beta2", 0, 1),
            Field.Between(value.Tau, "server_step.tau", 0, 1));
    }
}
