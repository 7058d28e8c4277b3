using DemoFl.Learning;

namespace DemoFl.Fuzz;

/// <summary>A file of examples, beside which another one may lie that belongs to it.</summary>
internal sealed class DataTarget : FileTarget
{
    private readonly IReadOnlyList<byte[]> _seeds;
    private readonly Func<string, Dataset> _read;

    public DataTarget(string name, InputForm form, IReadOnlyList<byte[]> seeds, Func<string, Dataset> read, (string Ending, byte[] Content) beside)
        : this(name, form, seeds, read) => Write($"examples.{beside.Ending}", beside.Content);

    public DataTarget(string name, InputForm form, IReadOnlyList<byte[]> seeds, Func<string, Dataset> read, params string[] words)
        : base(name, form) => (_seeds, _read, Words) = (seeds, read, words);

    public override IReadOnlyList<string> Words { get; }

    /// <summary>A reader that takes room for a thousand images at once is slow.</summary>
    public override int ExecutionsInABuild => Name == "cifar" ? 100 : base.ExecutionsInABuild;

    public override IEnumerable<byte[]> Seeds() => _seeds;

    public override string Read(byte[] input)
    {
        var set = _read(Write("examples", input));
        string size = $"{Shape.Order((ulong)set.Count)} {set.Input.Channels}";
        return $"{size} {Shape.Order((ulong)set.Input.Height)} {Shape.Order((ulong)set.Input.Width)} {Shape.Order((ulong)set.Classes)}";
    }

    public override bool IsRefusal(Exception e) => e is InvalidDataException;
}
