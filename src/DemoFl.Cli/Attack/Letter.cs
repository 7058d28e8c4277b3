using DemoFl.Channels;
using DemoFl.Protocol;

namespace DemoFl.Cli.Attack;

/// <summary>A sealed message on its way, with what its envelope says.</summary>
internal sealed record Letter(SealContext Context, bool ToHolder, SealedMessage Sealed);
