namespace DemoFl.Cli.Settings;

/// <summary>One <c>key: value</c> of a file, as text.</summary>
/// <param name="Key">As written.</param>
/// <param name="Place">Where.</param>
/// <param name="Texts">The value, or all of a list; null for anything deeper.</param>
/// <param name="IsList">Whether it was written as a list.</param>
internal sealed record SettingEntry(string Key, SettingPlace Place, IReadOnlyList<string>? Texts, bool IsList);
