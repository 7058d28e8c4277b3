using System.Text;
using DemoFl.Learning;

namespace DemoFl.Fuzz;

/// <summary>A model's specification, as servers announce it to nodes: refused, or a model whose size is what its tensors say.</summary>
internal sealed class ModelSpecTarget() : Target("model-specs", InputForm.Text)
{
    public override IReadOnlyList<string> Words { get; } = ["softmax", "mlp:", "cnn", ",", "standardized:", "scaled:", "65536", "1"];

    public override int MaxInputBytes => 1_024;

    public override IEnumerable<byte[]> Seeds() =>
        new[] { "softmax", "mlp:16", "mlp:128,64", "cnn", Models.Standardized("mlp:8") }.Select(Encoding.UTF8.GetBytes);

    public override string Read(byte[] input)
    {
        var model = Models.Parse(Encoding.UTF8.GetString(input), new InputShape(1, 28, 28), 10);
        BrokenPromiseException.Unless(model.Layout.Length > 0, "a model has no parameters");
        return $"{model.Layout.Tensors.Count} {Shape.Order((ulong)model.Layout.Length)}";
    }

    public override bool IsRefusal(Exception e) => e is FormatException or ArgumentException;
}
