using System.Text;
using DemoFl.Cli;
using DemoFl.Cli.Policies;

namespace DemoFl.Fuzz;

/// <summary>An owner's policy file. What is taken can be shown, value by value.</summary>
internal sealed class PolicyFileTarget() : FileTarget("policy-file", InputForm.Text)
{
    public override IReadOnlyList<string> Words { get; } =
        [.. PolicySettings.All.Select(s => s.Key), "masked", "plain", "true", "mlp:*", "*", "1h", "0.5", "hub"];

    public override IEnumerable<byte[]> Seeds()
    {
        string hex = new('a', 64);
        yield return Encoding.UTF8.GetBytes($"""
            servers: [hub, {hex}]
            runs: {hex[..32]}
            models: [softmax, 'mlp:*']
            layouts: [masked, rotating]
            min-leaders: 3
            min-k: 5
            leaders: [{hex}]
            max-epochs: 5
            min-upload-deadline: 20s
            max-rounds: 100
            max-rounds-a-day: 10
            standardize: false
            columns: [age, label]
            data-share: 0.5
            """);
        yield return "models:\n  - softmax\n  - cnn\n"u8.ToArray();
        yield return ""u8.ToArray();
    }

    public override string Read(byte[] input)
    {
        var (_, set) = PolicyReader.ReadAll(Write("policy.yaml", input));
        BrokenPromiseException.Unless(set.Select(s => s.Setting.Key).Distinct().Count() == set.Count, "a key is taken twice");
        return string.Join(' ', set.Select(s => s.Setting.Key).Order(StringComparer.Ordinal));
    }

    public override bool IsRefusal(Exception e) => e is CliException;
}
