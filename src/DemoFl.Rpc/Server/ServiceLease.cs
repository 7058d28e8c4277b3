using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>A service for the length of one call: the container's if it is registered there, otherwise one made for the call.</summary>
internal readonly struct ServiceLease<TService> : IAsyncDisposable
    where TService : class
{
    private static readonly Lazy<ObjectFactory<TService>> Factory = new(() => ActivatorUtilities.CreateFactory<TService>([]));

    private readonly bool _owned;

    private ServiceLease(TService instance, bool owned)
    {
        Instance = instance;
        _owned = owned;
    }

    public TService Instance { get; }

    public static ServiceLease<TService> Take(IServiceProvider services) => services.GetService<TService>() is { } registered
        ? new ServiceLease<TService>(registered, owned: false)
        : new ServiceLease<TService>(Factory.Value(services, []), owned: true);

    public async ValueTask DisposeAsync()
    {
        if (!_owned) return;
        if (Instance is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
        else (Instance as IDisposable)?.Dispose();
    }
}
