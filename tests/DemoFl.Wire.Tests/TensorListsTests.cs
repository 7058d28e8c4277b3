using DemoFl.V1;
using Google.Protobuf.Collections;

namespace DemoFl.Wire.Tests;

public sealed class TensorListsTests
{
    [Fact]
    public void FromWire_WhatWasWritten_IsReadInItsOrder()
    {
        RepeatedField<Tensor> tensors = [TensorLists.ToWire("z.weight", [3, 4]), TensorLists.ToWire("a", []), TensorLists.ToWire("ü", [1])];

        var read = TensorLists.FromWire(tensors, "tensors");

        Assert.Equal(["z.weight", "a", "ü"], read.Select(t => t.Name));
        Assert.Equal([[3, 4], [], [1]], read.Select(t => t.Dimensions.ToArray()));
    }

    [Fact]
    public void FromWire_AsLargeAsAllowed_IsReadAndFitsAMessage()
    {
        RepeatedField<Tensor> tensors = [.. Enumerable.Range(0, WireLimits.MaxTensors).Select(_ => TensorLists.ToWire(
            new string('x', WireLimits.MaxTensorNameBytes), Enumerable.Repeat(int.MaxValue, WireLimits.MaxTensorRank)))];

        Assert.Equal(WireLimits.MaxTensors, TensorLists.FromWire(tensors, "tensors").Length);
        Assert.InRange(new Job { Tensors = { tensors } }.CalculateSize(), 0, WireLimits.MaxMessageBytes - 64 * 1024);
        tensors.Add(TensorLists.ToWire("one", [1]));
        Assert.Contains("tensors must be at most 4096 elements", Assert.Throws<WireFormatException>(() => TensorLists.FromWire(tensors, "tensors")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "tensors.name must be 1 to 256 bytes, not 0")]
    [InlineData("long", 1, "tensors.name must be 1 to 256 bytes, not 258")]
    [InlineData("w", 9, "tensors.dimensions must be at most 8 elements, not 9")]
    public void FromWire_BeyondTheBounds_NamesTheField(string name, int rank, string words)
    {
        RepeatedField<Tensor> tensors = [TensorLists.ToWire(name == "long" ? new string('ü', 129) : name, Enumerable.Repeat(1, rank))];

        Assert.Contains(words, Assert.Throws<WireFormatException>(() => TensorLists.FromWire(tensors, "tensors")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromWire_DimensionThatIsNoLength_NamesTheField()
    {
        RepeatedField<Tensor> tensors = [new Tensor { Name = "w", Dimensions = { uint.MaxValue } }];

        Assert.Contains("tensors.dimensions must be at most", Assert.Throws<WireFormatException>(() => TensorLists.FromWire(tensors, "tensors")).Message, StringComparison.Ordinal);
    }
}
