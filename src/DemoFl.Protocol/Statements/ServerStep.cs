namespace DemoFl.Protocol;

/// <summary>How the aggregate delta becomes a step of the model (Reddi et al., "Adaptive Federated Optimization", 2021).</summary>
public enum ServerMethod
{
    /// <summary>Added as it is: plain federated averaging. The default.</summary>
    None = 0,

    /// <summary>FedAvgM.</summary>
    Momentum = 1,

    /// <summary>FedAdam.</summary>
    Adam = 2,

    /// <summary>FedYogi.</summary>
    Yogi = 3,
}

/// <summary>
/// What the coordinator makes of the aggregate delta. The default value is plain federated averaging, to which the numbers mean nothing.
/// </summary>
/// <param name="Method">Which of them.</param>
/// <param name="LearningRate">eta, the server's step size, above 0 to <see cref="MaxLearningRate"/>.</param>
/// <param name="Beta1">Decay of the first moment, 0 to below 1.</param>
/// <param name="Beta2">Decay of the second moment, 0 to below 1; 0 where there is none.</param>
/// <param name="Tau">The degree of adaptivity, above 0 to 1; 0 where there is no second moment.</param>
public readonly record struct ServerStep(ServerMethod Method, double LearningRate, double Beta1, double Beta2, double Tau)
{
    /// <summary>The largest eta.</summary>
    public const double MaxLearningRate = 100;
}
