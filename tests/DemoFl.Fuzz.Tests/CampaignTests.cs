namespace DemoFl.Fuzz.Tests;

/// <summary>A fuzzer that finds nothing proves nothing: here are things to find.</summary>
public class CampaignTests
{
    private const int Executions = 60_000;

    [Fact]
    public void Run_ReaderThatThrowsWhatItDoesNotDocument_FindsTheSmallestInput()
    {
        var find = Only(Found(input => input.Length > 6 && input[4] == 0xFF ? $"{input[input.Length]}" : "taken"));

        Assert.StartsWith("IndexOutOfRangeException ", find.Failure.Key, StringComparison.Ordinal);
        Assert.Equal([(byte)'o', (byte)'k', 0, 0, 0xFF, 0, 0], find.Input);
    }

    [Fact]
    public void Run_ReaderThatBreaksAPromise_IsFound()
    {
        var find = Only(Found(input =>
        {
            BrokenPromiseException.Unless(input.Length < 12, "it takes no more than eleven bytes");
            return "taken";
        }));

        Assert.Equal("BrokenPromiseException it takes no more than eleven bytes", find.Failure.Key);
        Assert.Equal(12, find.Input.Length);
    }

    [Fact]
    public void Run_ReaderThatBelievesALength_IsFoundByWhatItAllocates()
    {
        var find = Only(Found(input => input.Length > 4 && input[3] > 0xF0 ? $"{new byte[80 << 20].Length}" : "taken"));

        Assert.Equal("allocation", find.Failure.Key);
    }

    [Fact]
    public void Run_ReaderThatRefusesWhatIsValid_IsFoundAtOnce()
    {
        var find = Only(Found(input => input.Length == 4 ? throw new InvalidDataException("Four bytes are too many.") : "taken"));

        Assert.Equal("a valid input is refused", find.Failure.Key);
        Assert.Equal(2, find.Execution);
    }

    [Fact]
    public void Run_MistakeBehindFourBytes_IsReachedByTheWayThere()
    {
        // Each byte that is right leads a new way; by chance alone it would take four thousand million executions.
        var finds = Found(input => Deep(input, "\u0001\u0002\u0003\u0004"));

        Assert.Equal("BrokenPromiseException the bottom", Only(finds).Failure.Key);
    }

    [Fact]
    public void Run_TwoMistakes_AreTwoFinds()
    {
        var finds = Found(input => input.Length switch
        {
            5 => throw new FormatException("planted"),
            9 => throw new NotSupportedException("planted"),
            _ => "taken",
        }, enough: 2);

        Assert.Equal(2, finds.Count);
    }

    [Fact]
    public void Run_SameSeed_GoesTheSameWay()
    {
        var (first, second, other) = (Grown(7), Grown(7), Grown(8));

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData("server-frames")]
    [InlineData("vector-uploads")]
    [InlineData("csv")]
    [InlineData("safetensors")]
    public void Run_SameSeedOnARealTarget_GoesTheSameWay(string target) => Assert.Equal(Ways(target), Ways(target));

    private static string Deep(byte[] input, string way)
    {
        int steps = 0;
        while (steps < way.Length && input.Length > steps + 2 && input[steps + 2] == way[steps])
        {
            steps++;
        }

        BrokenPromiseException.Unless(steps < way.Length, "the bottom");
        return $"step {new string('+', steps)}";
    }

    /// <summary>Goes on until so many are found, or far too long.</summary>
    private static IReadOnlyList<Find> Found(Func<byte[], string> read, int enough = 1)
    {
        using var target = new PlantedTarget("planted", read);
        var run = new TargetRun(target, 1, LastInput.None);
        run.Begin([]);
        while (run.Finds.Count < enough && run.Executions < Executions)
        {
            run.Step(1);
        }

        return run.Finds;
    }

    private static Find Only(IReadOnlyList<Find> finds) => Assert.Single(finds);

    private static string[] Grown(ulong seed)
    {
        using var target = new PlantedTarget("planted", input => $"{input.Length} {input[^1] % 16}");
        return GrownBy(target, seed, 2_000);
    }

    private static string[] Ways(string name)
    {
        using var target = TargetList.Create(name).Single();
        return GrownBy(target, 3, 1_000);
    }

    private static string[] GrownBy(Target target, ulong seed, int executions)
    {
        var run = new TargetRun(target, seed, LastInput.None);
        run.Begin([]);
        run.Step(executions);
        return [.. run.Grown.Select(g => $"{g.Key} {Convert.ToHexString(g.Value)}").Order(StringComparer.Ordinal)];
    }
}
