using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace DemoFl.Cli.Settings;

/// <summary>Loads a YAML file of a shallow form; whatever is wrong with it is a <see cref="YamlException"/>.</summary>
internal static class YamlText
{
    /// <summary>Lists and maps within each other. Our files have two; the library's own loading goes down by calls, until the stack ends.</summary>
    private const int MaxDepth = 32;

    /// <exception cref="YamlException">It is not YAML, or nested too deep.</exception>
    public static YamlStream Load(string path)
    {
        string text = File.ReadAllText(path);
        try
        {
            RequireShallow(new Parser(new StringReader(text)));
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // How the library takes some of what ends too early, and characters that YAML has no place for.
            throw new YamlException(Mark.Empty, Mark.Empty, "it ends too early, or holds characters that do not belong", e);
        }
    }

    private static void RequireShallow(Parser parser)
    {
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current switch { MappingStart or SequenceStart => 1, MappingEnd or SequenceEnd => -1, _ => 0 };
            if (depth > MaxDepth)
            {
                throw new YamlException(parser.Current!.Start, parser.Current.End, $"lists and maps are more than {MaxDepth} deep");
            }
        }
    }
}
