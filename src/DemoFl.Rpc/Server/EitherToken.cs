namespace Grpc.AspNetCore.Server;

/// <summary>A token that is cancelled when either of two is; free of cost when only one of them can be.</summary>
internal readonly struct EitherToken : IDisposable
{
    private readonly CancellationTokenSource? _linked;

    public EitherToken(CancellationToken always, CancellationToken sometimes)
    {
        _linked = sometimes.CanBeCanceled && sometimes != always
            ? CancellationTokenSource.CreateLinkedTokenSource(always, sometimes)
            : null;
        Token = _linked?.Token ?? always;
    }

    public CancellationToken Token { get; }

    public void Dispose() => _linked?.Dispose();
}
