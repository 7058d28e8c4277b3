using DemoFl.Interop.Tests.Peers;
using DemoFl.Interop.Tests.Protos;
using Grpc.Core;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against Node's server.</summary>
public sealed class NodeServerTests(PeerServer<NodePeer> server) : PeerServerTests<NodePeer>(server)
{
    // HttpClient sends several values of one name as one, joined by commas. gRPC asks receivers to split binary ones; the C core does not.
    [PeerFact]
    public async Task BinaryMetadata_Repeated_ArrivesInOrder()
    {
        byte[][] values = [[1, 2, 3], [0], [255, 254]];
        var headers = new Metadata();
        foreach (var value in values)
            headers.Add("echo-bin", value);
        using var call = Client.SayAsync(new Letter(), Patient.WithHeaders(headers));

        var early = await call.ResponseHeadersAsync;
        await call;

        Assert.Equal(values, early.Where(entry => entry.Key == "early-bin").Select(entry => entry.ValueBytes));
        Assert.Equal(values, call.GetTrailers().Where(entry => entry.Key == "late-bin").Select(entry => entry.ValueBytes));
    }
}
