namespace DemoFl.Learning;

/// <summary>How far a download is.</summary>
/// <param name="FileName">The file being fetched.</param>
/// <param name="BytesReceived">Bytes received so far, as they come over the wire.</param>
/// <param name="BytesTotal">Bytes in all, where the mirror says so.</param>
public sealed record DownloadProgress(string FileName, long BytesReceived, long? BytesTotal);
