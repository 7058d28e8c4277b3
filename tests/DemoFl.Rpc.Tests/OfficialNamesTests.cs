using System.Reflection;
using System.Runtime.CompilerServices;
using Grpc.Net.Client;

namespace DemoFl.Rpc.Tests;

/// <summary>
/// The bundled stack has no public name that the official packages lack, so that they can take its place. OfficialNames.txt holds one
/// line per official type that we bundle, with those of its members that we have.
/// </summary>
public sealed class OfficialNamesTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void PublicNames_OfTheBundledStack_AreOfficial()
    {
        var official = ReadOfficialNames();
        var own = typeof(GrpcChannel).Assembly.GetExportedTypes()
            .SelectMany(type => MembersOf(type).Select(member => $"{NameOf(type)}.{member}").Prepend(NameOf(type)));

        Assert.Empty(own.Except(official));
    }

    [Fact]
    public void OfficialNames_InTheList_AreAllBundled()
    {
        // A name that is no longer bundled must leave the list, or the list would say nothing.
        var own = typeof(GrpcChannel).Assembly.GetExportedTypes()
            .SelectMany(type => MembersOf(type).Select(member => $"{NameOf(type)}.{member}").Prepend(NameOf(type)));

        Assert.Empty(ReadOfficialNames().Except(own));
    }

    [Fact]
    public void Bundled_IsAsClosedAsAPackage()
    {
        var bundled = typeof(GrpcChannel).Assembly;

        Assert.Equal([typeof(OfficialNamesTests).Assembly.GetName().Name], bundled.GetCustomAttributes<InternalsVisibleToAttribute>().Select(a => a.AssemblyName));
        Assert.DoesNotContain(bundled.GetReferencedAssemblies(), a => a.Name!.StartsWith("DemoFl", StringComparison.OrdinalIgnoreCase));
    }

    private static HashSet<string> ReadOfficialNames()
    {
        using var stream = typeof(OfficialNamesTests).Assembly.GetManifestResourceStream("DemoFl.Rpc.Tests.OfficialNames.txt")!;
        using var reader = new StreamReader(stream);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            names.Add(words[0]);
            names.UnionWith(words.Skip(1).Select(member => $"{words[0]}.{member}"));
        }

        return names;
    }

    private static string NameOf(Type type) => type.FullName!;

    private static IEnumerable<string> MembersOf(Type type)
    {
        // What protoc generates from an official .proto has official members.
        if (type.Namespace is "Grpc.Health.V1" or "Google.Rpc" || typeof(Delegate).IsAssignableFrom(type)) return [];

        return type.GetMembers(Declared)
            .Where(member => member is not Type && IsVisible(member) && !member.Name.StartsWith('<') && !member.Name.Contains('.'))
            .Where(member => member is not MethodInfo { IsSpecialName: true } && member.Name is not ("value__" or ".ctor") && !IsOverride(member))
            .Select(member => member.Name)
            .Distinct();
    }

    /// <summary>An override is no name of its own.</summary>
    private static bool IsOverride(MemberInfo member) => member is MethodInfo method && method.GetBaseDefinition() != method;

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        _ => true,
    };
}
