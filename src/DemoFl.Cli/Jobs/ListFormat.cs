namespace DemoFl.Cli.Jobs;

/// <summary>How the keys of a job file are listed.</summary>
internal enum ListFormat
{
    /// <summary>A line a key.</summary>
    Text,

    /// <summary>A JSON schema, for editors.</summary>
    Schema,

    /// <summary>The reference, docs/configure.md.</summary>
    Markdown,
}
