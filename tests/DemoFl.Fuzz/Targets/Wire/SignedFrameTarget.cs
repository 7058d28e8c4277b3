using DemoFl.Identity;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>
/// Frames that the coordinator signs, with their signatures verified: of what it has signed nothing may be changed and taken. The signatures are those of
/// this process; an input has them by the number of the frame that it begins with.
/// </summary>
internal sealed class SignedFrameTarget : Target
{
    private readonly HashSet<string> _said = [];
    private readonly byte[][] _frames;

    public SignedFrameTarget()
        : base("signed-frames", InputForm.Protobuf)
    {
        _frames = [.. Samples.ServerMessages()
            .Where(m => m is ServerMessage.LeadersAnnounced or ServerMessage.RoundOpened or ServerMessage.HoldingsAsked or ServerMessage.SlotOffered)
            .Select(m => ServerFrames.ToWire(m, Samples.Run, Sign).ToByteArray())];
    }

    public override IEnumerable<byte[]> Seeds() => _frames;

    public override string Read(byte[] input)
    {
        var message = ServerFrames.FromWire(Messages.Parse(V1.ServerFrame.Parser, input), Samples.Run, Verify);
        return message.GetType().Name;
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;

    private byte[] Sign(string domain, ReadOnlySpan<byte> statement)
    {
        _said.Add($"{domain} {Convert.ToHexString(statement)}");
        return Samples.ServerKey.Sign(domain, statement);
    }

    private bool Verify(string domain, byte[] statement, ReadOnlyMemory<byte> signature)
    {
        bool verifies = Signature.Verify(Samples.ServerKey.PublicKey.Span, domain, statement, signature.Span);
        BrokenPromiseException.Unless(
            !verifies || _said.Contains($"{domain} {Convert.ToHexString(statement)}"), "a statement verifies that the coordinator has not signed");
        return verifies;
    }
}
