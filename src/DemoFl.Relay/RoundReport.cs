using DemoFl.Protocol;

namespace DemoFl.Relay;

/// <summary>
/// One committed round for people and files. Loss and accuracy are on the held-out set, NaN without one; the training figures are the
/// sums that the lanes revealed, NaN when parties judged nothing, as in the rounds before training. Bytes are counted at the server, as gRPC messages with their framing.
/// </summary>
public sealed record RoundReport(
    Round Round, int Parties, int Intersection, int Leaders, double Seconds, double Loss, double Accuracy, double TrainingLoss,
    double TrainingAccuracy, double ClippedShare, TrafficCount Traffic,
    TrainingStage Stage = TrainingStage.Training);
