namespace DemoFl.Cli.Settings;

/// <summary>Where a value comes from; lines of the file come before options.</summary>
internal readonly record struct SettingPlace(string Text, int Line);
