namespace DemoFl.Cli.Tests.Python;

/// <summary>The Python package's own tests, one run for what each of them needs.</summary>
public sealed class PackageTests
{
    [PythonFact("pytest", "grpc", "google.protobuf", "numpy")]
    public Task Service_ItsOwnTests_Pass() => PassAsync("test_service.py", "test_messages.py", "test_safetensors.py", "test_scaling.py");

    [PythonFact("pytest", "grpc", "google.protobuf", "torch")]
    public Task PyTorch_ItsOwnTests_Pass() => PassAsync("test_pytorch.py");

    [PythonFact("pytest", "grpc", "google.protobuf", "sklearn")]
    public Task Sklearn_ItsOwnTests_Pass() => PassAsync("test_scikit.py");

    private static async Task PassAsync(params string[] files)
    {
        var (exitCode, output) = await Interpreter.RunAsync(
            ["-m", "pytest", "-q", "-p", "no:cacheprovider", .. files.Select(f => Path.Combine(Interpreter.Package, "tests", f))]);
        Assert.True(exitCode == 0, output);
    }
}
