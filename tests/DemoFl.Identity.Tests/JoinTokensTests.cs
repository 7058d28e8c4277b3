namespace DemoFl.Identity.Tests;

public sealed class JoinTokensTests
{
    private static readonly byte[] Alice = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly byte[] Bob = [.. Enumerable.Repeat((byte)2, 32)];

    [Fact]
    public void Generate_Tokens_AreLongAndDistinct()
    {
        string[] tokens = [.. Enumerable.Range(0, 20).Select(_ => JoinTokens.Generate())];
        Assert.Equal(20, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Matches("^demofl-join-[A-Za-z0-9_-]{43}$", token));
    }

    [Fact]
    public void HashOf_KnownToken_IsItsSha256InHex() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", JoinTokens.HashOf("abc"));

    [Fact]
    public void Admits_ListedTokensOnly()
    {
        string first = JoinTokens.Generate();
        string second = JoinTokens.Generate();
        JoinTokens tokens = JoinTokens.Parse(
            $"# for the pilot\r\n{JoinTokens.HashOf(first)} # alice\r\n\n{JoinTokens.HashOf(second).ToUpperInvariant()}");
        Assert.True(tokens.Admits(first));
        Assert.True(tokens.Admits(second));
        string[] others = [JoinTokens.Generate(), first[..^1], first + " ", JoinTokens.HashOf(first), "", null!, new string('x', 1 << 20)];
        Assert.All(others, other => Assert.False(tokens.Admits(other)));
        Assert.False(JoinTokens.Parse("").Admits(first));
    }

    [Fact]
    public void Redeem_Token_IsForTheFirstNodeOnly()
    {
        string token = JoinTokens.Generate();
        JoinTokens tokens = JoinTokens.Parse(JoinTokens.HashOf(token));
        Assert.True(tokens.Redeem(token, Alice));
        Assert.True(tokens.Redeem(token, Alice));
        Assert.False(tokens.Redeem(token, Bob));
        Assert.False(tokens.Admits(token));
        Assert.False(tokens.Redeem(JoinTokens.Generate(), Bob));
        Assert.Throws<ArgumentException>("nodeId", () => tokens.Redeem(token, Alice.AsSpan(1)));
    }

    [Fact]
    public async Task Redeem_ManyNodesAtOnce_AdmitsExactlyOne()
    {
        string token = JoinTokens.Generate();
        JoinTokens tokens = JoinTokens.Parse(JoinTokens.HashOf(token));
        bool[] admitted = await Task.WhenAll(Enumerable.Range(1, 16).Select(node => Task.Run(
            () => tokens.Redeem(token, [.. Enumerable.Repeat((byte)node, 32)]))));
        Assert.Single(admitted, one => one);
    }

    [Fact]
    public void Redeem_FromAFile_IsRememberedAfterARestartAndLeavesTheOperatorsFileAlone()
    {
        using var folder = new TemporaryFolder();
        string token = JoinTokens.Generate();
        File.WriteAllText(folder["tokens"], "# the pilot's tokens");
        JoinTokens.Append(folder["tokens"], token);
        string before = File.ReadAllText(folder["tokens"]);
        Assert.Equal($"# the pilot's tokens\n{JoinTokens.HashOf(token)}\n", before);
        Assert.True(JoinTokens.Load(folder["tokens"]).Redeem(token, Alice));

        JoinTokens restarted = JoinTokens.Load(folder["tokens"]);
        Assert.False(restarted.Admits(token));
        Assert.False(restarted.Redeem(token, Bob));
        Assert.True(restarted.Redeem(token, Alice));
        Assert.Equal(before, File.ReadAllText(folder["tokens"]));
        Assert.DoesNotContain(token, File.ReadAllText(folder["tokens.redeemed"]));
    }

    [Fact]
    public void Admits_TokenAppendedLater_IsSeenWithoutARestart()
    {
        using var folder = new TemporaryFolder();
        string first = JoinTokens.Generate();
        string later = JoinTokens.Generate();
        JoinTokens.Append(folder["tokens"], first);
        JoinTokens tokens = JoinTokens.Load(folder["tokens"]);
        Assert.False(tokens.Admits(later));
        JoinTokens.Append(folder["tokens"], later);
        // Two writes can fall into one tick of the file system's clock; a person's do not.
        File.SetLastWriteTimeUtc(folder["tokens"], DateTime.UtcNow.AddMinutes(1));
        Assert.True(tokens.Admits(later));
        Assert.True(tokens.Admits(first));
    }

    [Fact]
    public void Redeem_FileCannotBeWritten_ThrowsAndTheTokenStaysGood()
    {
        using var folder = new TemporaryFolder();
        string token = JoinTokens.Generate();
        JoinTokens.Append(folder["tokens"], token);
        JoinTokens tokens = JoinTokens.Load(folder["tokens"]);
        Directory.CreateDirectory(folder["tokens.redeemed"]);
        Assert.Throws<IdentityFileException>(() => tokens.Redeem(token, Alice));
        Directory.Delete(folder["tokens.redeemed"]);
        Assert.True(tokens.Admits(token));
        Assert.True(tokens.Redeem(token, Bob));
    }

    [Fact]
    public void Parse_WrongLine_IsNumberedAndNeverQuoted()
    {
        string token = JoinTokens.Generate();
        string hash = JoinTokens.HashOf(token);
        foreach (string line in (string[])[token, hash[..63], hash + "0", $"{hash} {hash}", hash.Replace(hash[0], 'g')])
        {
            string message = Assert.Throws<FormatException>(() => JoinTokens.Parse($"# one\n{line}\n")).Message;
            Assert.Contains("Line 2:", message);
            Assert.DoesNotContain(line[..20], message);
        }

        string twice = Assert.Throws<FormatException>(() => JoinTokens.Parse($"{hash}\n{hash}")).Message;
        Assert.Contains("Line 2: the token is in the file already", twice);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tokens"], token);
        string fileMessage = Assert.Throws<IdentityFileException>(() => JoinTokens.Load(folder["tokens"])).Message;
        Assert.Contains(folder["tokens"], fileMessage);
        Assert.DoesNotContain(token, fileMessage);
    }

    [Fact]
    public void Parse_MoreTokensThanAllowed_Throws()
    {
        string many = string.Concat(Enumerable.Range(0, JoinTokens.MaxTokens + 1).Select(index => $"{JoinTokens.HashOf($"{index}")}\n"));
        Assert.Contains($"Line {JoinTokens.MaxTokens + 1}:", Assert.Throws<FormatException>(() => JoinTokens.Parse(many)).Message);
    }
}
