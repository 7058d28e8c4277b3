using DemoFl.Relay.Storage;

namespace DemoFl.Fuzz;

/// <summary>A journal's bytes: damage is refused, a torn tail cut off, and what was read is there again the next time, with what is added to it.</summary>
internal sealed class JournalTarget() : FileTarget("journal", InputForm.Bytes)
{
    public override IEnumerable<byte[]> Seeds()
    {
        string path = PathOf("seed");
        using (var journal = Journal.Create(path, JournalRecords.Samples[0]))
        {
            foreach (var record in JournalRecords.Samples.Skip(1))
            {
                journal.Append(record);
            }
        }

        byte[] whole = File.ReadAllBytes(path);
        File.Delete(path);
        return [whole, [.. whole, .. new byte[1_024]], whole[..^7]];
    }

    public override string Read(byte[] input)
    {
        string path = Write("journal", input);
        File.Delete(path + ".mark");
        var (journal, first) = Journal.Open(path);
        using (journal)
        {
            journal.Append(JournalRecords.Samples[1]);
        }

        var (again, second) = Journal.Open(path);
        again.Dispose();
        BrokenPromiseException.Unless(
            second.Count == first.Count + 1 && first.Zip(second).All(r => r.First.Equals(r.Second)), "a journal that was read has other records the next time");
        return $"{first.Count} records";
    }

    public override bool IsRefusal(Exception e) => e is InvalidDataException;
}
