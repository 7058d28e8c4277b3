using System.Globalization;

namespace DemoFl.Cli.Output;

/// <summary>What happens to leaders, for people.</summary>
internal static class ReorganisationText
{
    public static string Lost(string slot, string node, string reason) => $"leader {node} of slot {slot} is lost: {reason}";

    public static string Begun(string round, string slot) => $"round {round} waits while slot {slot} is filled anew";

    public static string Replaced(string round, string slot, string holder, double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"round {round}: {holder} takes slot {slot}, agreed to by every other leader after {seconds:0.00} s");

    public static string Resumed(string round, int parties, double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"round {round} goes on {seconds:0.00} s after the loss: {Resealed(parties)}, nobody trained again");

    /// <summary>What the new holder was given before the round went on; a round in which no vector was complete waits for nobody.</summary>
    public static string Resealed(int parties) => parties == 0 ? "no vector was complete yet" : $"{parties} {(parties == 1 ? "party" : "parties")} resealed";

    public static string TakenUp(string round, int leaders) =>
        $"round {round} was closing when the server stopped; it waits for the {(leaders == 1 ? "sum of its leader" : $"sums of its {leaders} leaders")}";

    public static string TenureOver(string slot, string node) => $"{node} has led for its tenure; slot {slot} is handed on";
}
