using System.Globalization;
using DemoFl.Node.Owner;

namespace DemoFl.Cli.Output;

/// <summary>A line of an owner's record for people, without its time and kind.</summary>
internal static class RecordText
{
    private const int ShortDigits = 8;

    public static string Of(RecordLine line) => line.Event switch
    {
        "start" => $"{line.Text("name")}{(line.Count("torn") > 0 ? $"; {line.Count("torn")} bytes of a line that was not whole were dropped" : "")}",
        "join" => $"to {line.Text("server")}: name, key and proof of node {Short(line, "id")}",
        "joined" => $"run {line.Text("run")} of server '{line.Text("name")}', key {Short(line, "key")}",
        "refused" => line.Text("reason"),
        "offer" => $"term {line.Text("term")}: a public key for slot {line.Text("slot")}, for every node",
        "answer" => $"term {line.Text("term")}: a public key to {Receiver(line)}, slot {line.Text("slot")}",
        "announcement" => $"round {line.Text("round")}: a sealed nonce to {Receiver(line)}, slot {line.Text("slot")}",
        "reseal" => $"round {line.Text("round")}: the sealed seed of slot {line.Text("slot")} to its new holder, {Receiver(line)}",
        "affirmation" => $"round {line.Text("round")}, term {line.Text("term")}: which leaders it has resealed to, to {Receiver(line)}, slot {line.Text("slot")}",
        "vector" => $"round {line.Text("round")}: {Vector(line)}, {Bytes.Show(line.Count("length"))}, to {Receiver(line)}, SHA-256 {line.Text("sha256")}",
        "sum" => $"round {line.Text("round")}, attempt {line.Text("attempt")}: as a leader, the sum of {line.Text("parties")} parties' masks, {Bytes.Show(line.Count("length"))}, to {Receiver(line)}",
        "declined" => $"round {line.Text("round")}: {line.Text("reason")}",
        "refusal" => $"round {line.Text("round")}, as a {line.Text("as")}; told: {line.Text("told")}",
        "ended" => $"round {line.Text("round")}: {line.Text("outcome")}{(line.Text("parties") is { Length: > 0 } parties ? $", {parties} parties in the sum" : $": {line.Text("reason")}")}",
        "finished" => $"the run {(line.Text("succeeded") == "true" ? "succeeded" : "failed")}: {line.Text("reason")}",
        _ => line.Fields.ToJsonString(),
    };

    /// <summary>What a vector is in its layout.</summary>
    public static string Vector(RecordLine line) => line.Text("layout") == "plain" ? "the update in the open" : "masked vector";

    private static string Receiver(RecordLine line) => line.Text("to") is { Length: > 2 * ShortDigits } id ? id[..ShortDigits] : $"the {line.Text("to")}";

    private static string Short(RecordLine line, string key) => string.Create(CultureInfo.InvariantCulture, $"{line.Text(key)[..Math.Min(ShortDigits, line.Text(key).Length)]}");
}
