using DemoFl.Chaos.Strikes;

namespace DemoFl.Chaos.Scenarios.Matrix;

/// <summary>One cell of the matrix.</summary>
/// <param name="Role">Who is killed.</param>
/// <param name="Phase">When.</param>
/// <param name="Kill">Brings it about and waits for what comes of it.</param>
/// <param name="Remark">What is special about it, or null.</param>
internal sealed record Cell(Role Role, Phase Phase, Func<MatrixBench, CancellationToken, Task<(Strike Strike, Aftermath After)>> Kill, string? Remark = null)
{
    /// <summary>How often a phase of a few milliseconds is aimed at; every try must come out well.</summary>
    private const int Tries = 4;

    public string Who => Role == Role.AllLeaders ? "all leaders" : $"{Role}".ToLowerInvariant();

    /// <summary>Until the blow falls in the phase that it was meant for, or the tries are used up; one that does not come out well is the result.</summary>
    public async Task<ChaosResult> RunAsync(MatrixBench bench, CancellationToken cancellation)
    {
        for (int tried = 1; ; tried++)
        {
            var (strike, after) = await Kill(bench, cancellation);
            if (strike.Moment.Phase == Phase || !after.IsWell || tried == Tries)
            {
                string aimed = strike.Moment.Phase == Phase ? "" : $" (aimed at {Phase.Word()})";
                return new ChaosResult("kill", Who, strike.Moment.Phase.Word() + aimed, $"{Remark}{after}", after.IsWell, after.Recovery);
            }
        }
    }

    /// <summary>What it waited for did not come.</summary>
    public ChaosResult Failed(string reason) => new("kill", Who, Phase.Word(), $"{Remark}{reason}", Ok: false);
}
