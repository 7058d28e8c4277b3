using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace DemoFl.Mutation;

/// <summary>Makes mutants out of the sources of DemoFl.Protocol and of the simulator, whose hosts may be what is broken. Thread-safe.</summary>
internal sealed class Laboratory
{
    private const string ProtocolFolder = "src/DemoFl.Protocol";
    private const string SimulationFolder = "tests/DemoFl.Simulation";

    private readonly SourceProject _protocol;
    private readonly SourceProject _simulation;
    private readonly Lock _control = new();
    private readonly Lazy<Subject> _product;
    private readonly PortableExecutableReference _intact;
    private readonly ImmutableArray<byte> _intactSimulation;

    /// <param name="root">The repository.</param>
    public Laboratory(string root)
    {
        // Everything that this program was started with, but what is made here.
        string[] made = [Path.GetFileName(ProtocolFolder), Path.GetFileName(SimulationFolder)];
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !made.Contains(Path.GetFileNameWithoutExtension(path))).Select(path => MetadataReference.CreateFromFile(path)).ToArray();
        _protocol = new SourceProject(root, ProtocolFolder, references);
        _simulation = new SourceProject(root, SimulationFolder, references);
        _intact = ReferenceTo(_protocol.Compile([]));
        _intactSimulation = _simulation.Compile([], _intact);
        _product = new Lazy<Subject>(() => Make(Mutant.None));
    }

    /// <exception cref="MutantException">The mutant does not fit the sources.</exception>
    public Subject Make(Mutant mutant)
    {
        if (mutant.Edits.FirstOrDefault(e => !_protocol.IsOurs(e) && !_simulation.IsOurs(e)) is { } stray)
        {
            throw new MutantException($"{mutant.Name}: {stray.File} is neither in {_protocol.Folder} nor in {_simulation.Folder}.");
        }

        var protocol = _protocol.Compile(mutant.Edits);
        var simulation = mutant.Edits.Any(_simulation.IsOurs) ? _simulation.Compile(mutant.Edits, ReferenceTo(protocol)) : _intactSimulation;
        return new Subject((_protocol.Name, protocol), (_simulation.Name, simulation));
    }

    /// <summary>Whether the product as it is breaks nothing at this seed.</summary>
    public bool KeepsPromises(Simulator simulator, ulong seed)
    {
        lock (_control)
        {
            return _product.Value.FirstViolation(simulator, seed, 1) is null;
        }
    }

    private static PortableExecutableReference ReferenceTo(ImmutableArray<byte> image) => MetadataReference.CreateFromImage(ImmutableCollectionsMarshal.AsArray(image)!);
}
