using Xunit.Abstractions;
using Xunit.Sdk;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>Finds the tests marked with <see cref="PeerFactAttribute"/>.</summary>
public sealed class PeerTestCaseDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new PeerTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}
