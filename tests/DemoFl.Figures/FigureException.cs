namespace DemoFl.Figures;

/// <summary>An experiment cannot go on, and the message says what to do.</summary>
internal sealed class FigureException(string message) : Exception(message);
