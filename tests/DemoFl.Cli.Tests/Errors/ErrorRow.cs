using System.Text.RegularExpressions;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>A row of docs/errors.md: a message with placeholders in braces, the exit code, the test, and what the placeholders may stand for.</summary>
internal sealed record ErrorRow(string Message, int ExitCode, string Test, Regex Pattern);
