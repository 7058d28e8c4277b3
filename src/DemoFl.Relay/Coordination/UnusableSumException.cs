namespace DemoFl.Relay.Coordination;

/// <summary>The vectors came together, but what they add up to cannot be a round's result; the text says why.</summary>
internal sealed class UnusableSumException(string message) : Exception(message);
