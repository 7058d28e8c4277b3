using System.Diagnostics;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>Python: Debian's grpcio, over gRPC's C core, with stubs generated into a folder of their own.</summary>
public sealed class PythonPeer : Peer
{
    private const string Python = "/usr/bin/python3";
    private const string Protoc = "/usr/bin/protoc";
    private const string Plugin = "/usr/bin/grpc_python_plugin";

    private static readonly Lazy<bool> Available = new(() =>
        File.Exists(Python) && File.Exists(Protoc) && File.Exists(Plugin) && Run(Python, "-c", "import grpc, google.protobuf").ExitCode == 0);

    private DirectoryInfo? _stubs;

    /// <inheritdoc/>
    public override string? Missing => Available.Value
        ? null
        : "Needs Debian's python3-grpcio, python3-protobuf, protobuf-compiler and protobuf-compiler-grpc: run scripts/test-deps.";

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stubs?.Delete(recursive: true);
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override ProcessStartInfo Describe(string script)
    {
        _stubs ??= GenerateStubs();
        var start = Redirected(Python, Path.Combine(AppContext.BaseDirectory, "Python", $"{script}.py"));
        start.Environment["PYTHONPATH"] = _stubs.FullName;
        return start;
    }

    private static DirectoryInfo GenerateStubs()
    {
        var folder = Directory.CreateTempSubdirectory("interop-");
        var (exitCode, errors) = Run(
            Protoc,
            $"--plugin=protoc-gen-grpc_python={Plugin}",
            $"-I{Path.Combine(AppContext.BaseDirectory, "Protos")}",
            $"--python_out={folder.FullName}",
            $"--grpc_python_out={folder.FullName}",
            "interop.proto",
            "google/rpc/status.proto",
            "google/rpc/error_details.proto");
        Assert.True(exitCode == 0, errors);
        return folder;
    }
}
