namespace DemoFl.Canary.Tests.Scanning;

/// <summary>What a scan looks for: every fourth piece of the pattern's forms, so that a pattern torn by a frame's border is found as well.</summary>
internal sealed class Needles
{
    /// <summary>Long enough that chance never makes one.</summary>
    public const int Size = 16;

    private readonly (string Form, byte[] Bytes)[] _needles;

    public Needles(params IEnumerable<(string Form, byte[] Bytes)> forms) => _needles =
        [.. forms.SelectMany(f => f.Bytes.Chunk(Size).Where((piece, i) => piece.Length == Size && i % 4 == 0).Select(piece => (f.Form, piece)))];

    public static Needles Of(Pattern pattern) => new(("trained", pattern.Trained), ("delta", pattern.Delta), ("words", pattern.Words));

    /// <summary>The same as somebody's log would have them.</summary>
    public static Needles InText(Pattern pattern) => new(Texts(pattern).Select(t => (t.Form, System.Text.Encoding.ASCII.GetBytes(t.Text))));

    /// <summary>Adds the forms that the bytes hold.</summary>
    public void Find(ReadOnlySpan<byte> bytes, ISet<string> found)
    {
        foreach (var (form, needle) in _needles)
        {
            if (!found.Contains(form) && bytes.IndexOf(needle) >= 0)
            {
                found.Add(form);
            }
        }
    }

    private static IEnumerable<(string Form, string Text)> Texts(Pattern pattern) =>
        from form in new[] { ("trained", pattern.Trained), ("delta", pattern.Delta), ("words", pattern.Words) }
        from text in new[] { Convert.ToHexString(form.Item2), Convert.ToHexStringLower(form.Item2), Convert.ToBase64String(form.Item2) }
        select (form.Item1, text);
}
