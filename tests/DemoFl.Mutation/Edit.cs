namespace DemoFl.Mutation;

/// <summary>
/// One change to a source file. Lines are compared without their indentation, so that a mutant outlives a block that is moved in or out.
/// </summary>
/// <param name="File">Path from the repository's root, with slashes.</param>
/// <param name="Find">Lines that stand in the file one after another, exactly once.</param>
/// <param name="Replacement">Lines in their place.</param>
internal sealed record Edit(string File, IReadOnlyList<string> Find, IReadOnlyList<string> Replacement)
{
    /// <exception cref="MutantException">The lines are not there, or more than once: the mutant must be written anew.</exception>
    public string ApplyTo(string source)
    {
        string[] lines = source.Split('\n');
        int[] places = [.. Enumerable.Range(0, Math.Max(0, lines.Length - Find.Count + 1)).Where(i => MatchesAt(lines, i))];
        return places is [int place]
            ? string.Join('\n', [.. lines[..place], .. Replacement, .. lines[(place + Find.Count)..]])
            : throw new MutantException(
                $"{File} has {(places.Length == 0 ? "no" : $"{places.Length}")} places with these lines, and a mutant needs exactly one. The code has changed: "
                + $"write the mutant anew, so that it breaks the same promise.\n{string.Join('\n', Find)}");
    }

    private bool MatchesAt(string[] lines, int place)
    {
        for (int i = 0; i < Find.Count; i++)
        {
            if (lines[place + i].Trim() != Find[i].Trim())
            {
                return false;
            }
        }

        return true;
    }
}
