using System.Security.Authentication;
using DemoFl.Node.Connections;
using DemoFl.Node.Owner;
using DemoFl.Node.Rounds;
using DemoFl.Protocol;
using DemoFl.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node;

/// <summary>
/// One node of a federation: joins, stays, and joins again when the connection breaks, until the run ends. Several may share a process and a
/// <see cref="ServerConnection"/>.
/// </summary>
public sealed class Node(NodeOptions options, ServerConnection connection, INodeObserver observer, ILogger<Node> logger, TimeProvider? clock = null)
{
    /// <summary>Runs that a process can know of; a server that changes its run more often is not one to work with.</summary>
    private const int MaxRuns = 1_000;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Dictionary<RunId, Recollection> _memories = [];

    // When the server was last heard of.
    private long _lastSeen;

    /// <summary>Runs until the server says that the run is over.</summary>
    /// <exception cref="NodeRefusedException">The server does not admit this node, or the owner's policy does not admit the job.</exception>
    /// <exception cref="RpcException">The server has not answered for <see cref="NodeOptions.Patience"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<(bool Succeeded, string Reason)> RunAsync(CancellationToken cancellation)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors));
        }

        try
        {
            return await JoinAndStayAsync(cancellation);
        }
        finally
        {
            foreach (var left in _memories.Values)
            {
                await left.ClearedAsync();
            }
        }
    }

    private static string? Untrusted(Exception failure) => CallFailure.Causes(failure).OfType<AuthenticationException>().FirstOrDefault()?.Message;

    private async Task<(bool Succeeded, string Reason)> JoinAndStayAsync(CancellationToken cancellation)
    {
        bool joined = false;
        _lastSeen = _clock.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using var membership = await Membership.JoinAsync(options, connection, run => _memories.GetValueOrDefault(run).Head, _clock, cancellation);
                (joined, attempt) = (true, 0);
                Log.Connected(logger, options.Name, options.Server);
                return await StayAsync(membership, cancellation);
            }
            catch (RecordException e) when (HasPatience && joined)
            {
                var delay = Backoff.Delay(attempt);
                Log.NotRecorded(logger, options.Name, e.Message, delay.TotalSeconds);
                await Task.Delay(delay, _clock, cancellation);
            }
            catch (RecordException e)
            {
                throw new NodeRefusedException($"{options.Name} does not take part: {e.Message}", e);
            }
            catch (WireFormatException e)
            {
                throw new NodeRefusedException($"The server broke the protocol: {e.Message}", e);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or ArithmeticException)
            {
                // Something that no bound caught: the connection's state is not to be trusted any more, the node is.
                var delay = Backoff.Delay(attempt);
                Log.SessionFailed(logger, options.Name, delay, e);
                await Task.Delay(delay, _clock, cancellation);
            }
            catch (RpcException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
            catch (RpcException e) when (!joined && Untrusted(e) is { } why)
            {
                // A server seen for the first time; one that was trusted before may be changing its certificate, or somebody is in between.
                throw new NodeRefusedException(
                    $"No trusted TLS connection to {options.Server}: {connection.CertificateComplaint ?? why} "
                    + "Name the authority of its certificate by --tls-ca, and the server as the certificate does.", e);
            }
            catch (RpcException e) when (HasPatience)
            {
                var delay = Backoff.Delay(attempt);
                Log.Retrying(logger, options.Name, options.Server, CallFailure.Reason(e), delay.TotalSeconds);
                await Task.Delay(delay, _clock, cancellation);
            }
        }
    }

    private bool HasPatience => _clock.GetElapsedTime(_lastSeen) < options.Patience;

    /// <summary>
    /// Takes part until the connection ends. A method of its own: the filters of its caller's catch clauses ask for the moment that is noted here, and filters run
    /// before the finally blocks of their own method.
    /// </summary>
    private async Task<(bool Succeeded, string Reason)> StayAsync(Membership membership, CancellationToken cancellation)
    {
        using var loop = new NodeLoop(options, membership, await RecallAsync(membership.Run), observer, _clock, logger);
        try
        {
            return await loop.RunAsync(cancellation);
        }
        finally
        {
            _memories[membership.Run] = loop.Recollection;
            _lastSeen = _clock.GetTimestamp();
        }
    }

    /// <summary>What is known of a run. What was held for a sum of another one is of no use any more.</summary>
    private async Task<Recollection> RecallAsync(RunId run)
    {
        if (_memories.Count >= MaxRuns && !_memories.ContainsKey(run))
        {
            throw new NodeRefusedException($"The server has begun {MaxRuns} runs in this process's life; start the node again if that is as it should be.");
        }

        foreach (var (other, left) in _memories.Where(m => m.Key != run).ToArray())
        {
            _memories[other] = await left.ClearedAsync();
        }

        return _memories.GetValueOrDefault(run);
    }
}
