using DemoFl.Canary.Tests.Parties;

namespace DemoFl.Canary.Tests;

/// <summary>What runs when a test starts this assembly as a program: one party of a federation.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => PartyProcess.RunAsync(args);
}
