using System.Reflection;

namespace DemoFl.Cli.Tests;

/// <summary>Who may know whom. Read from the compiled assemblies, so a reference that is declared and not used does not count.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Leaves =
        ["DemoFl.Protocol", "DemoFl.Sharing", "DemoFl.Identity", "DemoFl.Channels", "DemoFl.Learning", "DemoFl.Rpc"];

    public static TheoryData<string, string[]> Allowed => new()
    {
        { "DemoFl.Protocol", [] },
        { "DemoFl.Sharing", [] },
        { "DemoFl.Identity", [] },
        { "DemoFl.Channels", [] },
        { "DemoFl.Learning", [] },
        { "DemoFl.Wire", ["DemoFl.Protocol", "DemoFl.Rpc"] },
        { "DemoFl.Relay", ["DemoFl.Protocol", "DemoFl.Sharing", "DemoFl.Learning", "DemoFl.Identity", "DemoFl.Wire", "DemoFl.Rpc"] },
        { "DemoFl.Node", [.. Leaves, "DemoFl.Wire"] },
        { "demofl", [.. Leaves, "DemoFl.Wire", "DemoFl.Relay", "DemoFl.Node"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Assembly_References_OnlyWhatItMayKnow(string assembly, string[] allowed)
    {
        var known = Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => n.StartsWith("DemoFl", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(known.Except(allowed));
    }

    /// <summary>P2 by construction: no path of references leads from the relay to the library that makes pair keys.</summary>
    [Fact]
    public void Relay_Transitively_NeverReachesChannels()
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>(["DemoFl.Relay"]);
        while (open.TryDequeue(out string? name))
        {
            var references = Assembly.Load(name).GetReferencedAssemblies().Select(r => r.Name!);
            foreach (string reference in references.Where(r => r.StartsWith("DemoFl.", StringComparison.Ordinal) && seen.Add(r)))
            {
                open.Enqueue(reference);
            }
        }

        Assert.DoesNotContain("DemoFl.Channels", seen);
        Assert.Contains("DemoFl.Sharing", seen);
    }

    [Fact]
    public void Protocol_References_NoNetworkFileOrThreadingLibrary()
    {
        string[] forbidden = ["System.Net", "System.IO", "System.Threading", "Microsoft.", "Google."];
        var known = typeof(Protocol.CoordinatorMachine).Assembly.GetReferencedAssemblies().Select(a => a.Name!);
        Assert.DoesNotContain(known, n => Array.Exists(forbidden, f => n.StartsWith(f, StringComparison.Ordinal)));
    }
}
