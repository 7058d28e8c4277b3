using System.IO.MemoryMappedFiles;
using System.Text;

namespace DemoFl.Fuzz;

/// <summary>
/// Keeps the input under way in a mapped file, which outlives the process: a stack that overflows ends it without a word. The file holds the length and
/// the text of the target's name, then the length and the bytes of the input, lengths in four bytes little-endian.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private const int Capacity = 8 * 1024 * 1024;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private long _started;

    private LastInput(string? path)
    {
        if (path is not null)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Capacity);
            _view = _file.CreateViewAccessor();
        }
    }

    /// <summary>Keeps nothing.</summary>
    public static LastInput None { get; } = new(null);

    /// <summary>When the execution under way began, by the machine's ticks in milliseconds; 0 when there is none.</summary>
    public long StartedMilliseconds => Interlocked.Read(ref _started);

    public static LastInput In(string path) => new(path);

    /// <summary>What a process that died left; null when it ended well, or left nothing.</summary>
    public static (string Target, byte[] Input)? Left(string path)
    {
        if (!File.Exists(path) || File.ReadAllBytes(path) is not { Length: Capacity } bytes || BitConverter.ToInt32(bytes) is not (> 0 and var name))
        {
            return null;
        }

        int length = BitConverter.ToInt32(bytes, sizeof(int) + name);
        return (Encoding.UTF8.GetString(bytes, sizeof(int), name), bytes.AsSpan((2 * sizeof(int)) + name, length).ToArray());
    }

    public void Keep(string target, byte[] input)
    {
        Interlocked.Exchange(ref _started, Environment.TickCount64);
        if (_view is { } view && input.Length < Capacity / 2)
        {
            byte[] name = Encoding.UTF8.GetBytes(target);
            view.Write(0, name.Length);
            view.WriteArray(sizeof(int), name, 0, name.Length);
            view.Write(sizeof(int) + name.Length, input.Length);
            view.WriteArray((2 * sizeof(int)) + name.Length, input, 0, input.Length);
        }
    }

    public void Done()
    {
        Interlocked.Exchange(ref _started, 0);
        _view?.Write(0, 0);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }
}
