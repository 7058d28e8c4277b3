using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>Notes which files are fetched and, given a terminal, shows how far each is. Called by one download at a time.</summary>
internal sealed class DownloadMeter(TextWriter? terminal) : IProgress<DownloadProgress>
{
    private const int BytesPerMegabyte = 1_000_000;

    private readonly List<string> _fetched = [];
    private string _shown = "";

    public IReadOnlyList<string> Fetched => _fetched;

    public void Report(DownloadProgress value)
    {
        if (!_fetched.Contains(value.FileName)) _fetched.Add(value.FileName);
        var share = value.BytesTotal is > 0 and { } total
            ? $"{100 * value.BytesReceived / total} %"
            : $"{value.BytesReceived / BytesPerMegabyte} MB";
        Show($"{value.FileName}: {share}");
    }

    /// <summary>Leaves the terminal's line as it found it.</summary>
    public void Finish() => Show("");

    private void Show(string line)
    {
        if (terminal is null || line == _shown) return;
        terminal.Write($"\r{line.PadRight(_shown.Length)}{(line.Length == 0 ? "\r" : "")}");
        _shown = line;
    }
}
