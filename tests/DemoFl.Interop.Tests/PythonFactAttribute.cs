namespace DemoFl.Interop.Tests;

/// <summary>A test that needs Python's gRPC.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (!PythonStubs.IsAvailable)
            Skip = "Needs Debian's python3-grpcio, python3-protobuf, protobuf-compiler and protobuf-compiler-grpc: run scripts/test-deps.";
    }
}
