namespace DemoFl.Cli.Tests;

/// <summary>Tests that take the console for themselves run while no other does.</summary>
[CollectionDefinition(nameof(ConsoleCollection), DisableParallelization = true)]
public sealed class ConsoleCollection;
