namespace DemoFl.Learning;

/// <summary>
/// A data set split into the part to train on and the part held out to judge the model by; both of one input shape and class count.
/// </summary>
public sealed record TrainTest(Dataset Train, Dataset Test);
