using DemoFl.Protocol;
using DemoFl.Relay.Peers;
using DemoFl.Relay.Sessions;
using DemoFl.V1;
using Google.Protobuf;
using static DemoFl.Relay.Tests.Hostile.Http2Frame;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>What is each allowed and together too much, or too slow.</summary>
public abstract class FloodContract(bool useTls) : HostileContract(useTls)
{
    private const string Attend = "/demofl.v1.Coordinator/Attend";
    private const string GetStatus = "/demofl.v1.Coordinator/GetStatus";

    private protected override HostLimits Limits => new() { RequestHeadersDeadline = TimeSpan.FromSeconds(1) };

    public static TheoryData<string, byte[]> Frames => new()
    {
        { "PING", Of(Ping, 0, 0, new byte[8]) },
        { "SETTINGS", Of(Settings, 0, 0) },
        { "PRIORITY", Of(Priority, 0, 1, 0, 0, 0, 0, 1) },
        { "WINDOW_UPDATE", Of(WindowUpdate, 0, 0, Number(1)) },
        { "unknown type", Of(0xBE, 0, 0, new byte[100]) },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Flood_OfAFrameThatIsAllowed_EndsTheConnection(string name, byte[] frame)
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.FloodAsync([.. Enumerable.Repeat(frame, 1000).SelectMany(f => f)], 10_000);
        await connection.EndingAsync();
        var line = await Server.AuditedAsync("limit_reached", "bytes sent before a session");
        Assert.True(line.GetProperty("reason").GetString()!.Length < 100, name);
    }

    [Fact]
    public async Task Pings_WhoseAnswersAreNotRead_EndTheConnectionWithTheDeadlineAtTheLatest()
    {
        await using var connection = await RawConnection.GreetAsync(Address, reads: false);
        var flood = connection.FloodAsync([.. Enumerable.Repeat(Of(Ping, 0, 0, new byte[8]), 1000).SelectMany(f => f)], 10_000);
        await Alice.AssertServedAsync();
        Clock.Advance(new HostLimits().JoinDeadline);
        await flood;
    }

    [Fact]
    public async Task RapidReset_OfThousandsOfCalls_EndsTheConnection()
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        for (int batch = 0, stream = 1; batch < 200; batch++)
        {
            var frames = new List<byte>();
            for (int i = 0; i < 50; i++, stream += 2)
            {
                frames.AddRange(Of(Headers, EndHeaders, stream, CallHeaders(Address.Scheme, Attend)));
                frames.AddRange(Of(RstStream, 0, stream, Number(Cancel)));
            }

            if (!await connection.SayAsync([.. frames]))
            {
                break;
            }
        }

        await connection.EndingAsync();
        await Server.AuditedAsync("limit_reached", "");
    }

    [Fact]
    public async Task Cancelling10000Calls_LeavesNothingBehind()
    {
        var client = new Coordinator.CoordinatorClient(Server.Connect());
        for (int batch = 0; batch < 100; batch++)
        {
            var calls = Enumerable.Range(0, 100).Select(_ => client.Attend()).ToArray();

            // Some have been sent by now, some have not.
            await Task.Yield();
            foreach (var call in calls)
            {
                call.Dispose();
            }
        }

        await Alice.AssertServedAsync();
        Assert.Equal(1u, (await new Coordinator.CoordinatorClient(Server.Connect()).GetStatusAsync(new StatusRequest())).NodesPresent);
    }

    [Fact]
    public async Task Streams_BeyondTheLimit_AreRefusedOneByOne()
    {
        int most = Limits.MaxStreamsPerConnection;
        await using var connection = await RawConnection.GreetAsync(Address);
        for (int i = 0; i <= most; i++)
        {
            await connection.SayAsync(Of(Headers, EndHeaders, (2 * i) + 1, CallHeaders(Address.Scheme, Attend)));
        }

        Assert.Equal(RefusedStream, await connection.EndingAsync(stream: (2 * most) + 1));
        await Server.AuditedAsync("limit_reached", "too many streams");
    }

    [Fact]
    public async Task HeaderBlock_ThatStops_EndsTheConnectionAtTheDeadline()
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.SayAsync(Of(Headers, 0, 1, CallHeaders(Address.Scheme, Attend)));
        await connection.EndingAsync();
        await Server.AuditedAsync("deadline_expired", "");
    }

    [Fact]
    public async Task Connection_ThatSaysNothingMore_EndsAtTheDeadline()
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.ExpectAsync(Settings);
        Clock.Advance(Limits.JoinDeadline);
        await connection.EndingAsync();
        await Server.AuditedAsync("deadline_expired", "no session within 60 s");
    }

    [Fact]
    public async Task Join_ThatStopsAtTheChallenge_EndsAtTheDeadline()
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.SayAsync([.. Of(Headers, EndHeaders, 1, CallHeaders(Address.Scheme, Attend)), .. Of(Data, 0, 1, Message(JoinRequest()))]);
        await connection.ExpectAsync(Data);
        Clock.Advance(JoinHandshake.Deadline);
        Assert.Equal(Cancel, await connection.EndingAsync(stream: 1));
        var line = await Server.AuditedAsync("deadline_expired", "no proof within 15 s");
        Assert.Equal(Attend, line.GetProperty("what").GetString());
        Assert.False(line.TryGetProperty("node", out _), "a claim is no proof");
    }

    [Fact]
    public async Task Response_ThatIsNotTaken_EndsWithItsConnection()
    {
        await using var connection = await RawConnection.GreetAsync(Address, settings: [0, 4, 0, 0, 0, 0]);
        await connection.SayAsync([.. Of(Headers, EndHeaders, 1, CallHeaders(Address.Scheme, GetStatus)), .. Of(Data, EndStream, 1, Message(new StatusRequest()))]);
        await connection.ExpectAsync(Headers);
        Clock.Advance(Limits.JoinDeadline);
        Clock.Advance(Limits.ClosePatience);
        await connection.EndingAsync();
        await Server.AuditedAsync("slow_reader", "answers not taken");
    }

    [Fact]
    public async Task Stream_ResetInTheMiddleOfAMessage_LeavesTheConnectionUsable()
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.SayAsync([.. Of(Headers, EndHeaders, 1, CallHeaders(Address.Scheme, Attend)), .. Of(Data, 0, 1, 0, 0, 0, 1, 0, 7)]);
        await connection.SayAsync(Of(RstStream, 0, 1, Number(Cancel)));
        await connection.SayAsync([.. Of(Headers, EndHeaders, 3, CallHeaders(Address.Scheme, GetStatus)), .. Of(Data, EndStream, 3, Message(new StatusRequest()))]);
        await connection.ExpectAsync(Data);
    }

    private static byte[] Message(IMessage message)
    {
        byte[] bytes = message.ToByteArray();
        return [0, .. Number(bytes.Length), .. bytes];
    }

    private static NodeFrame JoinRequest() => new()
    {
        Join = new JoinRequest
        {
            ProtocolVersion = JoinStatement.CurrentVersion, Incarnation = Wire.Field.Of(new Incarnation(7)), CanLead = true,
            Credentials = Wire.Records.ToWire(new Credentials("mallory", new byte[91], default)),
        },
    };
}
