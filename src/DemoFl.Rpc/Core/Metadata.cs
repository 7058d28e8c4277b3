using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>
/// Headers or trailers of a call: an ordered list in which a key may occur several times. Keys are lower case; the values of keys
/// that end in <c>-bin</c> are bytes, all others printable ASCII. Not thread-safe while it is being changed.
/// </summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>The end of the keys whose values are bytes.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Metadata without entries that cannot be changed.</summary>
    public static readonly Metadata Empty = new Metadata().Freeze();

    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly { get; private set; }

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            ThrowIfReadOnly();
            _entries[index] = value;
        }
    }

    /// <summary>The last entry of this key, or null.</summary>
    public Entry? Get(string key) => _entries.FindLast(entry => entry.KeyEquals(key));

    /// <summary>The last text value of this key, or null. Throws for a binary key.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The last bytes of this key, or null. For a text key the ASCII bytes of its value.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries of this key in order.</summary>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.KeyEquals(key));

    /// <summary>Adds a text entry.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a binary entry; the key must end in <c>-bin</c>.</summary>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item)
    {
        ThrowIfReadOnly();
        _entries.Add(item);
    }

    /// <inheritdoc/>
    public void Insert(int index, Entry item)
    {
        ThrowIfReadOnly();
        _entries.Insert(index, item);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        ThrowIfReadOnly();
        _entries.Clear();
    }

    /// <inheritdoc/>
    public bool Remove(Entry item)
    {
        ThrowIfReadOnly();
        return _entries.Remove(item);
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        ThrowIfReadOnly();
        _entries.RemoveAt(index);
    }

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Metadata Freeze()
    {
        IsReadOnly = true;
        return this;
    }

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly) throw new InvalidOperationException("This metadata is read-only.");
    }

    /// <summary>One key and its value. Immutable as long as nobody changes the array handed in.</summary>
    public sealed class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Creates a text entry. The key may hold letters, digits, '-', '_' and '.', and must not end in <c>-bin</c>.</summary>
        public Entry(string key, string value)
        {
            Key = Normalize(key);
            if (IsBinary) throw new ArgumentException($"The key '{Key}' ends in -bin and takes bytes, not text.", nameof(key));
            _text = value ?? throw new ArgumentNullException(nameof(value));
        }

        /// <summary>Creates a binary entry. The key must end in <c>-bin</c>.</summary>
        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            if (!IsBinary) throw new ArgumentException($"The key '{Key}' takes text; keys for bytes end in -bin.", nameof(key));
            _bytes = valueBytes ?? throw new ArgumentNullException(nameof(valueBytes));
        }

        /// <summary>The key in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text. Throws <see cref="InvalidOperationException"/> for a binary entry.</summary>
        public string Value => _text ?? throw new InvalidOperationException($"The value of '{Key}' is bytes.");

        /// <summary>The bytes, or the ASCII bytes of the text.</summary>
        public byte[] ValueBytes => _bytes ?? Encoding.ASCII.GetBytes(_text!);

        /// <summary>The key and the value's length; the value may be a token and stays out of logs.</summary>
        public override string ToString() => $"[Entry: key={Key}, {_bytes?.Length ?? _text!.Length} {(IsBinary ? "bytes" : "characters")}]";

        internal static bool IsKey(string key) => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

        internal bool KeyEquals(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalize(string key)
        {
            if (!IsKey(key))
                throw new ArgumentException($"'{key}' is no metadata key: letters, digits, '-', '_' and '.' are allowed.", nameof(key));
            return key.ToLowerInvariant();
        }
    }
}
