using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DemoFl.Chaos.Network;

/// <summary>Sockets of this process in another network namespace.</summary>
internal static partial class NamespaceSocket
{
    private const int NetworkNamespace = 0x4000_0000;

    /// <summary>Opens a datagram socket on a free port in a namespace that <c>ip netns</c> made.</summary>
    /// <exception cref="IOException">There is no such namespace, or the process may not enter it.</exception>
    public static Socket OpenUdp(string name, IPAddress address)
    {
        // A socket belongs to the namespace of the thread that opens it. The thread ends with that, so that no other work ever runs there.
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(address, 0));
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? socket! : throw new IOException($"The network namespace {name} cannot be entered: {failure.Message}", failure);
    }

    private static void Enter(string name)
    {
        using var file = File.OpenHandle($"/run/netns/{name}");
        if (SetNamespace(file, NetworkNamespace) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle file, int kind);
}
