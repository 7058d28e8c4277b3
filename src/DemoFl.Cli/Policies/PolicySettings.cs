using DemoFl.Identity;
using DemoFl.Node.Owner;
using DemoFl.Protocol;

namespace DemoFl.Cli.Policies;

/// <summary>Every key that a policy file may have. What a file leaves out is not limited by it. docs/owner.md has this table.</summary>
internal static class PolicySettings
{
    public static readonly IReadOnlyList<PolicySetting> All =
    [
        PolicySetting.Texts("servers", "names, or SHA-256 of a server's key (64 hex digits)", "servers to work with; a name alone proves nothing unless a roster lists it",
            t => IsHex(t, 64) || NodeName.IsValid(t), (p, v) => p with { Servers = v }),
        PolicySetting.Texts("runs", "run ids (32 hex digits)", "runs to take part in", t => IsHex(t, 32), (p, v) => p with { Runs = v }),
        PolicySetting.Texts("models", "model names, with * at the end for all that begin so", "what may be trained", t => !t[..^1].Contains(OwnerPolicy.AnyEnding), (p, v) => p with { Models = v }),
        PolicySetting.Choices("layouts", "how updates may reach the sum; naming plain says yes to showing updates to the server", Layouts, (p, v) => p with { Layouts = v }),
        PolicySetting.Integer("min-leaders", 1, 15, "smallest N_l", (p, n) => p with { MinLeaders = (int)n }),
        PolicySetting.Integer("min-k", 1, 65_536, "smallest k-min", (p, n) => p with { MinKMin = (int)n }),
        PolicySetting.Texts("leaders", "node ids (64 hex digits)", "nodes that may lead; this node itself always may", t => IsHex(t, 64), (p, v) => p with { Leaders = v }),
        PolicySetting.Integer("max-epochs", 1, 1_000, "most local epochs of a round", (p, n) => p with { MaxEpochs = (int)n }),
        PolicySetting.Duration("min-upload-deadline", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), "shortest time from a round's opening to the end of uploads", (p, t) => p with { MinUploadDeadline = t }),
        PolicySetting.Integer("max-rounds", 1, 1_000_000_000, "rounds to take part in, over all runs", (p, n) => p with { MaxRounds = n }),
        PolicySetting.Integer("max-rounds-a-day", 1, 1_000_000_000, "rounds to take part in on one day (UTC), over all runs", (p, n) => p with { MaxRoundsADay = n }),
        PolicySetting.Truth("standardize", "whether rounds are taken part in that measure the columns' means and variances", (p, b) => p with { Standardize = b }),
        PolicySetting.Texts("columns", "names of columns", "columns of a CSV file that may be read, the label's among them; others never leave the file", _ => true, (p, v) => p with { Columns = v }),
        PolicySetting.Share("data-share", "share of the training examples that may be used; the same ones as long as the data stay the same", (p, x) => p with { DataShare = x }),
    ];

    private static SortedDictionary<string, Layout> Layouts =>
        new(StringComparer.Ordinal) { ["masked"] = Layout.Masked, ["rotating"] = Layout.Rotating, ["plain"] = Layout.Plain };

    private static bool IsHex(string text, int length) => text.Length == length && text.All(c => char.IsAsciiHexDigitLower(c) || char.IsAsciiDigit(c));
}
