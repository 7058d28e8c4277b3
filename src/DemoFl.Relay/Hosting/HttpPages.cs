using DemoFl.Relay.Coordination;
using DemoFl.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DemoFl.Relay.Hosting;

/// <summary>The HTTP/1.1 pages, on a port of their own: is the process alive, and what is the federation doing.</summary>
internal static class HttpPages
{
    public static void Map(WebApplication web, ServerSettings settings)
    {
        if (settings.HttpPort is null)
        {
            return;
        }

        web.MapGet("/healthz", () => Results.Text("ok\n"));
        web.MapGet("/status.json", (CoordinatorLoop loop) => Results.Text(JsonFormatter.Default.Format(loop.Status), "application/json"));
        web.MapGet("/", (CoordinatorLoop loop) => Results.Text(Describe(loop.Status)));
    }

    private static string Describe(FederationStatus status) => $"""
        phase     {status.Phase}
        round     {status.RoundsCommitted} of {status.RoundsWanted} committed, round number {status.Round}
        term      {status.Term}
        leaders   {string.Join(", ", status.Leaders)}
        nodes     {status.NodesPresent} present, {status.NodesKeyed} with keys
        loss      {status.Loss:0.0000}
        accuracy  {status.Accuracy:0.00 %}

        """;
}
