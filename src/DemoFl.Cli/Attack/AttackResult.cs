namespace DemoFl.Cli.Attack;

/// <summary>What one adversary made of one scheme.</summary>
/// <param name="Scheme">Algorithm 1, or a layout.</param>
/// <param name="Adversary">Whose views are put together.</param>
/// <param name="Vectors">Vectors seen beyond what is conceded.</param>
/// <param name="Cosine">|cosine| of the best linear estimate with the victim's true update, beyond what is conceded.</param>
/// <param name="Bound">Below it: nothing. Chance alone stays below it.</param>
/// <param name="IsRecoveryExpected">The update should be recovered: the scheme gives it away, or too many are corrupt.</param>
internal sealed record AttackResult(string Scheme, string Adversary, int Vectors, double Cosine, double Bound, bool IsRecoveryExpected)
{
    /// <summary>Above it, the update counts as recovered.</summary>
    public const double Recovered = 0.99;

    /// <summary>The measurement says what the scheme promises, or what it is known to give away.</summary>
    public bool IsAsPromised => IsRecoveryExpected ? Cosine > Recovered : Cosine < Bound;

    public string Verdict => (IsAsPromised, IsRecoveryExpected) switch
    {
        (true, true) => "recovered, as expected",
        (true, false) => "nothing, as promised",
        (false, true) => "NOT RECOVERED: the attack does not work",
        (false, false) => "LEAKS: the promise is broken",
    };
}
