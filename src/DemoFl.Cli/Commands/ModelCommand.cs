using System.CommandLine;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl model</c>: look into checkpoints, export them, and use them.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Look into checkpoints, export, evaluate and use them.")
    {
        ModelInfo.Create(),
        ModelExport.Create(),
        ModelEvaluate.Create(),
        ModelPredict.Create(),
    };
}
