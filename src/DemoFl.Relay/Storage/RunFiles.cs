namespace DemoFl.Relay.Storage;

/// <summary>Names of the files in a run folder.</summary>
internal static class RunFiles
{
    public const string Journal = "journal";
    public const string Best = "best.safetensors";
    public const string Checkpoints = "checkpoints";
    public const string Moments = "moments";
    public const string Closing = "closing";
}
