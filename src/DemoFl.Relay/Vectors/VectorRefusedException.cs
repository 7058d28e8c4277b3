namespace DemoFl.Relay.Vectors;

/// <summary>A vector has no place in the round as it stands; the text says why.</summary>
internal sealed class VectorRefusedException(string message) : Exception(message);
