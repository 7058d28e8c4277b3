using System.Security.Authentication;
using DemoFl.Node.Connections;
using DemoFl.V1;
using Grpc.Core;

namespace DemoFl.Cli.Commands;

/// <summary>The first word with a server, and what it means to a person when there is none.</summary>
internal static class ServerContact
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What the server says about its federation; asks for no identity.</summary>
    /// <exception cref="CliException">There is no such server, or none to talk to.</exception>
    public static async Task<FederationStatus> StatusAsync(ServerConnection connection, Uri server, CancellationToken cancellation)
    {
        try
        {
            return await new Coordinator.CoordinatorClient(connection.Control).GetStatusAsync(
                new StatusRequest(), new CallOptions(deadline: DateTime.UtcNow + Patience, cancellationToken: cancellation));
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            throw Explained(e, server, connection.CertificateComplaint);
        }
    }

    /// <summary>Ends a node at once where no patience would help: no TLS, or none to be trusted. A server that is not there yet may still come.</summary>
    /// <exception cref="CliException">The two ends will never agree on a connection.</exception>
    public static async Task RequireCommonGroundAsync(ServerConnection connection, Uri server, CancellationToken cancellation)
    {
        // A server that was stopping at the first attempt refuses connections at the second, or is back.
        if (await RefusalAsync(connection, server, cancellation) is not null && await RefusalAsync(connection, server, cancellation) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <param name="failure">What the call ended with.</param>
    /// <param name="server">The server it was for.</param>
    /// <param name="certificateComplaint">What is wrong with the certificate that the server showed, if anything.</param>
    public static CliException Explained(RpcException failure, Uri server, string? certificateComplaint)
    {
        var causes = CallFailure.Causes(failure).ToArray();
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            // A certificate out of its time is not mended at this end.
            string complaint = certificateComplaint ?? tls.Message;
            return complaint.TrimEnd('.').Contains(". ", StringComparison.Ordinal)
                ? new CliException($"No trusted TLS connection to {server}: {complaint}", ExitCode.Refused, failure)
                : new CliException(
                    $"No trusted TLS connection to {server}: {complaint} Name the authority of its certificate by --tls-ca, and the server as the certificate does.",
                    ExitCode.Refused, failure);
        }

        // A TLS server takes the connection, and answers nothing that HTTP/2 knows.
        if (server.Scheme == "http" && causes.OfType<HttpRequestException>()
            .Any(e => e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)))
        {
            return new CliException($"{server} does not speak plain HTTP/2. If it has a TLS certificate, use https://.", ExitCode.Refused, failure);
        }

        return new CliException($"{server} does not answer: {CallFailure.Reason(failure)}. Is it running, and is the address right?", ExitCode.Unreachable, failure);
    }

    private static async Task<CliException?> RefusalAsync(ServerConnection connection, Uri server, CancellationToken cancellation)
    {
        try
        {
            await StatusAsync(connection, server, cancellation);
            return null;
        }
        catch (CliException e)
        {
            return e.ExitCode == ExitCode.Refused ? e : null;
        }
    }
}
