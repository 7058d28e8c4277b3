using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace DemoFl.Mutation;

/// <summary>A mutant that is loaded, beside any others, with a simulator of its own.</summary>
internal sealed class Subject : IDisposable
{
    private readonly Context _context = new();
    private readonly Func<ulong, int, string?> _federations;
    private readonly Func<ulong, int, string?> _institutions;

    public Subject(params (string Name, ImmutableArray<byte> Image)[] assemblies)
    {
        foreach (var (name, image) in assemblies)
        {
            using var stream = new MemoryStream(ImmutableCollectionsMarshal.AsArray(image)!);
            _context.Own[name] = _context.LoadFromStream(stream);
        }

        var simulator = _context.Own[assemblies[^1].Name];
        _federations = FirstViolationOf(simulator, "Simulations");
        _institutions = FirstViolationOf(simulator, "ConsensusSimulations");
    }

    /// <summary>What the first of these seeds that breaks a promise says, of whole federations or of institutions that agree; null when all keep them.</summary>
    public Violation? FirstViolation(Simulator simulator, ulong firstSeed, int count) =>
        (simulator == Simulator.Institutions ? _institutions : _federations)(firstSeed, count) is { } found ? Violation.Parse(found) : null;

    public void Dispose() => _context.Unload();

    private static Func<ulong, int, string?> FirstViolationOf(Assembly simulator, string simulations)
    {
        var method = simulator.GetType($"{simulator.GetName().Name}.{simulations}", throwOnError: true)!.GetMethod("FirstViolation", [typeof(ulong), typeof(int)]);
        return (method ?? throw new MissingMethodException($"The simulator has no {simulations}.FirstViolation(ulong, int).")).CreateDelegate<Func<ulong, int, string?>>();
    }

    private sealed class Context() : AssemblyLoadContext("mutant", isCollectible: true)
    {
        public Dictionary<string, Assembly> Own { get; } = [];

        // Whatever is not made for this mutant is everybody's.
        protected override Assembly? Load(AssemblyName assemblyName) => Own.GetValueOrDefault(assemblyName.Name!);
    }
}
