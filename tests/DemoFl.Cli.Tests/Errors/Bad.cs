using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using DemoFl.Cli.Tests.Processes;
using DemoFl.Identity;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Files with one thing wrong, and the command lines that meet them.</summary>
internal static class Bad
{
    public const string Grey = "generated:train=9,test=9,size=8,classes=3";

    private static readonly Learning.Model Mlp = Models.Parse("mlp:5", new InputShape(1, 8, 8), 3);

    public static string[] Split(TemporaryFolder f, string spec) => ["data", "split", spec, "--parties", "2", "--out", f["out"]];

    /// <summary>A set of four 2x2 images with one byte of the images changed, or other labels.</summary>
    public static string[] Idx(TemporaryFolder f, Action<byte[]> image, Func<byte[], byte[]>? label = null, bool otherTest = false)
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 2, .. new byte[16]];
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 2, 3];
        File.WriteAllBytes(f["t10k-images-idx3-ubyte"], otherTest ? [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 3, .. new byte[24]] : images);
        File.WriteAllBytes(f["t10k-labels-idx1-ubyte"], labels);
        byte[] changed = [.. images];
        image(changed);
        File.WriteAllBytes(f["train-images-idx3-ubyte"], changed);
        File.WriteAllBytes(f["train-labels-idx1-ubyte"], label is null ? labels : label(labels));
        return Split(f, $"mnist:{f.Path}");
    }

    public static string[] Cifar(TemporaryFolder f, byte[] train)
    {
        File.WriteAllBytes(f["train.bin"], train);
        File.WriteAllBytes(f["test.bin"], new byte[3_073]);
        return Split(f, $"cifar10:{f.Path}");
    }

    public static string[] Csv(TemporaryFolder f, string table, string options = "") => Split(f, $"csv:{f.Write("table.csv", table)}{options}");

    /// <summary>A compressed table without its last bytes, which hold no row.</summary>
    public static string Cut(TemporaryFolder f)
    {
        File.WriteAllBytes(f["t.csv.gz"], Gzip()[..^3]);
        return f["t.csv.gz"];
    }

    public static string Damaged(TemporaryFolder f)
    {
        byte[] table = Gzip();
        table[^6] ^= 1;
        File.WriteAllBytes(f["t.csv.gz"], table);
        return f["t.csv.gz"];
    }

    public static string Checkpoint(TemporaryFolder f, Func<byte[], byte[]>? change = null, bool named = true)
    {
        var metadata = named ? new Dictionary<string, string> { ["model"] = "mlp:5" } : [];
        Safetensors.Write(f["m.safetensors"], Mlp.Layout, Mlp.Initialise(1), metadata);
        if (change is not null)
        {
            File.WriteAllBytes(f["m.safetensors"], change(File.ReadAllBytes(f["m.safetensors"])));
        }

        return f["m.safetensors"];
    }

    /// <summary>A safetensors file with this header and one value.</summary>
    public static string Header(TemporaryFolder f, string json)
    {
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        File.WriteAllBytes(f["h.safetensors"], [.. length, .. Encoding.ASCII.GetBytes(json), .. new byte[4]]);
        return f["h.safetensors"];
    }

    public static string[] JobLine(TemporaryFolder f, string yaml) => ["run", f.Write("job.yaml", yaml), "--folder", f["run"]];

    public static string[] RunLine(TemporaryFolder f, string folder) => ["run", "--folder", folder, .. Small.Job()];

    public static string[] ServerLine(TemporaryFolder f, string? folder = null, string port = "0") =>
        ["server", "--port", port, "--folder", folder ?? f["run"], .. Small.Job("data=" + Grey)];

    public static string[] NodeLine(TemporaryFolder f) => ["node", "--server", "http://127.0.0.1:1", "--data", Grey, "--name", "alice"];

    /// <summary>A tar file with one entry.</summary>
    public static string Tar(TemporaryFolder f, string entry, string content)
    {
        using var tar = new TarWriter(File.Create(f["some.tar"]));
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, entry) { DataStream = new MemoryStream(Encoding.ASCII.GetBytes(content)) });
        return f["some.tar"];
    }

    /// <summary>The folder of a run that somebody began.</summary>
    public static string Begun(TemporaryFolder f, string? job = null, string? report = null, string journal = "DEMOFLJ1")
    {
        Directory.CreateDirectory(f["begun"]);
        f.Write("begun/journal", journal);
        if (job is not null)
        {
            f.Write("begun/begun-with.yaml", job);
        }

        if (report is not null)
        {
            f.Write("begun/report.json", report);
        }

        return f["begun"];
    }

    /// <summary>A file only for its owner, by the name of the node's key.</summary>
    public static string Secret(TemporaryFolder f, string content)
    {
        Directory.CreateDirectory(f["keys"]);
        f.Write("keys/alice.key", content);
        SetMode(f["keys", "alice.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return f["keys", "alice.key"];
    }

    public static string Key(TemporaryFolder f, bool open)
    {
        using var key = IdentityKey.Create();
        key.Save(f["a.key"]);
        if (open)
        {
            SetMode(f["a.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        return f["a.key"];
    }

    public static string OtherCurve()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static string Rsa()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static (string Certificate, string Key) Authority(TemporaryFolder f, string name, bool expired = false)
    {
        var from = expired ? new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) : DateTimeOffset.UtcNow;
        using var authority = FederationAuthority.CreateAuthority(name, TimeSpan.FromDays(100), from);
        PemFiles.SaveCertificate(f[name, "ca.crt"], authority);
        PemFiles.SavePrivateKey(f[name, "ca.key"], authority);
        return (f[name, "ca.crt"], f[name, "ca.key"]);
    }

    public static string NodeCertificate(TemporaryFolder f)
    {
        using var authority = FederationAuthority.CreateAuthority("x", TimeSpan.FromDays(9), DateTimeOffset.UtcNow);
        using var key = IdentityKey.Create();
        using var certificate = FederationAuthority.IssueNode(authority, "alice", key.PublicKey, TimeSpan.FromDays(1), DateTimeOffset.UtcNow);
        PemFiles.SaveCertificate(f["alice.crt"], certificate);
        return f["alice.crt"];
    }

    public static string Public(TemporaryFolder f)
    {
        using var key = IdentityKey.Create();
        if (!File.Exists(f["alice.pub"]))
        {
            f.Write("alice.pub", $"{new RosterEntry("alice", key.PublicKey)}\n");
        }

        return f["alice.pub"];
    }

    private static byte[] Gzip()
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 99).Select(i => $"{i},{i * i},{i % 2}\n"))));
        }

        return buffer.ToArray();
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
