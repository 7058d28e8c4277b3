namespace DemoFl.Figures.RoundTime;

/// <summary>Where a party's round goes, in seconds: medians over parties and rounds.</summary>
/// <param name="Setting">The layout and its leaders, for people.</param>
/// <param name="Leaders">N_l; 0 in the plain layout.</param>
/// <param name="Fetch">From the round's opening to the whole of W_t.</param>
/// <param name="Queue">Waiting for a core: all parties share one machine here.</param>
/// <param name="Train">Local training.</param>
/// <param name="Prepare">From the trained model to the first byte sent: difference, encoding, announcements and their acknowledgements, masks.</param>
/// <param name="Upload">The vector, to the server's receipt.</param>
/// <param name="Wait">For the other parties, until the last vector is in.</param>
/// <param name="Close">From there to the commit: the leaders' sets, digests and sums, and the new model.</param>
internal sealed record RoundTimes(
    string Setting, int Leaders, double Fetch, double Queue, double Train, double Prepare, double Upload, double Wait, double Close);

/// <summary>All settings as measured.</summary>
/// <param name="Parties">Parties, each in every round.</param>
/// <param name="Rounds">Rounds measured for each setting, each after one that is not.</param>
/// <param name="Cores">Cores of the machine, which all parties and the server share.</param>
/// <param name="Load">The machine's load average when it was done, where the system tells: far above the cores, other work was in the way.</param>
/// <param name="Settings">One entry a setting.</param>
internal sealed record RoundTimeRecord(int Parties, int Rounds, int Cores, double? Load, IReadOnlyList<RoundTimes> Settings);
