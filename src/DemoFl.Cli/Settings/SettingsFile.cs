using DemoFl.Cli.Commands;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DemoFl.Cli.Settings;

/// <summary>Reads a file of <c>key: value</c> lines (YAML, one document), bounded in size. What the keys mean is the caller's.</summary>
/// <param name="kind">What the file is, such as "job file".</param>
/// <param name="command">The command whose help shows an example.</param>
internal sealed class SettingsFile(string kind, string command)
{
    private const int MaxFileBytes = 1024 * 1024;

    /// <summary>How YamlDotNet begins its complaint.</summary>
    private const string DuplicateKey = "Duplicate key";

    /// <summary>All entries in the order of the file.</summary>
    /// <exception cref="CliException">The file is not there, or not such a file.</exception>
    public IReadOnlyList<SettingEntry> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new CliException($"There is no {kind} {path}. See `demofl {command} --help` for an example.");
        }

        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw new CliException($"{path} is larger than {MaxFileBytes} bytes. Is it a {kind}?");
        }

        var documents = Load(path).Documents;
        if (documents.Count == 0)
        {
            return [];
        }

        if (documents.Count > 1)
        {
            throw new CliException($"{path}:{documents[1].RootNode.Start.Line}: a second document begins; a {kind} is one.");
        }

        return documents[0].RootNode is YamlMappingNode root
            ? [.. root.Children.Select(child => EntryOf(path, child.Key, child.Value))]
            : throw new CliException($"{path}: a {kind} is a list of 'key: value' lines.");
    }

    private static SettingEntry EntryOf(string path, YamlNode key, YamlNode value)
    {
        var place = new SettingPlace($"{path}:{key.Start.Line}", (int)key.Start.Line);
        var texts = value switch
        {
            YamlScalarNode { Value: { } text } => (IReadOnlyList<string>?)[text],
            YamlSequenceNode list => TextsOf(list),
            _ => null,
        };
        return new SettingEntry(key is YamlScalarNode { Value: { } name } ? name : key.ToString(), place, texts, value is YamlSequenceNode);
    }

    private static string[]? TextsOf(YamlSequenceNode list)
    {
        string[] texts = [.. list.Children.OfType<YamlScalarNode>().Select(c => c.Value).OfType<string>()];
        return texts.Length == list.Children.Count ? texts : null;
    }

    private YamlStream Load(string path)
    {
        try
        {
            return YamlText.Load(path);
        }
        catch (YamlException e)
        {
            string what = e.Message.StartsWith(DuplicateKey, StringComparison.Ordinal)
                ? $"'{e.Message[DuplicateKey.Length..].Trim()}' is given twice. Leave one out."
                : $"not YAML: {e.Message.TrimEnd('.')}. A {kind} is a list of 'key: value' lines.";
            throw new CliException(TextTable.Printable($"{path}:{e.Start.Line}: {what}"), ExitCode.Usage, e);
        }
    }
}
