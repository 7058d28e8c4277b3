using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DemoFl.Cli.Tests.Nodes;

/// <summary>Records as a node would have written them.</summary>
internal static class Records
{
    /// <summary>Writes lines into the record of a name; each is the inside of a JSON object.</summary>
    public static string Write(TemporaryFolder folder, string name, params string[] lines)
    {
        string path = folder["keys", "node-log", name];
        Directory.CreateDirectory(path);
        string file = Path.Combine(path, "000001.jsonl");
        string previous = new('0', 64);
        var text = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            var line = JsonNode.Parse($"{{{lines[i]}}}")!.AsObject();
            line.Insert(0, "n", i + 1);
            line.Insert(1, "at", $"2030-01-02T03:04:{i % 60:00}.000Z");
            line["prev"] = previous;
            string json = line.ToJsonString();
            previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
            text.Append(json).Append('\n');
        }

        File.WriteAllText(file, text.ToString());
        return file;
    }

    /// <summary>Two rounds of one run, the second declined.</summary>
    public static string WriteSome(TemporaryFolder folder, string name = "alice") => Write(
        folder, name,
        """ "event":"start","name":"alice","torn":0 """,
        """ "event":"join","server":"https://fl.example:7070/","id":"aabbccddeeff" """,
        """ "event":"sent","messages":2,"bytes":500,"unrecorded":null """,
        """ "event":"joined","run":"0f","name":"fl","key":"1122334455" """,
        $""" "event":"answer","term":1,"slot":0,"to":"{new string('b', 64)}" """,
        $""" "event":"announcement","round":1,"slot":0,"to":"{new string('b', 64)}" """,
        """ "event":"vector","run":"0f","round":1,"layout":"masked","to":"coordinator","length":6653520,"sha256":"99ff" """,
        """ "event":"sent","messages":110,"bytes":6655000,"unrecorded":null """,
        """ "event":"ended","round":1,"outcome":"committed","parties":10,"reason":null """,
        """ "event":"declined","round":2,"reason":"the policy refuses max-rounds: enough" """,
        """ "event":"refusal","round":2,"as":"party","told":"its owner's policy (max-rounds)" """,
        """ "event":"ended","round":2,"outcome":"aborted","parties":null,"reason":"too few" """);
}
