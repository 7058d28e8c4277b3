using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary>A folder with the certificate and the private key of a federation's authority.</summary>
internal readonly record struct AuthorityFolder(string Path)
{
    public string CertificatePath => System.IO.Path.Combine(Path, "ca.crt");

    public string KeyPath => System.IO.Path.Combine(Path, "ca.key");

    public static Option<string?> Option(bool required) =>
        new("--ca") { Description = "Folder of the authority that signs (see `demofl keys ca`).", HelpName = "DIR", Required = required };

    /// <summary>The authority with its private key. The caller disposes it.</summary>
    /// <exception cref="CliException">There is no authority in the folder.</exception>
    public X509Certificate2 Load()
    {
        foreach (var path in (string[])[CertificatePath, KeyPath])
        {
            if (!File.Exists(path))
                throw new CliException(
                    $"'{path}' does not exist. Make an authority with `demofl keys ca --out '{Path}'`, or name its folder by --ca.");
        }

        return PemFiles.LoadCertificateWithKey(CertificatePath, KeyPath);
    }
}
