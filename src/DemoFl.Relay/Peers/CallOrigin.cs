using DemoFl.Relay.Audit;
using DemoFl.Relay.Sessions;
using Grpc.Core;

namespace DemoFl.Relay.Peers;

/// <summary>Who is behind a call, as far as the call has shown, and why the server ended it if it did. Belongs to the call.</summary>
internal sealed class CallOrigin(PeerConnection connection, AddressQuota unjoinedCalls)
{
    /// <summary>Under which a call's state holds it.</summary>
    public static readonly object Key = new();

    private int _holdsQuota;

    /// <summary>Who the caller proved to be; admitted or not.</summary>
    public Session? Session { get; private set; }

    /// <summary>Why the server ended the call, where the status cannot tell; null when it did not.</summary>
    public (AuditKind Kind, string Reason)? Ending { get; private set; }

    public PeerConnection Connection => connection;

    public static CallOrigin Of(ServerCallContext context) => (CallOrigin)context.UserState[Key];

    /// <summary>Null when the call may go on, else which limit forbids it.</summary>
    public string? Begin()
    {
        if (connection.IsJoined)
        {
            return null;
        }

        string? full = unjoinedCalls.Take(connection.Address);
        _holdsQuota = full is null ? 1 : 0;
        return full;
    }

    /// <summary>The caller has proven who it is.</summary>
    public void Prove(Session session) => Session = session;

    /// <summary>The call belongs to a session.</summary>
    public void Admit(Session session)
    {
        Session = session;
        connection.Join();
        End();
    }

    /// <summary>Says why the server ends the call; the first word counts.</summary>
    public void Explain(AuditKind kind, string reason) => Ending ??= (kind, reason);

    /// <summary>Gives back what the call holds.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _holdsQuota, 0) != 0)
        {
            unjoinedCalls.Return(connection.Address);
        }
    }
}
