namespace DemoFl.Wire.Tests;

/// <summary>What comes within other messages, sealed or from a file is looked at like what comes in a call.</summary>
public class MessagesTests
{
    [Theory]
    [InlineData("12FFFFFFFF07")]
    [InlineData("12FFFFFFFF0742F0FFFFFF07")]
    [InlineData("12FFFFFFFF0742FFFFFF7F")]
    [InlineData("FF")]
    public void Parse_LengthThatIsNotTrue_IsRefusedBeforeAnythingIsAllocated(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Throws<WireFormatException>(() => Messages.Parse(V1.PeerFrame.Parser, bytes));
        long before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<WireFormatException>(() => Messages.Parse(V1.PeerFrame.Parser, bytes));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024 * 1024);
        Assert.Equal("The bytes are not a PeerFrame.", refusal.Message);
    }

    [Fact]
    public void Parse_Message_IsTheMessage()
    {
        var beat = new V1.Beat { Number = 7 };

        Assert.Equal(beat, Messages.Parse(V1.Beat.Parser, Google.Protobuf.MessageExtensions.ToByteArray(beat)));
    }
}
