using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>One file of a public data set: where it can be fetched and what it must be.</summary>
/// <param name="FileName">Its name in the target directory.</param>
/// <param name="Mirrors">Addresses of the same content, tried in this order.</param>
/// <param name="Sha256">The SHA-256 of the content, 64 lower-case hex digits.</param>
/// <param name="HashesDecompressed">Whether the hash is that of the gunzipped bytes, for files that mirrors compress each in their own
/// way.</param>
/// <param name="MaxBytes">The most bytes that are accepted, of the file and of its decompressed content.</param>
/// <param name="Members">For a <c>.tar.gz</c>: the members to unpack into the directory; the archive itself is not kept. Empty: keep the
/// file.</param>
public sealed record DownloadFile(
    string FileName, ImmutableArray<Uri> Mirrors, string Sha256, bool HashesDecompressed, long MaxBytes, ImmutableArray<string> Members);
