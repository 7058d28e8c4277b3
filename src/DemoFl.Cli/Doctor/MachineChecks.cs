using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using DemoFl.Cli.Output;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace DemoFl.Cli.Doctor;

/// <summary>The processor, memory, runtime and clock.</summary>
internal static class MachineChecks
{
    private const string CryptographyFix = "install the system's OpenSSL 3 (libssl3).";
    private const int KeyBytes = 16;
    private const long ComfortableMemory = 1L << 30;

    /// <summary>Room for a clock that is a little behind the one that dated the program.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(2);

    public static Finding Runtime() => Finding.Ok(
        "runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");

    /// <summary>Vectors and models lie in memory as they go over the wire, little-endian.</summary>
    public static Finding ByteOrder(bool littleEndian) => littleEndian
        ? Finding.Ok("order", "little-endian")
        : Finding.Fail("order", "big-endian, which DemoFl does not support", "use a little-endian machine, such as x64 or Arm64.");

    public static Finding Cores(int count) => count > 1
        ? Finding.Ok("cores", $"{count}")
        : Finding.Warn("cores", "1; server and nodes take turns", "give the machine or container a second one, or set few processes.");

    public static Finding Memory(long bytes) => bytes >= ComfortableMemory
        ? Finding.Ok("memory", Bytes.Show(bytes))
        : Finding.Warn(
            "memory", $"{Bytes.Show(bytes)}; a server keeps up to 1 GiB of vectors in memory", "lower --vector-memory-mb, and see `demofl run --dry-run`.");

    public static Finding Simd() => Vector256.IsHardwareAccelerated
        ? Finding.Ok("simd", Vector512.IsHardwareAccelerated ? "512-bit vectors" : "256-bit vectors")
        : Vector128.IsHardwareAccelerated && !X86Base.IsSupported
            ? Finding.Ok("simd", "128-bit vectors, two a step")
            : Finding.Warn("simd", "no 256-bit vectors; training is slower", "use a processor with AVX2, and do not switch it off by DOTNET_EnableAVX2.");

    public static Finding Aes() => X86Aes.IsSupported && Sse2.IsSupported
        ? Finding.Ok("aes", "the processor's instructions, used for masks directly")
        : ArmAes.IsSupported
            ? Finding.Ok("aes", "the processor's instructions, used for masks through the platform's library")
            : Finding.Warn(
                "aes", "no instructions of the processor; masks are slower", "use a processor with AES instructions, and do not switch them off by DOTNET_EnableAES.");

    /// <summary>Seals and opens, signs and verifies, and derives a key: what sessions between nodes are made of.</summary>
    public static Finding Cryptography()
    {
        try
        {
            using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var agreement = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            using var peer = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            byte[] secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, agreement.DeriveRawSecretAgreement(peer.PublicKey), KeyBytes);
            byte[] sealedText = new byte[secret.Length];
            byte[] tag = new byte[AesGcm.TagByteSizes.MaxSize];
            byte[] nonce = new byte[AesGcm.NonceByteSizes.MaxSize];
            using var cipher = new AesGcm(secret, tag.Length);
            cipher.Encrypt(nonce, secret, sealedText, tag);
            cipher.Decrypt(nonce, sealedText, tag, sealedText);
            bool works = sealedText.AsSpan().SequenceEqual(secret)
                && signer.VerifyData(tag, signer.SignData(tag, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
            return works
                ? Finding.Ok("crypto", "P-256, HKDF and AES-GCM of the platform")
                : Finding.Fail("crypto", "the platform's library gives wrong results", CryptographyFix);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            return Finding.Fail("crypto", e.GetBaseException().Message, CryptographyFix);
        }
    }

    /// <summary>A clock that stands before the program's own making is wrong, and certificates would be refused by it.</summary>
    public static Finding Time(DateTime nowUtc, DateTime builtUtc)
    {
        string now = nowUtc.ToString("u", CultureInfo.InvariantCulture);
        return nowUtc > builtUtc - ClockTolerance
            ? Finding.Ok("time", now)
            : Finding.Fail("time", $"{now}, before this program was made", "set the clock, for example by `timedatectl set-ntp true`; certificates depend on it.");
    }
}
