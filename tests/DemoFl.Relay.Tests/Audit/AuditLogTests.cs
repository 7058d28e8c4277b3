using System.Text.Json;
using DemoFl.Relay.Audit;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DemoFl.Relay.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    private string Path => _folder.File("audit.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Record_OfAnEvent_SaysWhenWhoWhatAndWhy()
    {
        using var log = Log();
        _clock.Advance(TimeSpan.FromMilliseconds(1234));
        var session = new Session(Some.Node(1), new Credentials("alice", default, default), default, canLead: true);
        log.Record(new AuditEvent(AuditKind.BadSignature, "ipv4:192.0.2.1:5", session, "OfferMade", "the signature does not verify"), "192.0.2.1");

        var line = Assert.Single(AuditReader.Lines(Path));
        Assert.Equal(
            """{"time":"2030-01-01T00:00:01.234Z","kind":"bad_signature","peer":"ipv4:192.0.2.1:5","node":"NODE","name":"alice","what":"OfferMade","reason":"the signature does not verify"}"""
                .Replace("NODE", Convert.ToHexStringLower(Some.Node(1).Value.ToArray()), StringComparison.Ordinal),
            line.GetRawText());
        Assert.DoesNotContain(session.Token, AuditReader.Text(Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n{\"kind\":\"join_refused\"}\u001b[2J")]
    [InlineData("\0\u0085\u2028\u202e")]
    [InlineData("\ud800 alone")]
    public void Record_OfWhatAPeerSaid_StaysOneShortLineOfAscii(string said)
    {
        var printed = new List<string>();
        using var log = new AuditLog(new AuditFile(Path, AuditFile.DefaultMaxBytes), _clock, new ListLogger(printed));
        string much = string.Concat(Enumerable.Repeat(said, 10_000));
        log.Record(new AuditEvent(AuditKind.MessageRefused, much, null, much, much), "192.0.2.1");

        string line = AuditReader.Text(Path);
        Assert.InRange(line.Length, 1, AuditLine.MaxBytes);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.All(line[..^1], c => Assert.InRange(c, ' ', '~'));
        Assert.EndsWith("...", JsonDocument.Parse(line).RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(printed.Single().Replace(much, "", StringComparison.Ordinal), c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void Record_FromANoisyAddress_IsCountedAndLeavesOthersTheirLines()
    {
        using var log = Log();
        for (int i = 0; i < 10_000; i++)
        {
            log.Record(Event(AuditKind.JoinRefused), "192.0.2.1");
        }

        log.Record(Event(AuditKind.SlowReader), "192.0.2.2");
        Assert.Equal(AuditThrottle.AddressBurst + 1, AuditReader.Lines(Path).Length);

        _clock.Advance(AuditLog.SummaryPeriod);
        var more = AuditReader.Lines(Path)[^1];
        Assert.Equal(("join_refused", "192.0.2.1"), (more.GetProperty("kind").GetString(), more.GetProperty("peer").GetString()));
        Assert.Equal(10_000 - AuditThrottle.AddressBurst, more.GetProperty("more").GetInt32());

        log.Record(Event(AuditKind.JoinRefused), "192.0.2.1");
        Assert.Equal(AuditThrottle.AddressBurst + 3, AuditReader.Lines(Path).Length);
    }

    [Fact]
    public void Record_FromManyAddresses_IsBoundedInLinesAndMissesNone()
    {
        const int Addresses = 5000;
        using (var log = Log())
        {
            for (int i = 0; i < Addresses; i++)
            {
                log.Record(Event(AuditKind.LimitReached), $"192.0.{i / 256}.{i % 256}");
            }

            Assert.Equal(AuditThrottle.TotalBurst, AuditReader.Lines(Path).Length);
        }

        var more = AuditReader.Lines(Path)[AuditThrottle.TotalBurst..];
        Assert.InRange(more.Length, 1, AuditThrottle.MaxAddresses + 1);
        Assert.Equal(Addresses - AuditThrottle.TotalBurst, more.Sum(line => line.GetProperty("more").GetInt32()));
        Assert.Equal(AuditThrottle.OtherAddresses, more[^1].GetProperty("peer").GetString());
    }

    [Fact]
    public void Record_WhereTheFileCannotBe_GoesOnAndSaysSoOnce()
    {
        var printed = new List<string>();
        string gone = System.IO.Path.Combine(_folder.Path, "gone", "audit.jsonl");
        using var log = new AuditLog(new AuditFile(gone, 100), _clock, new ListLogger(printed));
        log.Record(Event(AuditKind.JoinRefused), "192.0.2.1");
        log.Record(Event(AuditKind.JoinRefused), "192.0.2.1");
        Assert.Single(printed, line => line.Contains("cannot be written", StringComparison.Ordinal));

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(gone)!);
        log.Record(Event(AuditKind.JoinRefused), "192.0.2.1");
        Assert.Single(AuditReader.Lines(gone));
        Assert.Contains(printed, line => line.Contains("2 lines were lost", StringComparison.Ordinal));
    }

    private static AuditEvent Event(AuditKind kind) => new(kind, "ipv4:192.0.2.1:5", null, "connection", "because");

    private AuditLog Log() => new(new AuditFile(Path, AuditFile.DefaultMaxBytes), _clock, NullLogger<AuditLog>.Instance);

    private sealed class ListLogger(List<string> printed) : ILogger<AuditLog>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            printed.Add(formatter(state, exception));
    }
}
