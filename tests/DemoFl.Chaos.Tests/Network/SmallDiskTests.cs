using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Tests.Network;

public sealed class SmallDiskTests
{
    [DiskFact]
    public async Task Fill_AllButSomeBytes_LeavesThatMuchAndFreeGivesItBack()
    {
        string folder = Directory.CreateTempSubdirectory("demofl-chaos-test-").FullName;
        await using (var disk = await SmallDisk.MountAsync(folder, 1 << 20))
        {
            disk.Fill(allBut: 8192);
            File.WriteAllBytes(Path.Combine(folder, "fits"), new byte[8192]);
            Assert.Throws<IOException>(() => File.WriteAllBytes(Path.Combine(folder, "more"), new byte[4096]));

            disk.Free();
            File.WriteAllBytes(Path.Combine(folder, "more"), new byte[500_000]);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }
}
