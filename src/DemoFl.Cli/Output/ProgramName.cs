namespace DemoFl.Cli.Output;

/// <summary>How a person here calls this program: what a script around it says, else its name.</summary>
internal static class ProgramName
{
    public static string Current => Environment.GetEnvironmentVariable("DEMOFL_COMMAND") is { Length: > 0 } command ? command : "demofl";
}
