using System.Globalization;
using DemoFl.Cli.Output;
using Spectre.Console;

namespace DemoFl.Cli.Runs;

/// <summary>The live table of a run: a row a round, and the last event below.</summary>
internal sealed class RoundTable : IRunDisplay
{
    private const int RowsShown = 30;

    private readonly Table _table = new Table().Border(TableBorder.Simple)
        .AddColumns("round", "parties", "leaders", "seconds", "up", "down", "loss", "accuracy", "events");

    private readonly Lock _gate = new();
    private readonly List<string> _pending = [];
    private string _status = "starting";
    private LiveDisplayContext? _live;

    /// <summary>Shows the table while <paramref name="work"/> runs.</summary>
    public Task<T> ShowAsync<T>(Func<Task<T>> work) => AnsiConsole.Live(Picture()).StartAsync(async live =>
    {
        _live = live;
        try
        {
            return await work();
        }
        finally
        {
            _status = "";
            Refresh();
        }
    });

    public void Event(string kind, string text, string json)
    {
        if (text.Length == 0)
        {
            return;
        }

        lock (_gate)
        {
            _status = text;
            if (kind is "leadersSeated" or "aborted" or "leaderLost" or "resumed" or "tenureOver" or "refused" or "statisticsClipped")
            {
                _pending.Add(text);
            }

            Refresh();
        }
    }

    public void Round(RoundRow row, string json)
    {
        lock (_gate)
        {
            if (row.Stage is { } stage)
            {
                _pending.Add(StatisticsText.Measured(stage));
            }

            _table.AddRow([.. Cells(row).Append(string.Join("; ", _pending)).Select(c => new Text(c))]);
            if (_table.Rows.Count > RowsShown)
            {
                _table.RemoveRow(0);
            }

            _pending.Clear();
            _status = $"round {row.Round + 1} is under way";
            Refresh();
        }
    }

    /// <summary>The same facts as one line.</summary>
    public static string Line(RoundRow row)
    {
        string[] cells = [.. Cells(row)];
        string judged = row.Stage is { } stage ? StatisticsText.Measured(stage) : $"loss {cells[6],7}  accuracy {cells[7],7}";
        return $"  round {cells[0],3}  {cells[1],7} parties  {cells[3],6} s  {cells[4],8} up  {cells[5],8} down  {judged}";
    }

    private static IEnumerable<string> Cells(RoundRow row) =>
    [
        $"{row.Round}", $"{row.Intersection}/{row.Parties}", $"{row.Leaders}", row.Seconds.ToString("0.00", CultureInfo.InvariantCulture),
        Bytes.Show(row.BytesUp), Bytes.Show(row.BytesDown), row.Loss?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-",
        row.Accuracy?.ToString("0.00 %", CultureInfo.InvariantCulture) ?? "-",
    ];

    private Rows Picture() => new(_table, new Text(_status));

    private void Refresh() => _live?.UpdateTarget(Picture());
}
