namespace DemoFl.Learning;

/// <summary>
/// What a layer works on in one forward or backward pass over a chunk of examples. All arrays are dense, one example after another.
/// </summary>
internal readonly unsafe struct LayerPass
{
    /// <summary>The number of examples.</summary>
    public int Examples { get; init; }

    /// <summary>The layer's own part of the parameter vector.</summary>
    public float* Parameters { get; init; }

    /// <summary>The layer's own part of the gradient vector; written in the backward pass.</summary>
    public float* Gradient { get; init; }

    /// <summary>Whether to add to the gradient (later chunks of one batch) rather than to overwrite it.</summary>
    public bool Accumulate { get; init; }

    public float* Input { get; init; }

    public float* Output { get; init; }

    public float* OutputGradient { get; init; }

    /// <summary>Where the loss's gradient by the input goes; null where no layer before is trained.</summary>
    public float* InputGradient { get; init; }

    /// <summary>The layer's own memory, zero at first and kept from pass to pass.</summary>
    public float* Scratch { get; init; }

    public Gemm Gemm { get; init; }
}
