using System.Globalization;

namespace DemoFl.Canary.Tests.Scanning;

/// <summary>Another process's memory, read while it runs (proc(5): /proc/PID/maps and /proc/PID/mem).</summary>
internal static class Memory
{
    private const int BlockBytes = 1 << 20;

    /// <summary>The forms that are anywhere in what the process can read, but code and data of files, which nobody writes to.</summary>
    public static SortedSet<string> Scan(int process, Needles needles)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        byte[] block = new byte[BlockBytes + Needles.Size];
        using var memory = File.OpenHandle($"/proc/{process}/mem");
        foreach (var (start, end) in Regions(process))
        {
            // Blocks overlap by a needle, so that none falls between two of them.
            for (long at = start; at < end; at += BlockBytes)
            {
                int length = Read(memory, block.AsSpan(0, (int)Math.Min(block.Length, end - at)), at);
                var read = block.AsSpan(0, length);

                // Most of what a runtime reserves was never written.
                if (read.ContainsAnyExcept((byte)0))
                {
                    needles.Find(read, found);
                }
            }
        }

        return found;
    }

    private static IEnumerable<(long Start, long End)> Regions(int process)
    {
        foreach (string line in File.ReadLines($"/proc/{process}/maps"))
        {
            // 7f0000000000-7f0000021000 rw-p 00000000 00:00 0   [heap]
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            bool isOfFile = fields.Length > 5 && fields[5].StartsWith('/') && !fields[5].StartsWith("/memfd:", StringComparison.Ordinal);
            bool isReadable = fields[1][0] == 'r', isWritable = fields[1][1] == 'w';
            if (!isReadable || (isOfFile && !isWritable) || (fields.Length > 5 && fields[5].StartsWith("[v", StringComparison.Ordinal)))
            {
                continue;
            }

            string[] range = fields[0].Split('-');
            yield return (AddressOf(range[0]), AddressOf(range[1]));
        }
    }

    private static long AddressOf(string hex) => long.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>How much could be read: a process may give memory back while it is looked at.</summary>
    private static int Read(Microsoft.Win32.SafeHandles.SafeFileHandle memory, Span<byte> target, long at)
    {
        try
        {
            int read = 0;
            while (read < target.Length && RandomAccess.Read(memory, target[read..], at + read) is > 0 and var more)
            {
                read += more;
            }

            return read;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
