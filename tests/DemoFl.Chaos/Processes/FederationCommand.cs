using System.Globalization;

namespace DemoFl.Chaos.Processes;

/// <summary>The command lines of a federation's processes.</summary>
internal static class FederationCommand
{
    public static IEnumerable<string> OfServer(ProcessFederation federation, FederationIdentities identities, bool resumes)
    {
        IEnumerable<string> arguments =
        [
            "server", "--listen", federation.Plan.Listen, "--port", Text(federation.Port), "--folder", federation.RunFolder, "--key", identities.ServerKeyFile,
            .. TrustOf(federation, identities), "--json", "--exit-with-input", .. JobOf(federation).SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" }),
        ];
        return resumes ? arguments.Append("--resume") : arguments;
    }

    public static IEnumerable<string> OfNode(ProcessFederation federation, FederationIdentities identities, string name)
    {
        IEnumerable<string> training = federation.Plan.Exact
            ? ["--trainer", federation.Trainer.Address]
            : ["--parts", Text(federation.Nodes.Count), "--index", Text(IndexOf(federation, name))];
        return
        [
            "node", "--server", federation.Plan.RouteOf(name, federation.Address).ToString(), "--name", name, "--keys", identities.KeyFolder,
            .. TrustOf(federation, identities), "--json", "--exit-with-input", .. training,
        ];
    }

    private static IEnumerable<string> TrustOf(ProcessFederation federation, FederationIdentities identities) => federation.Plan.Trust ?? ["--roster", identities.RosterFile];

    /// <summary>The settings of the job; the later of two of one name holds.</summary>
    private static SortedDictionary<string, string> JobOf(ProcessFederation federation)
    {
        var plan = federation.Plan;
        var job = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["parties"] = Text(plan.Nodes), ["processes"] = Text(plan.Nodes), ["rounds"] = Text(plan.Rounds), ["leaders"] = Text(plan.Leaders), ["seed"] = "7",
            ["election-window"] = "100ms", ["upload-deadline"] = "20s", ["close-deadline"] = "10s", ["tenure"] = "0",
        };
        if (plan.Exact)
        {
            (job["model"], job["start"], job["evaluate"]) = ("external", federation.StartFile, "false");
            (job["clip"], job["clip-min"], job["clip-max"]) = ("0.5", "0.5", "0.5");
            job["max-samples"] = Text((int)Training.GridUpdates.MaxSamples);
        }

        foreach (var (key, value) in plan.Job)
        {
            job[key] = value;
        }

        return job;
    }

    private static int IndexOf(ProcessFederation federation, string name) => federation.Nodes.TakeWhile(n => n != name).Count();

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
