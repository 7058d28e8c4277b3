namespace DemoFl.Fuzz.Tests;

public class EngineTests
{
    [Fact]
    public void Left_ProcessThatDiedOnAnInput_IsThatInput()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (var last = LastInput.In(path))
            {
                last.Keep("csv", [1, 2, 3]);
            }

            var left = LastInput.Left(path);
            Assert.Equal("csv", left?.Target);
            Assert.Equal([1, 2, 3], left!.Value.Input);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Left_ProcessThatEndedWell_IsNothing()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (var last = LastInput.In(path))
            {
                last.Keep("csv", [1, 2, 3]);
                last.Done();
            }

            Assert.Null(LastInput.Left(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("name must be at most 7 characters, not 1024.", "name must be at most # characters, not #.")]
    [InlineData("'a b' is no key of \"file\"\nand more", "'' is no key of ''")]
    public void Template_Message_HasNeitherNumbersNorQuotations(string message, string template) => Assert.Equal(template, Probe.Template(message));

    [Fact]
    public void Encode_WhatWasParsed_IsTheSame()
    {
        foreach (byte[] message in WireTargets.ServerFrames().Seeds().Concat(WireTargets.NodeFrames().Seeds()))
        {
            Assert.True(ProtoField.TryParse(message, out var fields));
            Assert.Equal(message, ProtoField.Encode(fields));
        }
    }

    [Fact]
    public void Split_WhatWasJoined_IsTheSame()
    {
        byte[][] messages = [[], [1], [.. Enumerable.Repeat((byte)7, 300)]];

        Assert.Equal(messages, Framing.Split(Framing.Join(messages)));
    }

    [Fact]
    public void Of_MessagesThatDifferInNumbersOnly_IsOneShape() => Assert.Equal(
        Shape.Of([0x08, 0x11, 0x12, 0x02, 0xFF, 0xFF]), Shape.Of([0x08, 0x1F, 0x12, 0x03, 0xFE, 0xFE, 0xFE]));
}
