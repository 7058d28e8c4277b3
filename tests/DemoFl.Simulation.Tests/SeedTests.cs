using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Simulation.Tests;

/// <summary>Seeds run without a broken promise: those that once broke one, and fresh ones for every commit.</summary>
public class SeedTests
{
    private const int Blocks = 4;
    private const int SeedsOfCommit = 2000;

    public static TheoryData<int> BlocksOfSeeds => [.. Enumerable.Range(0, Blocks)];

    [Fact]
    public void Run_SeedsThatOnceBrokeAPromise_BreakNone()
    {
        var seeds = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "regression-seeds.txt"))
            .Where(l => l.Length > 0 && l[0] != '#').Select(l => ulong.Parse(l.Split(' ')[0], CultureInfo.InvariantCulture)).ToArray();
        Assert.NotEmpty(seeds);
        foreach (ulong seed in seeds)
        {
            Keeps(seed);
        }
    }

    [Theory]
    [MemberData(nameof(BlocksOfSeeds))]
    public void Run_SeedsOfThisCommit_BreakNoPromise(int block)
    {
        ulong first = FirstSeedOf(Commit());
        Parallel.For(0, SeedsOfCommit / Blocks, i => Keeps(unchecked(first + (ulong)((block * SeedsOfCommit / Blocks) + i))));
    }

    [Fact]
    public void FirstViolation_SoundMachines_IsNull() => Assert.Null(Simulations.FirstViolation(0, 50));

    private static void Keeps(ulong seed)
    {
        var run = Simulations.Run(ScenarioDraw.From(seed));
        Assert.True(run.Violation is null, $"{run}");
    }

    private static ulong FirstSeedOf(string commit) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(commit))) >> 1;

    /// <summary>What is being built, as far as anybody says; a constant where nobody does.</summary>
    private static string Commit() =>
        new[] { "GITHUB_SHA", "CI_COMMIT" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))
        ?? Head() ?? "no commit";

    private static string? Head()
    {
        try
        {
            var start = new ProcessStartInfo("git", "rev-parse HEAD")
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
            };
            using var git = Process.Start(start)!;
            string head = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 && head.Length > 0 ? head : null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
