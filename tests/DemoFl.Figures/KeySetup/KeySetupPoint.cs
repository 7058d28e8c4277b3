namespace DemoFl.Figures.KeySetup;

/// <summary>The key agreement of N nodes with N_l leaders.</summary>
/// <param name="Nodes">N.</param>
/// <param name="Leaders">N_l.</param>
/// <param name="Messages">Logical messages of election and key agreement.</param>
/// <param name="NodeMs">Processor time of one node as a party, in milliseconds: the median of the repetitions.</param>
/// <param name="LeaderMs">Processor time of one leader as a leader.</param>
/// <param name="TotalMs">Processor time of all nodes and leaders.</param>
internal sealed record KeySetupPoint(int Nodes, int Leaders, long Messages, double NodeMs, double LeaderMs, double TotalMs);

/// <summary>A sweep as measured.</summary>
/// <param name="Clock">What the times are of.</param>
/// <param name="Repetitions">How often each point was measured, in turns with the others.</param>
/// <param name="Points">In growing order.</param>
internal sealed record KeySetupRecord(string Clock, int Repetitions, IReadOnlyList<KeySetupPoint> Points);
