using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>
/// The health service (gRPC health checking protocol). A watcher gets the present state and then changes; one that reads slowly misses
/// states in between but never the last. Register it as a singleton. Thread-safe.
/// </summary>
public sealed class HealthServiceImpl : Health.V1.Health.HealthBase
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly List<Watcher> _watchers = [];

    /// <summary>Sets the state of a service; the empty name stands for the server.</summary>
    public void SetStatus(string service, ServingStatus status)
    {
        lock (_gate)
        {
            _statuses[service] = status;
            Publish(service, status);
        }
    }

    /// <summary>Forgets a service.</summary>
    public void ClearStatus(string service)
    {
        lock (_gate)
        {
            if (_statuses.Remove(service)) Publish(service, ServingStatus.ServiceUnknown);
        }
    }

    /// <summary>Forgets all services.</summary>
    public void ClearAll()
    {
        lock (_gate)
        {
            foreach (var service in _statuses.Keys.ToArray())
            {
                _statuses.Remove(service);
                Publish(service, ServingStatus.ServiceUnknown);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (_gate)
        {
            if (!_statuses.TryGetValue(request.Service, out var status))
                throw new RpcException(new Status(StatusCode.NotFound, "The service is not known here."));
            return Task.FromResult(new HealthCheckResponse { Status = status });
        }
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // Only the latest state matters, so a slow reader costs one entry.
        var states = Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var watcher = new Watcher(request.Service, states.Writer);
        lock (_gate)
        {
            _watchers.Add(watcher);
            states.Writer.TryWrite(_statuses.GetValueOrDefault(request.Service, ServingStatus.ServiceUnknown));
        }

        try
        {
            ServingStatus? last = null;
            await foreach (var status in states.Reader.ReadAllAsync(context.CancellationToken))
            {
                if (status == last) continue;
                last = status;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
            }
        }
        finally
        {
            lock (_gate) _watchers.Remove(watcher);
        }
    }

    private void Publish(string service, ServingStatus status)
    {
        foreach (var watcher in _watchers)
        {
            if (watcher.Service == service) watcher.States.TryWrite(status);
        }
    }

    private sealed record Watcher(string Service, ChannelWriter<ServingStatus> States);
}
