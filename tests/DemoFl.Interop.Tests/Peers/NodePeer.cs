using System.Diagnostics;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>JavaScript: @grpc/grpc-js, which is HTTP/2 by Node.js and gRPC in JavaScript, with stubs made from interop.proto at run time.</summary>
public sealed class NodePeer : Peer
{
    private static readonly Lazy<string?> Program = new(() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "node"))
        .FirstOrDefault(File.Exists));

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "DemoFl.Interop.Tests", "Node");

    /// <inheritdoc/>
    public override string? Missing => Program.Value is null
        ? "Needs Node.js: run scripts/test-deps."
        : HasPackage("grpc-js") && HasPackage("proto-loader") ? null : "Needs the packages of tests/DemoFl.Interop.Tests/Node: run scripts/test-deps.";

    /// <inheritdoc/>
    protected override ProcessStartInfo Describe(string script) => Redirected(Program.Value!, Path.Combine(Folder, $"{script}.js"));

    private static bool HasPackage(string name) => File.Exists(Path.Combine(Folder, "node_modules", "@grpc", name, "package.json"));
}
