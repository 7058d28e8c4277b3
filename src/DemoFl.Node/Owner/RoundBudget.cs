using System.Globalization;
using System.Text.Json;
using DemoFl.Learning;

namespace DemoFl.Node.Owner;

/// <summary>
/// Counts the rounds for which a vector of this node's left it, over all runs and processes, in all and by day (UTC). Kept in a file of the
/// node's folder. Thread-safe.
/// </summary>
public sealed class RoundBudget
{
    private const string FileName = "rounds.json";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _clock;
    private Tally _tally;

    /// <summary>Reads the counts so far.</summary>
    /// <param name="folder">Held by this process.</param>
    /// <param name="clock">The system's without.</param>
    /// <exception cref="RecordException">The file is damaged or cannot be read.</exception>
    public RoundBudget(OwnerFolder folder, TimeProvider? clock = null)
    {
        (_path, _clock) = (Path.Combine(folder.Path, FileName), clock ?? TimeProvider.System);
        try
        {
            _tally = File.Exists(_path) ? Read(_path) : new Tally(0, "", 0);
        }
        catch (Exception e) when (e is JsonException || RecordException.IsDenial(e))
        {
            throw new RecordException($"{_path}: the count of rounds cannot be read ({e.Message.TrimEnd('.')}). Delete it to count from none again.", e);
        }
    }

    /// <summary>Rounds in all, and today.</summary>
    public (long Total, long Today) Used
    {
        get
        {
            lock (_gate)
            {
                return (_tally.Total, IsToday(Today()) ? _tally.Today : 0);
            }
        }
    }

    /// <summary>Counts one more, on the disk before it returns.</summary>
    /// <exception cref="RecordException">It cannot be written: the vector must not leave.</exception>
    internal void Take()
    {
        lock (_gate)
        {
            string day = Today();
            var next = IsToday(day) ? _tally with { Total = _tally.Total + 1, Today = _tally.Today + 1 } : new Tally(_tally.Total + 1, day, 1);
            try
            {
                DurableFile.Write(_path, file => file.Write(JsonSerializer.SerializeToUtf8Bytes(next)), OwnerFolder.PrivateMode);
                _tally = next;
            }
            catch (Exception e) when (RecordException.IsDenial(e))
            {
                throw RecordException.Of(Path.GetDirectoryName(_path)!, e);
            }
        }
    }

    private static Tally Read(string path) => JsonSerializer.Deserialize<Tally>(File.ReadAllText(path)) switch
    {
        { Day: not null, Today: >= 0 } tally when tally.Total >= tally.Today => tally,
        null => throw new JsonException("it is empty"),
        _ => throw new JsonException("it is no count"),
    };

    /// <summary>A clock that was set back makes no second allowance of a day.</summary>
    private bool IsToday(string day) => string.CompareOrdinal(day, _tally.Day) <= 0;

    private string Today() => _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record Tally(long Total, string Day, long Today);
}
