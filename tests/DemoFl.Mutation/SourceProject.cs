using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DemoFl.Mutation;

/// <summary>
/// A project's sources, parsed once and compiled in memory as often as wanted, with changes. Immutable after its making; thread-safe.
/// </summary>
internal sealed class SourceProject
{
    /// <summary>What the SDK's ImplicitUsings stands for.</summary>
    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest, DocumentationMode.None);

    private readonly Dictionary<string, (string Text, SyntaxTree Tree)> _files = new(StringComparer.Ordinal);
    private readonly CSharpCompilation _compilation;

    /// <param name="root">The repository.</param>
    /// <param name="folder">Of the project, from there; its last part is the assembly's name.</param>
    /// <param name="references">What it is compiled against.</param>
    public SourceProject(string root, string folder, IEnumerable<MetadataReference> references)
    {
        Folder = folder;
        Name = Path.GetFileName(folder);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (!name.StartsWith($"{folder}/obj/", StringComparison.Ordinal) && !name.StartsWith($"{folder}/bin/", StringComparison.Ordinal))
            {
                string text = File.ReadAllText(path).ReplaceLineEndings("\n");
                _files.Add(name, (text, CSharpSyntaxTree.ParseText(text, Language, name)));
            }
        }

        var project = XDocument.Load(Path.Combine(root, folder, $"{Name}.csproj"));
        var usings = ImplicitUsings.Concat(project.Descendants("Using").Select(u => u.Attribute("Include")!.Value));
        var global = CSharpSyntaxTree.ParseText(string.Concat(usings.Select(u => $"global using {u};\n")), Language);
        bool program = project.Descendants("OutputType").Any(o => o.Value == "Exe");
        var options = new CSharpCompilationOptions(
            program ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable, concurrentBuild: false);
        _compilation = CSharpCompilation.Create(Name, [global, .. _files.Values.Select(f => f.Tree)], references, options);
    }

    public string Folder { get; }

    public string Name { get; }

    /// <summary>The assembly with these changes.</summary>
    /// <param name="edits">Those that are made elsewhere are left to others.</param>
    /// <param name="more">Further references.</param>
    /// <exception cref="MutantException">A change does not fit, or what it makes does not compile.</exception>
    public ImmutableArray<byte> Compile(IEnumerable<Edit> edits, params MetadataReference[] more)
    {
        var compilation = _compilation.AddReferences(more);
        foreach (var changes in edits.Where(IsOurs).GroupBy(e => e.File))
        {
            var (text, tree) = _files.TryGetValue(changes.Key, out var file) ? file : throw new MutantException($"There is no source file {changes.Key}.");
            string changed = changes.Aggregate(text, (source, edit) => edit.ApplyTo(source));
            compilation = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(changed, Language, changes.Key));
        }

        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        return result.Success
            ? [.. image.ToArray()]
            : throw new MutantException(
                $"{Name} does not compile: {string.Join("; ", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5))}");
    }

    public bool IsOurs(Edit edit) => edit.File.StartsWith($"{Folder}/", StringComparison.Ordinal);
}
