using System.Collections.Concurrent;
using DemoFl.Protocol;
using DemoFl.Relay.Peers;
using Grpc.Core;

namespace DemoFl.Relay.Sessions;

/// <summary>Who is connected. A node that joins again replaces its earlier session. Thread-safe.</summary>
internal sealed class SessionTable
{
    /// <summary>The metadata entry that carries a session's token.</summary>
    public const string TokenHeader = "demofl-session";

    private readonly ConcurrentDictionary<NodeId, Session> _byNode = new();
    private readonly ConcurrentDictionary<string, Session> _byToken = new();

    public IEnumerable<Session> All => _byNode.Values;

    public Session? Find(NodeId node) => _byNode.GetValueOrDefault(node);

    public void Add(Session session)
    {
        _byToken[session.Token] = session;
        _byNode.AddOrUpdate(session.Node, session, (_, earlier) =>
        {
            _byToken.TryRemove(new KeyValuePair<string, Session>(earlier.Token, earlier));
            earlier.Close();
            return session;
        });
    }

    /// <summary>False when the node has joined again in the meantime.</summary>
    public bool Remove(Session session)
    {
        _byToken.TryRemove(new KeyValuePair<string, Session>(session.Token, session));
        return _byNode.TryRemove(new KeyValuePair<NodeId, Session>(session.Node, session));
    }

    /// <summary>The session that a call belongs to.</summary>
    /// <exception cref="RpcException">Unauthenticated: there is none.</exception>
    public Session Require(ServerCallContext context)
    {
        string? token = context.RequestHeaders.GetValue(TokenHeader);
        if (token is null || !_byToken.TryGetValue(token, out var session))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "This call names no live session; join on the control stream first."));
        }

        CallOrigin.Of(context).Admit(session);
        return session;
    }
}
