namespace DemoFl.Learning;

/// <summary>Which server optimiser.</summary>
public enum ServerOptimizerKind
{
    /// <summary>FedAvgM: m = beta1 m + delta; w += eta m.</summary>
    Momentum = 1,

    /// <summary>FedAdam: v = beta2 v + (1 - beta2) delta^2.</summary>
    Adam = 2,

    /// <summary>FedYogi: v = v - (1 - beta2) delta^2 sign(v - delta^2).</summary>
    Yogi = 3,
}
