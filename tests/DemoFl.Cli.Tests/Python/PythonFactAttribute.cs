using System.Collections.Concurrent;

namespace DemoFl.Cli.Tests.Python;

/// <summary>A test that runs Debian's Python with some of its packages; skipped, with the reason, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private static readonly ConcurrentDictionary<string, bool> Found = new();

    /// <param name="modules">The modules that must import.</param>
    public PythonFactAttribute(params string[] modules)
    {
        if (!File.Exists(Interpreter.Path) || !modules.All(m => Found.GetOrAdd(m, Interpreter.Imports)))
        {
            Skip = $"Needs {string.Join(", ", modules)} for {Interpreter.Path}: run scripts/test-deps --python.";
        }
    }
}
