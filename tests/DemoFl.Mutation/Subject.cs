using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace DemoFl.Mutation;

/// <summary>A mutant that is loaded, beside any others, with a simulator of its own.</summary>
internal sealed class Subject : IDisposable
{
    private readonly Context _context = new();
    private readonly Func<ulong, int, string?> _firstViolation;

    public Subject(params (string Name, ImmutableArray<byte> Image)[] assemblies)
    {
        foreach (var (name, image) in assemblies)
        {
            using var stream = new MemoryStream(ImmutableCollectionsMarshal.AsArray(image)!);
            _context.Own[name] = _context.LoadFromStream(stream);
        }

        var simulator = _context.Own[assemblies[^1].Name];
        var method = simulator.GetType($"{assemblies[^1].Name}.Simulations", throwOnError: true)!
            .GetMethod("FirstViolation", [typeof(ulong), typeof(int)]) ?? throw new MissingMethodException("The simulator has no Simulations.FirstViolation(ulong, int).");
        _firstViolation = method.CreateDelegate<Func<ulong, int, string?>>();
    }

    /// <summary>What the first of these seeds that breaks a promise says; null when all keep them.</summary>
    public Violation? FirstViolation(ulong firstSeed, int count) => _firstViolation(firstSeed, count) is { } found ? Violation.Parse(found) : null;

    public void Dispose() => _context.Unload();

    private sealed class Context() : AssemblyLoadContext("mutant", isCollectible: true)
    {
        public Dictionary<string, Assembly> Own { get; } = [];

        // Whatever is not made for this mutant is everybody's.
        protected override Assembly? Load(AssemblyName assemblyName) => Own.GetValueOrDefault(assemblyName.Name!);
    }
}
