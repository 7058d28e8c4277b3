namespace DemoFl.Cli.Tests.Processes;

/// <summary>What runs on this machine, from /proc.</summary>
internal static class Machine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>The processes that a process has started and that have not ended.</summary>
    public static int[] ChildrenOf(int parent) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(name => int.TryParse(name, out int id) ? id : 0)
            .Where(id => id > 0 && StateOf(id) is { Parent: var p, Ended: false } && p == parent)];

    /// <summary>Waits until none of them runs. Nobody tells about the end of another's children, so this asks again and again.</summary>
    public static async Task GoneAsync(IEnumerable<int> processes)
    {
        using var patience = new CancellationTokenSource(Demofl.Patience);
        foreach (int process in processes)
        {
            while (StateOf(process) is { Ended: false })
            {
                await Task.Delay(Interval, patience.Token);
            }
        }
    }

    /// <summary>Null when there is no such process. One that has ended stays listed until its parent, or who takes its place, has asked.</summary>
    private static (int Parent, bool Ended)? StateOf(int process)
    {
        try
        {
            // proc(5): pid (name) state ppid ...; the name may hold anything, even brackets.
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture), fields[0] is "Z" or "X");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
