using System.Text.Json;
using DemoFl.Cli.Commands;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>What a server says of its federation, as people and programs are shown it: always something, and nothing that steers a terminal.</summary>
internal sealed class StatusTarget() : Target("status", InputForm.Protobuf)
{
    public override IEnumerable<byte[]> Seeds()
    {
        yield return new FederationStatus
        {
            Run = Field.Of(Samples.Run), Phase = "in round", Term = 4, Round = 9, RoundsCommitted = 8, RoundsWanted = 20, NodesPresent = 5, NodesKeyed = 5,
            Leaders = { "alice", "bob" }, Loss = 0.5, Accuracy = double.NaN,
        }.ToByteArray();
    }

    public override string Read(byte[] input)
    {
        var status = Messages.Parse(FederationStatus.Parser, input);
        string text = StatusCommand.TextOf(status);
        BrokenPromiseException.Unless(!text.Any(c => char.IsControl(c) && c is not ('\n' or '\r')), "a server steers the terminal");
        using var json = JsonDocument.Parse(StatusCommand.JsonOf(status));
        return Shape.Of(input);
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;
}
