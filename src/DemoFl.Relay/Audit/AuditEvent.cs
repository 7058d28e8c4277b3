using DemoFl.Relay.Sessions;

namespace DemoFl.Relay.Audit;

/// <summary>Something that was refused, ended or dropped.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Peer">Address and port of the other side in gRPC's notation.</param>
/// <param name="Session">Who it proved to be, or null when it has proved nothing.</param>
/// <param name="What">The method or the part of the server concerned.</param>
/// <param name="Reason">Why. May quote the peer; the file escapes and shortens it. Never a secret.</param>
internal readonly record struct AuditEvent(AuditKind Kind, string Peer, Session? Session, string What, string Reason);
