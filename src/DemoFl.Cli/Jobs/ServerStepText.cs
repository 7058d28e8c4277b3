using System.Globalization;
using DemoFl.Protocol;

namespace DemoFl.Cli.Jobs;

/// <summary>A server optimiser as a job file writes it: <c>none</c>, <c>momentum[:BETA]</c>, <c>adam[:BETA1,BETA2,TAU]</c>, <c>yogi[:...]</c>.</summary>
internal static class ServerStepText
{
    /// <summary>The forms that may be read; the ranges are the reader's.</summary>
    public const string Pattern = @"^(none|momentum(:[0-9.eE+-]+)?|(adam|yogi)(:[0-9.eE+-]+,[0-9.eE+-]+,[0-9.eE+-]+)?)$";

    public const string Range = "none, momentum[:BETA], adam[:BETA1,BETA2,TAU], yogi[:BETA1,BETA2,TAU]; each BETA 0 to below 1, TAU above 0 to 1";

    // The values that Reddi et al. use throughout.
    private const double UsualBeta1 = 0.9;
    private const double UsualBeta2 = 0.99;
    private const double UsualTau = 1e-3;

    /// <summary>The rate that goes with each unless the job says another: their tuned ones lie around these.</summary>
    public static double UsualLearningRate(ServerMethod method) => method is ServerMethod.Adam or ServerMethod.Yogi ? 0.01 : 1;

    /// <summary>The step without its learning rate, and its one canonical text; null when it is not allowed.</summary>
    public static (ServerStep Step, string Canonical)? Parse(string text)
    {
        var (name, numbers) = text.Split(':', 2) is [var head, var tail] ? (head, tail.Split(',')) : (text, null);
        switch (name)
        {
            case "none" when numbers is null:
                return (default, text);
            case "momentum" when Numbers(numbers, [UsualBeta1]) is [>= 0 and < 1 and var beta]:
                return (new ServerStep(ServerMethod.Momentum, 0, beta, 0, 0), Written(name, beta));
            case "adam" or "yogi" when Numbers(numbers, [UsualBeta1, UsualBeta2, UsualTau]) is [>= 0 and < 1 and var beta1, >= 0 and < 1 and var beta2, > 0 and <= 1 and var tau]:
                var method = name == "adam" ? ServerMethod.Adam : ServerMethod.Yogi;
                return (new ServerStep(method, 0, beta1, beta2, tau), Written(name, beta1, beta2, tau));
            default:
                return null;
        }
    }

    private static double[]? Numbers(string[]? texts, double[] usual)
    {
        if (texts is null)
        {
            return usual;
        }

        double[] values = [.. texts.Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        return values.Length == usual.Length ? values : null;
    }

    private static string Written(string name, params double[] numbers) =>
        $"{name}:{string.Join(',', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))}";
}
