using System.Text.Json.Nodes;
using DemoFl.Cli.Commands;

namespace DemoFl.Cli.Doctor;

/// <summary>One thing about this machine.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Verdict">What it means.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Fix">What to do about it; null exactly when it is as it should be.</param>
internal sealed record Finding(string Name, Verdict Verdict, string Detail, string? Fix)
{
    public static Finding Ok(string name, string detail) => new(name, Verdict.Ok, detail, null);

    public static Finding Warn(string name, string detail, string fix) => new(name, Verdict.Warn, detail, fix);

    public static Finding Fail(string name, string detail, string fix) => new(name, Verdict.Fail, detail, fix);

    public JsonObject ToJson() => new()
    {
        ["name"] = Name, ["verdict"] = Verdict.ToString().ToLowerInvariant(), ["detail"] = Detail, ["fix"] = Fix,
    };

    public override string ToString() =>
        $"{Verdict.ToString().ToLowerInvariant(),-4}  {Name,-8}  {TextTable.Printable(Detail)}{(Fix is null ? "" : $" Fix: {Fix}")}";
}
