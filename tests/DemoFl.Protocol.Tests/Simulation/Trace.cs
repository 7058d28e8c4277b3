using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>What happened, in order: the end of it for people, and on request a hash over all of it.</summary>
internal sealed class Trace(EventQueue events, bool hashed)
{
    private const int Kept = 60;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<(TimeSpan At, string Who, object What)> _tail = new();

    public void Note(string who, object what)
    {
        _tail.Enqueue((events.Now, who, what));
        if (_tail.Count > Kept)
        {
            _tail.Dequeue();
        }

        if (hashed)
        {
            _hash.AppendData(Encoding.UTF8.GetBytes(Line(events.Now, who, what)));
        }
    }

    public Hash256 Digest => new(_hash.GetCurrentHash());

    public string Tail => string.Join('\n', _tail.Select(e => Line(e.At, e.Who, e.What)));

    private static string Line(TimeSpan at, string who, object what) => $"{at.TotalMilliseconds,10:0.000} {who,-8} {what}";
}
