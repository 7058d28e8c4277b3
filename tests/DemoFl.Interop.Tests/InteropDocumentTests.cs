using System.Text.RegularExpressions;
using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>The document that says what is tested.</summary>
public sealed partial class InteropDocumentTests
{
    [Fact]
    public void InteropDocument_Tests_AreThoseThereAre()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "interop.md"));
        var named = TestName().Matches(document).Select(match => match.Groups[1].Value);
        var written = from type in typeof(PeerFactAttribute).Assembly.GetTypes()
                      from method in type.GetMethods()
                      where method.DeclaringType == type && method.IsDefined(typeof(PeerFactAttribute), inherit: false)
                      select $"{type.Name.Split('`')[0]}.{method.Name}";

        Assert.Equal(written.Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`([A-Za-z]+Tests\\.[A-Za-z]+_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
