namespace DemoFl.Cli.Tests.Processes;

/// <summary>Tests that start processes run one after the other: each starts several.</summary>
[CollectionDefinition(nameof(ProcessCollection))]
public sealed class ProcessCollection;
