using System.CommandLine;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary>Who belongs: a roster, a federation key, or, for trying things out, first use.</summary>
internal sealed class TrustOptions
{
    private readonly Option<FileInfo?> _roster = new("--roster") { Description = "File of allowed keys (see `demofl keys roster`)." };

    private readonly Option<FileInfo?> _authority = new("--federation-key")
    {
        Description = "Certificate of the authority that signs nodes; the server must not hold its key (see `demofl keys ca`).",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_roster);
        command.Options.Add(_authority);
    }

    /// <summary>Says what first use is worth, once everything else is in order.</summary>
    public static void Warn(ITrustPolicy policy)
    {
        if (!policy.VouchesForKeys)
        {
            Console.Error.WriteLine(
                "No --roster or --federation-key: keys are taken at first use. That holds against a curious server, not against one that forges.");
        }
    }

    public ITrustPolicy Read(ParseResult parsed) => (parsed.GetValue(_roster), parsed.GetValue(_authority)) switch
    {
        ({ }, { }) => throw new CliException("Give --roster or --federation-key, not both."),
        ({ } roster, null) => new RosterTrust(Roster.Load(roster.FullName)),
        (null, { } authority) => new FederationTrust(PemFiles.LoadCertificate(authority.FullName)),
        _ => new FirstUseTrust(),
    };
}
