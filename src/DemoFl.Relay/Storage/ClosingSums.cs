using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Storage;

/// <summary>The files <c>closing/round-N.sum</c>: the sum over B of a round that closes, from its closing record to its end.</summary>
internal sealed class ClosingSums(string folder)
{
    public void Prepare() => Directory.CreateDirectory(folder);

    /// <summary>Makes the sum over B durable and returns its file name and hash, for the closing record.</summary>
    public (string Name, Hash256 Hash) Save(ulong round, RingVector sum, RingVector lanes)
    {
        string name = NameOf(round);
        DurableFile.Write(Path.Combine(folder, name), stream =>
        {
            stream.Write(sum.Bytes);
            stream.Write(lanes.Bytes);
        });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(sum.Bytes);
        hash.AppendData(lanes.Bytes);
        return (name, new Hash256(hash.GetHashAndReset()));
    }

    /// <summary>What <see cref="Save"/> wrote; null where there is nothing to finish, or the file is not what the journal says: the round can be given up.</summary>
    public RingAggregate? Load(RoundClosing? closing)
    {
        if (closing is not { Spec: { } spec, Leaders: not null } || !File.Exists(Path.Combine(folder, closing.SumFile)))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, closing.SumFile));
        var sum = new RingAggregate(RoundSpecs.FromWire(spec));
        if (bytes.Length != sum.Vector.ByteLength + sum.Lanes.ByteLength || Hash256.Of(bytes) != Field.Hash(closing.SumHash, "sum_hash"))
        {
            return null;
        }

        sum.Vector.AddAt(0, bytes.AsSpan(0, sum.Vector.ByteLength));
        sum.Lanes.AddAt(0, bytes.AsSpan(sum.Vector.ByteLength));
        return sum;
    }

    public void Forget(ulong round) => File.Delete(Path.Combine(folder, NameOf(round)));

    /// <summary>Removes what belongs to rounds that were cut off, but for the one to be finished.</summary>
    public void Tidy(string? unfinished)
    {
        foreach (string left in Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != unfinished))
        {
            File.Delete(left);
        }
    }

    private static string NameOf(ulong round) => $"round-{round:D6}.sum";
}
