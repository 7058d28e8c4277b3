using DemoFl.Protocol;
using DemoFl.Relay;

namespace DemoFl.Node.Tests.Federations;

/// <summary>A leader is lost in the middle of a round, and the round goes on (DESIGN section 7).</summary>
public sealed class ReorganisationTests
{
    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public async Task Run_LeaderLostWhilePartiesTrain_TheRoundCommitsWithoutIt(Layout layout)
    {
        await using var stricken = await Stricken.StartAsync(Rules.Of(Stricken.Nodes, rounds: 2, layout));

        await stricken.Victim.StopAsync();
        await stricken.Federation.Events.WhenAsync<CoordinatorEvent.Replaced>();
        stricken.Release();

        await AssertGoesOnAsync(stricken, layout, vectors: [4]);
    }

    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public async Task Run_LeaderLostWhileVectorsAreUnderWay_TheRoundCommitsWithoutIt(Layout layout)
    {
        await using var stricken = await Stricken.StartAsync(Rules.Of(Stricken.Nodes, rounds: 2, layout));

        // Whoever is how far: nobody waits for them, and one has not begun.
        stricken.Release(except: stricken.Bystander);
        await stricken.Victim.StopAsync();
        await stricken.Federation.Events.WhenAsync<CoordinatorEvent.Replaced>();
        stricken.Release();

        await AssertGoesOnAsync(stricken, layout, vectors: [4, 5]);
    }

    [Theory]
    [InlineData(Layout.Masked, RoundStage.Intersecting)]
    [InlineData(Layout.Masked, RoundStage.Agreeing)]
    [InlineData(Layout.Masked, RoundStage.Closing)]
    [InlineData(Layout.Rotating, RoundStage.Intersecting)]
    [InlineData(Layout.Rotating, RoundStage.Agreeing)]
    [InlineData(Layout.Rotating, RoundStage.Closing)]
    public async Task Run_LeaderLostAfterTheUploads_TheRoundCommitsInAnotherAttempt(Layout layout, RoundStage stage)
    {
        await using var stricken = await Stricken.StartAsync(Rules.Of(Stricken.Nodes, rounds: 2, layout));

        stricken.KillAt(stage);
        stricken.Release();

        await AssertGoesOnAsync(stricken, layout, vectors: [5]);
        Assert.Equal(4, (await stricken.Federation.Events.WhenAsync<CoordinatorEvent.Resumed>()).Resealed);
    }

    [Theory]
    [InlineData(RoundStage.Uploading)]
    [InlineData(RoundStage.Intersecting)]
    [InlineData(RoundStage.Closing)]
    public async Task Run_AppointedLeadersIntersectAndOneIsLost_TheRoundCommits(RoundStage stage)
    {
        await using var stricken = await Stricken.StartAsync(Rules.Of(Stricken.Nodes, rounds: 2) with
        {
            Election = ElectionMode.Appointed, Care = Rules.Patient with { LeadersIntersect = true },
        });

        if (stage == RoundStage.Uploading)
        {
            await stricken.Victim.StopAsync();
            await stricken.Federation.Events.WhenAsync<CoordinatorEvent.Replaced>();
        }
        else
        {
            stricken.KillAt(stage);
        }

        stricken.Release();

        await AssertGoesOnAsync(stricken, Layout.Masked, vectors: [4, 5]);
    }

    /// <summary>One slot a round: what is beyond that ends it, and the next round has fresh updates and other leaders.</summary>
    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public async Task Run_NewHolderLostToo_AbortsAndTheNextRoundCommits(Layout layout)
    {
        await using var stricken = await Stricken.StartAsync(Rules.Of(Stricken.Nodes, rounds: 1, layout));
        stricken.Federation.Meanwhile = happened =>
        {
            if (happened is CoordinatorEvent.Replaced replaced)
            {
                stricken.Federation.Members.Single(m => m.Id == replaced.Holder).StopAsync().Wait();
            }
        };

        await stricken.Victim.StopAsync();
        var aborted = await stricken.Federation.Events.WhenAsync<CoordinatorEvent.Aborted>();
        stricken.Release();
        await stricken.Federation.CompleteAsync();

        Assert.Equal(Stricken.Round, aborted.Round);
        var committed = Assert.Single(stricken.Federation.Events.All.OfType<CoordinatorEvent.Committed>());
        Assert.Equal((new Round(2), 3), (committed.Round, committed.Intersection));
        Assert.Equal(2, stricken.Federation.Events.All.OfType<CoordinatorEvent.LeaderLost>().Count());
    }

    /// <summary>A surviving leader judges for itself who is to get the lost slot; one that refuses ends the round at once and not at its deadline.</summary>
    [Fact]
    public async Task Run_SurvivorThatDoesNotAcceptTheNewHolder_AbortsAndTheNextRoundCommits()
    {
        await using var stricken = await Stricken.StartAsync(Rules.Of(Stricken.Nodes, rounds: 1));
        stricken.Federation.Meanwhile = happened =>
        {
            if (happened is CoordinatorEvent.Aborted)
            {
                stricken.Suspicious = null;
            }
        };
        stricken.Suspicious = stricken.Federation.Members.Single(m => m.Id == stricken.Leaders.Seats[0].Holder);

        await stricken.Victim.StopAsync();
        await stricken.Federation.Events.WhenAsync<CoordinatorEvent.Aborted>();
        stricken.Release();
        await stricken.Federation.CompleteAsync();

        Assert.DoesNotContain(stricken.Federation.Events.All, e => e is CoordinatorEvent.Replaced);
        Assert.Contains(stricken.Federation.Log.All, l => l.Text.Contains("is not signed: not this week", StringComparison.Ordinal));
        Assert.Equal(new Round(2), Assert.Single(stricken.Federation.Events.All.OfType<CoordinatorEvent.Committed>()).Round);
    }

    private static async Task AssertGoesOnAsync(Stricken stricken, Layout layout, int[] vectors)
    {
        var (federation, victim) = (stricken.Federation, stricken.Victim);
        await federation.CompleteAsync();

        var events = federation.Events.All;
        Assert.Empty(events.OfType<CoordinatorEvent.Aborted>());
        Assert.Equal(victim.Id, Assert.Single(events.OfType<CoordinatorEvent.LeaderLost>()).Node);
        var replaced = Assert.Single(events.OfType<CoordinatorEvent.Replaced>());
        Assert.Equal((Stricken.Round, new Slot(1)), (replaced.Round, replaced.Slot));
        Assert.Null(stricken.Leaders.SeatOf(replaced.Holder));
        Assert.Single(events.OfType<CoordinatorEvent.Resumed>());

        // The next round has the same leaders, and no keys were agreed anew.
        Assert.Single(events.OfType<CoordinatorEvent.LeadersSeated>());
        Assert.Equal([4, 4], events.OfType<CoordinatorEvent.Committed>().Select(c => c.Intersection));
        stricken.AssertCommitted([.. federation.Members.Where(m => m != victim)]);
        stricken.AssertTrainedOnce();
        if (layout == Layout.Masked)
        {
            var (first, second) = (await TrafficOfAsync(federation, 1), await TrafficOfAsync(federation, 2));
            Assert.Contains(first.VectorsUp, vectors.Select(v => v * second.VectorsUp / 4));
        }
    }

    private static async Task<TrafficCount> TrafficOfAsync(Federation federation, ulong round) =>
        (await federation.Reports.WhenAsync<RoundReport>(r => r.Round == new Round(round))).Traffic;
}
