namespace DemoFl.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="IsQuick">To run everything once over, judging nothing.</param>
/// <param name="JsonPath">Where the rows go as JSON; null for nowhere.</param>
/// <param name="Only">The one comparison to run; null for all.</param>
internal sealed record Options(bool IsQuick, string? JsonPath, string? Only)
{
    public const string Usage = "scripts/bench [--quick] [--json FILE] [--only NAME]";

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">It cannot be understood.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options(IsQuick: false, JsonPath: null, Only: null);
        for (var i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} wants a value.");
            options = arguments[i] switch
            {
                "--quick" => options with { IsQuick = true },
                "--json" => options with { JsonPath = Value() },
                "--only" => options with { Only = Value() },
                var unknown => throw new ArgumentException($"Unknown argument '{unknown}'."),
            };
        }

        return options;
    }
}
