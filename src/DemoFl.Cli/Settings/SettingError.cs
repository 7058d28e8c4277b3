using DemoFl.Cli.Commands;

namespace DemoFl.Cli.Settings;

/// <summary>What is wrong with a value, and where it stands.</summary>
internal readonly record struct SettingError(SettingPlace Place, string Complaint)
{
    public override string ToString() => TextTable.Printable($"{Place.Text}: {Complaint}");
}
