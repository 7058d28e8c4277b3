using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Simulation;

/// <summary>Watches everything that a federation's machines are given and want done.</summary>
internal interface IWitness
{
    void Note(TimeSpan at, string who, object what);
}

/// <summary>What happened, in order: the end of it for people, and on request a hash over all of it, or all of it as it happens.</summary>
internal sealed class Trace(bool hashed = false, TextWriter? printed = null) : IWitness
{
    private const int Kept = 80;

    private readonly IncrementalHash? _hash = hashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private readonly (TimeSpan At, string Who, object What)[] _tail = new (TimeSpan, string, object)[Kept];
    private long _noted;

    public Hash256 Digest => _hash is null ? default : new(_hash.GetCurrentHash());

    public string Tail => string.Join('\n', Enumerable.Range(0, (int)Math.Min(Kept, _noted))
        .Select(i => _tail[(_noted - Math.Min(Kept, _noted) + i) % Kept]).Select(e => Line(e.At, e.Who, e.What)));

    /// <summary>Nothing is formatted before somebody wants to read it.</summary>
    public void Note(TimeSpan at, string who, object what)
    {
        _tail[_noted++ % Kept] = (at, who, what);
        if (_hash is not null || printed is not null)
        {
            string line = Line(at, who, what);
            _hash?.AppendData(Encoding.UTF8.GetBytes(line));
            printed?.WriteLine(line);
        }
    }

    private static string Line(TimeSpan at, string who, object what) => $"{at.TotalMilliseconds,10:0.000} {who,-8} {TraceText.Of(what)}";
}
