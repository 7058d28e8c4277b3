using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Who is at the other end of a connection.</summary>
internal static class Peer
{
    private const string CommonName = "x509_common_name";
    private const string CommonNameOid = "2.5.4.3";
    private const string AlternativeName = "x509_subject_alternative_name";

    /// <summary>The address in gRPC's notation.</summary>
    public static string Of(ConnectionInfo connection)
    {
        // A connection without an address came through a Unix socket or stays within the process.
        if (connection.RemoteIpAddress is not { } address) return "unix:";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"ipv4:{new IPEndPoint(address, connection.RemotePort)}"
            : $"ipv6:{new IPEndPoint(address, connection.RemotePort)}";
    }

    /// <summary>
    /// What the client's certificate says; TLS has verified it as the server's configuration demands. Its identity is its alternative DNS
    /// names, or else its common name, as in other gRPC servers.
    /// </summary>
    public static AuthContext Authenticate(X509Certificate2? certificate)
    {
        var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal);
        if (certificate is null) return new AuthContext(null, properties);

        var names = certificate.Extensions
            .OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames());
        foreach (var name in names)
            Add(AlternativeName, name);

        // Not GetNameInfo: where there is no common name, that takes whatever the subject has.
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == CommonNameOid && part.GetSingleElementValue() is { Length: > 0 } value)
                Add(CommonName, value);
        }

        var identity = properties.ContainsKey(AlternativeName) ? AlternativeName : properties.ContainsKey(CommonName) ? CommonName : null;
        return new AuthContext(identity, properties);

        void Add(string name, string value)
        {
            if (!properties.TryGetValue(name, out var values)) properties[name] = values = [];
            values.Add(AuthProperty.Create(name, Encoding.UTF8.GetBytes(value)));
        }
    }
}
