namespace DemoFl.Learning;

/// <summary>Turns each example's [rows x columns] into [columns x rows]: channels-first images into channels-last ones, and back.</summary>
internal sealed unsafe class TransposeLayer(int rows, int columns) : Layer(rows * columns, rows * columns)
{
    public override void Forward(in LayerPass pass) => Transpose(pass.Input, pass.Output, pass.Examples, rows, columns);

    public override void Backward(in LayerPass pass)
    {
        if (pass.InputGradient != null) Transpose(pass.OutputGradient, pass.InputGradient, pass.Examples, columns, rows);
    }

    private static void Transpose(float* source, float* target, int examples, int rows, int columns)
    {
        var length = (nint)rows * columns;
        for (var example = 0; example < examples; example++, source += length, target += length)
        {
            for (nint i = 0; i < rows; i++)
            {
                for (nint j = 0; j < columns; j++) target[(j * rows) + i] = source[(i * columns) + j];
            }
        }
    }
}
