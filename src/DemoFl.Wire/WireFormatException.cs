namespace DemoFl.Wire;

/// <summary>A message from outside does not have the form it must have; the text names the field and what was expected.</summary>
public sealed class WireFormatException(string message) : Exception(message);
