using System.Threading.Channels;
using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Tests.Coordination;

public sealed class RoundWorkTests : IDisposable
{
    private static readonly ModelSnapshot Start = new(Some.Model.Initialise(5));

    private readonly TemporaryFolder _folder = new();
    private readonly Channel<CoordinatorInput> _answers = Channel.CreateUnbounded<CoordinatorInput>();
    private readonly ErrorLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly RunFolder _run;
    private readonly VectorStore _vectors;
    private readonly RoundWork _work;

    public RoundWorkTests()
    {
        _loggers = new LoggerFactory([_log]);
        _run = RunFolder.Create(_folder.Path, Some.Job(), Start, 0.5);
        _vectors = new VectorStore(0, _run.SpillFolder);
        var progress = new RunProgress(_run.Run, default, default, 0, Start.Hash, new ClipState(0.5, 0), null, Start);
        _work = new RoundWork(Some.Job(), _run, _vectors, new TrafficMeter(), progress, new RecordingObserver(), new Logger<RoundWork>(_loggers));
    }

    public void Dispose()
    {
        _vectors.Dispose();
        _run.Dispose();
        _loggers.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task PrepareClosing_OfARoundDiscardedMeanwhile_StillReadsItsVectorsAndThenFreesThem()
    {
        var spec = Upload();
        _work.PrepareClosing(Closing(spec), PostAsync);
        _work.Discard(spec.Round);
        _vectors.Open(Some.Spec(round: 2));
        await _work.FinishAsync();

        Assert.Equal(new CoordinatorInput.ClosingPrepared(spec.Round, Attempt.First), await _answers.Reader.ReadAsync());
        Assert.Empty(Directory.EnumerateFiles(_run.SpillFolder));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("closing")));
        Assert.False(_work.Fatal.IsCompleted);
        Assert.Empty(_log.Errors);
    }

    /// <summary>A slot was filled anew after the first attempt's closing was durable: what counts then is the second one's.</summary>
    [Fact]
    public async Task PrepareClosing_OfALaterAttempt_TakesThePlaceOfTheEarlierOne()
    {
        var spec = Upload();
        _work.PrepareClosing(Closing(spec), PostAsync);
        await _work.FinishAsync();
        string sum = Directory.GetFiles(_folder.File("closing")).Single();
        byte[] first = File.ReadAllBytes(sum);

        _work.PrepareClosing(new CoordinatorEffect.PrepareClosing(spec, Leaders, new Attempt(2), Some.Parties(0), []), PostAsync);
        await _work.FinishAsync();

        Assert.Equal(
            [new CoordinatorInput.ClosingPrepared(spec.Round, Attempt.First), new CoordinatorInput.ClosingPrepared(spec.Round, new Attempt(2))],
            [await _answers.Reader.ReadAsync(), await _answers.Reader.ReadAsync()]);
        Assert.Equal(sum, Directory.GetFiles(_folder.File("closing")).Single());

        // The lanes of one party are in it, and not those of two.
        Assert.NotEqual(first, File.ReadAllBytes(sum));
    }

    [Fact]
    public async Task PrepareClosing_OfATamperedSpillFile_FailsTheRoundAndNotTheServer()
    {
        var spec = Upload();
        using (var file = new FileStream(
            Path.Combine(_run.SpillFolder, "round-1.bin"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            file.Position = 20;
            int stored = file.ReadByte();
            file.Position = 20;
            file.WriteByte((byte)(stored ^ 0x80));
        }

        _work.PrepareClosing(Closing(spec), PostAsync);
        await _work.FinishAsync();

        var failed = Assert.IsType<CoordinatorInput.CommitFailed>(await _answers.Reader.ReadAsync());
        Assert.Contains("spill file", failed.Reason, StringComparison.Ordinal);
        Assert.False(_work.Fatal.IsCompleted);
    }

    [Fact]
    public async Task PrepareClosing_ThatCannotBeMadeDurable_IsFatalAndNothingFollows()
    {
        var spec = Upload();
        _run.Dispose();
        _work.PrepareClosing(Closing(spec), PostAsync);
        _work.PrepareClosing(Closing(spec), PostAsync);
        await _work.FinishAsync();

        Assert.IsType<ObjectDisposedException>(await _work.Fatal);
        Assert.False(_answers.Reader.TryRead(out _));
        Assert.Single(_log.Errors);
    }

    private static CoordinatorEffect.PrepareClosing Closing(RoundSpec spec) => new(spec, Leaders, Attempt.First, Some.Parties(0, 1), []);

    private static LeaderSet Leaders => Some.Leaders(0, 1);

    private RoundSpec Upload()
    {
        var spec = Some.Spec();
        _vectors.Open(spec);
        foreach (int party in new[] { 0, 1 })
        {
            _vectors.Accept(Some.Node(party), Some.Header(32, party)).Append(new byte[32]);
        }

        return spec;
    }

    private ValueTask PostAsync(CoordinatorInput input) => _answers.Writer.WriteAsync(input);
}
