using System.Net.Sockets;
using System.Text;

namespace DemoFl.Chaos.Network;

/// <summary>One connection through a <see cref="TcpFaultProxy"/>. Thread-safe.</summary>
internal sealed class ProxiedConnection : IDisposable
{
    /// <summary>What is kept of a connection's first bytes, to recognise it by.</summary>
    private const int RememberedBytes = 16 * 1024;

    private readonly Socket _client;
    private readonly Socket _target;
    private readonly Lock _gate = new();
    private readonly MemoryStream _beginning = new();

    public ProxiedConnection(Socket client, Socket target) => (_client, _target) = (client, target);

    /// <summary>From the client to the target, of this connection alone.</summary>
    public Flow Up { get; } = new();

    /// <summary>From the target to the client, of this connection alone.</summary>
    public Flow Down { get; } = new();

    /// <summary>
    /// Whether the client sent this text among its first bytes. Of gRPC without TLS that tells which calls a connection carries: .NET writes a call's path as it is
    /// (RFC 7541, 5.2, without Huffman code).
    /// </summary>
    public bool HasSent(string text)
    {
        lock (_gate)
        {
            return _beginning.GetBuffer().AsSpan(0, (int)_beginning.Length).IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
        }
    }

    /// <summary>Ends the connection with a reset (RST) to both sides.</summary>
    public void Reset()
    {
        Abort(_client);
        Abort(_target);
    }

    /// <summary>Sends a socket's peer a reset.</summary>
    public static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }

        socket.Dispose();
    }

    /// <summary>Passes bytes on until both directions have ended or the connection breaks, which breaks it on the other side, too.</summary>
    /// <param name="up">Of all connections, from client to target.</param>
    /// <param name="down">Of all connections, from target to client.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Flow up, Flow down, CancellationToken cancellation)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await Task.WhenAll(
                EndingAsync(new Pump(_client, _target, [Up, up], Remember).RunAsync(broken.Token), broken),
                EndingAsync(new Pump(_target, _client, [Down, down], _ => { }).RunAsync(broken.Token), broken));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Reset();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _target.Dispose();
        _beginning.Dispose();
    }

    private void Remember(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _beginning.Write(bytes.Span[..(int)Math.Min(bytes.Length, RememberedBytes - _beginning.Length)]);
        }
    }

    /// <summary>A direction that breaks takes the other one with it.</summary>
    private static async Task EndingAsync(Task pumping, CancellationTokenSource broken)
    {
        try
        {
            await pumping;
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
    }
}
