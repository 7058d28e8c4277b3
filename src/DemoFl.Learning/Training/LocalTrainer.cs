namespace DemoFl.Learning;

/// <summary>
/// Trains a model on one party's examples, in the caller's thread. Equal parameters, settings and seed give equal bits on one machine.
/// Its memory is allocated once and reused from round to round. Not thread-safe: one call at a time.
/// </summary>
public sealed class LocalTrainer
{
    /// <summary>Larger batches are worked off in chunks of this many examples, so that activations stay within the caches.</summary>
    private const int MaxChunk = 64;

    private readonly Model _model;
    private readonly Dataset _data;
    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _gradient;
    private readonly int[] _order;
    private float[] _velocity = [];
    private ModelWorkspace? _workspace;

    /// <exception cref="ArgumentException">The data set is empty or does not suit the model.</exception>
    public LocalTrainer(Model model, Dataset data)
    {
        model.RequireFits(data);
        if (data.Count == 0) throw new ArgumentException("There is nothing to train on: the data set is empty.", nameof(data));

        _model = model;
        _data = data;
        _parameters = new AlignedBuffer(model.Layout.Length);
        _gradient = new AlignedBuffer(model.Layout.Length);
        _order = new int[data.Count];
    }

    /// <summary>Runs the epochs; examples are shuffled anew in each.</summary>
    /// <param name="parameters">In: the global model W_t. Out: the party's W_i. Unchanged after an exception.</param>
    /// <param name="settings">Epochs, batch size, learning rate and the like.</param>
    /// <param name="seed">Decides the order of the examples; should differ from round to round.</param>
    /// <param name="ct">Checked before every step.</param>
    /// <param name="progress">Told the share done, 0 to 1, after every step, in this thread.</param>
    /// <exception cref="ArgumentException">A setting is out of range or the number of parameters is not the model's.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite: the learning rate is too large for the data.</exception>
    public TrainingResult Train(
        Span<float> parameters, TrainingSettings settings, ulong seed, CancellationToken ct, IProgress<double>? progress = null)
    {
        settings.Validate();
        _model.RequireLength(parameters.Length);
        Prepare(settings);
        parameters.CopyTo(_parameters.Span);

        var random = new SeededRandom(seed);
        var stepsPerEpoch = (_data.Count + settings.BatchSize - 1) / settings.BatchSize;
        var tally = default(Tally);
        for (var epoch = 0; epoch < settings.Epochs; epoch++)
        {
            tally = default;
            random.Shuffle(_order);
            for (var step = 0; step < stepsPerEpoch; step++)
            {
                ct.ThrowIfCancellationRequested();
                var first = step * settings.BatchSize;
                var batch = _order.AsSpan(first, Math.Min(settings.BatchSize, _order.Length - first));
                ComputeGradient(batch, ref tally);

                // W_t is still where the caller put it.
                if (settings.Proximal > 0) ProximalTerm.Add(Trained(_gradient.Span), Trained(_parameters.Span), Trained(parameters), settings.Proximal);
                Descend(settings);
                progress?.Report((((double)epoch * stepsPerEpoch) + step + 1) / ((double)settings.Epochs * stepsPerEpoch));
            }

            if (!double.IsFinite(tally.Loss))
                throw new TrainingDivergedException(epoch + 1, settings.LearningRate);
        }

        _parameters.Span.CopyTo(parameters);
        return new TrainingResult(_data.Count, tally.Loss, tally.Correct, _data.Count);
    }

    private void Prepare(TrainingSettings settings)
    {
        var chunk = Math.Min(Math.Min(settings.BatchSize, _data.Count), MaxChunk);
        if (_workspace is null || _workspace.MaxExamples < chunk) _workspace = new ModelWorkspace(_model, chunk, training: true);
        if (settings.Momentum > 0 && _velocity.Length == 0) _velocity = new float[_gradient.Length];
        _velocity.AsSpan().Clear();
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
    }

    private void ComputeGradient(ReadOnlySpan<int> batch, ref Tally tally)
    {
        var workspace = _workspace!;
        for (var first = 0; first < batch.Length; first += workspace.MaxExamples)
        {
            var chunk = batch.Slice(first, Math.Min(workspace.MaxExamples, batch.Length - first));
            for (var i = 0; i < chunk.Length; i++) _data.FeaturesOf(chunk[i]).CopyTo(workspace.InputOf(i));
            workspace.Forward(_parameters.Span, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                var label = _data.LabelOf(chunk[i]);
                var logits = workspace.LogitsOf(i);
                tally.Loss += SoftmaxLoss.LossAndGradient(logits, label, 1f / batch.Length, workspace.LogitsGradientOf(i));
                if (SoftmaxLoss.Predict(logits) == label) tally.Correct++;
            }

            workspace.Backward(_parameters.Span, _gradient.Span, chunk.Length, accumulate: first > 0);
        }
    }

    private void Descend(TrainingSettings settings)
    {
        var (rate, decay) = (settings.LearningRate, settings.WeightDecay);
        var weights = Trained(_parameters.Span);
        var gradient = Trained(_gradient.Span);
        if (settings.Momentum > 0) Elementwise.Descend(weights, gradient, Trained(_velocity), rate, settings.Momentum, decay);
        else Elementwise.Descend(weights, gradient, rate, decay);
    }

    /// <summary>Without the columns' scale, which weight decay must not shrink either.</summary>
    private Span<float> Trained(Span<float> vector) => vector[_model.FixedLength..];

    private struct Tally
    {
        public double Loss;
        public long Correct;
    }
}
