using System.Globalization;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Identity;

namespace DemoFl.Cli.Runs;

/// <summary>Who is who in a run on this machine: which process hosts which parties, and their keys and roster in the run's folder.</summary>
internal sealed class LocalIdentities(JobValues job, string folder)
{
    public string KeyFolder => Path.Combine(folder, "keys");

    public string RosterFile => Path.Combine(folder, "roster.txt");

    public string ServerKeyFile => Path.Combine(folder, "server.key");

    public static string ProcessName(int process) => string.Create(CultureInfo.InvariantCulture, $"node-{process + 1:D3}");

    /// <summary>Whether a node of this name is in a process of that one.</summary>
    public static bool IsHosted(string node, string process) => node == process || node.StartsWith($"{process}-", StringComparison.Ordinal);

    public (int First, int Count) PartiesOf(int process)
    {
        int first = (int)((long)job.Parties * process / job.Processes);
        return (first, (int)((long)job.Parties * (process + 1) / job.Processes) - first);
    }

    /// <summary>Makes every node's key and the server's beforehand, so that a roster can vouch for all of them.</summary>
    public NodeNames Prepare()
    {
        Directory.CreateDirectory(KeyFolder);
        using var serverKey = IdentityKey.LoadOrCreate(ServerKeyFile);
        var roster = Roster.Empty.With(new RosterEntry("server", serverKey.PublicKey, IsServer: true));
        for (int process = 0; process < job.Processes; process++)
        {
            foreach (string name in NamesOf(process))
            {
                using var key = IdentityKey.LoadOrCreate(Path.Combine(KeyFolder, $"{name}.key"));
                roster = roster.With(new RosterEntry(name, key.PublicKey));
            }
        }

        roster.Save(RosterFile);
        return NodeNames.Of(roster);
    }

    private IEnumerable<string> NamesOf(int process)
    {
        int count = PartiesOf(process).Count;
        return count == 1 ? [ProcessName(process)] : Enumerable.Range(1, count).Select(i => $"{ProcessName(process)}-{i}");
    }
}
