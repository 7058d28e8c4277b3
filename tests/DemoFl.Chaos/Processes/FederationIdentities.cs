using DemoFl.Identity;
using DemoFl.Protocol;

namespace DemoFl.Chaos.Processes;

/// <summary>Keys and roster of a federation, made before its processes, and the ids that go with names.</summary>
internal sealed class FederationIdentities
{
    private readonly Dictionary<string, string> _names = [];
    private readonly string _folder;

    private FederationIdentities(string folder) => _folder = folder;

    public string KeyFolder => Path.Combine(_folder, "keys");

    public string RosterFile => Path.Combine(_folder, "roster.txt");

    public string ServerKeyFile => Path.Combine(_folder, "server.key");

    public static FederationIdentities Make(string folder, IEnumerable<string> nodes)
    {
        var identities = new FederationIdentities(folder);
        Directory.CreateDirectory(identities.KeyFolder);
        using var serverKey = IdentityKey.LoadOrCreate(identities.ServerKeyFile);
        var roster = Roster.Empty.With(new RosterEntry(ProcessFederation.Server, serverKey.PublicKey, IsServer: true));
        foreach (string name in nodes)
        {
            using var key = IdentityKey.LoadOrCreate(Path.Combine(identities.KeyFolder, $"{name}.key"));
            roster = roster.With(new RosterEntry(name, key.PublicKey));
            identities._names[new NodeId(Hash256.Of(key.PublicKey.Span)).ToString()] = name;
        }

        roster.Save(identities.RosterFile);
        return identities;
    }

    public string NameOf(string id) => _names.GetValueOrDefault(id, id);
}
