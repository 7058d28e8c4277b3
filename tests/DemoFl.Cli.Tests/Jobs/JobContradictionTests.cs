using DemoFl.Cli.Jobs;

namespace DemoFl.Cli.Tests.Jobs;

public sealed class JobContradictionTests
{
    [Theory]
    [InlineData("k-min=11", "k-min is 11, more than the 10 parties.")]
    [InlineData("k-min=3 fraction=0.2", "k-min is 3, but fraction 0.2 of 10 parties selects only 2.")]
    [InlineData("leaders=11", "leaders is 11; one process holds at most one slot, and there are 10.")]
    [InlineData("leaders=4 processes=3", "leaders is 4; one process holds at most one slot, and there are 3.")]
    [InlineData("leaders=5 parties=4", "leaders is 5; one process holds at most one slot, and there are 4.")]
    [InlineData("ring=16 parties=257", "ring 16 leaves 7 bits a value for 257 parties, fewer than 8. Use ring 32 or a smaller fraction.")]
    [InlineData("parties=25001", "fraction 1 of 25001 parties selects 25001, more than 25000 a round.")]
    [InlineData("clip=2 clip-max=1", "clip is 2, outside clip-min 0.0009765625 to clip-max 1.")]
    [InlineData("clip=0.1 clip-min=0.2", "clip is 0.1, outside clip-min 0.2 to clip-max 1024.")]
    [InlineData("clip-min=2 clip-max=1 clip=1.5", "clip is 1.5, outside clip-min 2 to clip-max 1.")]
    [InlineData("server-lr=0.5", "server-lr is 0.5, and server-optimizer none takes no steps of its own. Use server-optimizer momentum:0 for plain steps.")]
    [InlineData("model=external evaluate=false", "model is external, and only a file can say what its tensors are. Set start to a safetensors file.")]
    [InlineData("model=external start=w.safetensors", "model is external, and the server cannot judge it. Set evaluate to false; the parties' own figures are reported.")]
    [InlineData("standardize=true model=external start=w.safetensors evaluate=false", "standardize is true, and the columns of model external are not the server's to name.")]
    [InlineData("model=standardized:softmax", "model is standardized:softmax, which standardize makes of a model. Leave 'standardized:' out, and set standardize to true.")]
    [InlineData("mode=sofl layout=plain", "mode is sofl, and layout plain has no leaders. Set layout to masked or rotating, or leave mode out.")]
    [InlineData("mode=sofl intersect=coordinator election=first layout=plain", "mode is sofl, and layout plain has no leaders.")]
    [InlineData("intersect=leaders layout=plain", "intersect is leaders, and layout plain has none. Set layout to masked or rotating, or intersect to coordinator.")]
    public void Read_ValuesThatDoNotGoTogether_SaysWhich(string settings, string message) =>
        Assert.StartsWith(message, Assert.Throws<CliException>(() => JobReader.Read(null, settings.Split(' '))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("k-min=10")]
    [InlineData("k-min=3 fraction=0.21")]
    [InlineData("leaders=10")]
    [InlineData("leaders=15 layout=plain")]
    [InlineData("ring=16 parties=256")]
    [InlineData("parties=25000")]
    [InlineData("parties=65536 fraction=0.3")]
    [InlineData("clip=1 clip-min=1 clip-max=1")]
    [InlineData("server-lr=0.5 server-optimizer=yogi")]
    [InlineData("model=external start=w.safetensors evaluate=false")]
    [InlineData("standardize=true model=softmax")]
    [InlineData("mode=sofl layout=rotating")]
    [InlineData("mode=demofl intersect=leaders election=appointed")]
    public void Read_ValuesJustWithin_AreTaken(string settings) => JobReader.Read(null, settings.Split(' '));

    /// <summary>A wrong value is reported once: what would follow from it is noise.</summary>
    [Theory]
    [InlineData("parties=x")]
    [InlineData("processes=0")]
    [InlineData("fraction=2")]
    [InlineData("clip=wide")]
    [InlineData("ring=33")]
    public void Read_OneWrongValue_IsOneError(string setting) =>
        Assert.DoesNotContain('\n', Assert.Throws<CliException>(() => JobReader.Read(null, [setting])).Message);

    [Fact]
    public void Read_ErrorsAndContradictions_ComeTogether() =>
        Assert.Equal(3, Assert.Throws<CliException>(() => JobReader.Read(null, ["k-min=11", "leaders=12", "lr=x"])).Message.Split('\n').Length);
}
