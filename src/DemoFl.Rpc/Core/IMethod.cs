namespace Grpc.Core;

/// <summary>A method of a service, whatever its message types.</summary>
public interface IMethod
{
    /// <summary>Which side is a stream.</summary>
    MethodType Type { get; }

    /// <summary>The service with its package, for example <c>demofl.v1.Relay</c>.</summary>
    string ServiceName { get; }

    /// <summary>The method without its service.</summary>
    string Name { get; }

    /// <summary>The path on the wire: <c>/service/method</c>.</summary>
    string FullName { get; }
}
