using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>A test that is skipped where its peer is missing. A fact's own attribute cannot tell: it does not know the derived class.</summary>
public sealed class PeerTestCase : XunitTestCase
{
    /// <summary>For xunit, when it deserialises.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For deserialisation only.")]
    public PeerTestCase()
    {
    }

    /// <summary>A test without arguments.</summary>
    public PeerTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    /// <inheritdoc/>
    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        for (var type = TestMethod.TestClass.Class.ToRuntimeType(); type is not null; type = type.BaseType)
        {
            if (type.GenericTypeArguments is [var argument] && argument.IsSubclassOf(typeof(Peer)))
            {
                using var peer = (Peer)Activator.CreateInstance(argument)!;
                return peer.Missing;
            }
        }

        throw new InvalidOperationException($"{TestMethod.TestClass.Class.Name} names no peer.");
    }
}
