using DemoFl.Cli.Attack;
using DemoFl.Protocol;

namespace DemoFl.Cli.Tests.Attack;

/// <summary>The attacked round is a real one: its shares are the product's, and they add up to the model that the parties trained.</summary>
public sealed class AttackedRoundTests
{
    private static readonly AttackScene Scene = AttackScene.Make("generated:train=160,test=1,size=8", "mlp:40", 3);

    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public void Play_EveryParty_HasSharesThatAddUpToItsEncodedUpdate(Layout layout)
    {
        using var round = AttackedRound.Play(Scene, layout, CancellationToken.None);
        Assert.Equal(layout == Layout.Masked ? 8 : 0, round.Uploads.Count);
        foreach (var party in round.Parties)
        {
            var shares = round.Holders.Select(h => h.ShareOf(party.Id)).ToList();
            if (layout == Layout.Masked)
            {
                shares.Add(round.Uploads[party.Id]);
            }

            Assert.Equal(party.Update!.Encoded.Bytes, Rings.Sum(round.Spec, shares).Bytes);
            Assert.All(shares, share => Assert.NotEqual(party.Update.Encoded.Bytes.ToArray(), share.Bytes.ToArray()));
            Assert.Equal(layout == Layout.Rotating ? 1 : 0, round.Holders.Count(h => h.Keeps(party.Id)));
        }
    }

    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public void Play_Committed_IsTheMeanOfWhatThePartiesTrained(Layout layout)
    {
        using var round = AttackedRound.Play(Scene, layout, CancellationToken.None);
        Assert.Equal(round.Parties.Count, round.Spec.Participants.Length);
        for (int i = 0; i < Scene.Dimension; i++)
        {
            double mean = round.Parties.Average(p => (double)p.Update!.Delta[i]);
            Assert.Equal(Scene.Start[i] + mean, round.Committed[i], 1e-5);
        }

        Assert.NotEqual(Scene.Start, round.Committed);
    }

    [Fact]
    public void Play_Twice_DrawsOtherKeysAndMasksForTheSameUpdates()
    {
        using var one = AttackedRound.Play(Scene, Layout.Masked, CancellationToken.None);
        using var other = AttackedRound.Play(Scene, Layout.Masked, CancellationToken.None);
        Assert.Equal(one.Parties[7].Update!.Delta, other.Parties[7].Update!.Delta);
        Assert.NotEqual(one.Uploads[one.Parties[7].Id].Bytes.ToArray(), other.Uploads[other.Parties[7].Id].Bytes.ToArray());
        Assert.NotEqual(one.Parties[7].Id, other.Parties[7].Id);
    }

    [Fact]
    public void View_OneMaskFewer_IsAllThatStandsBetweenNothingAndEverything()
    {
        using var round = AttackedRound.Play(Scene, Layout.Masked, CancellationToken.None);
        var victim = round.Parties[^1];
        float[] secret = victim.Update!.Delta;
        foreach (int[] corrupt in (int[][])[[], [0], [1], [2], [0, 1], [0, 2], [1, 2]])
        {
            var view = AdversaryView.OfCoordinator(round, corrupt, victim);
            Assert.InRange(LinearEstimate.Cosine(secret, view.Conceded, view.Seen), 0, Scene.Bound);
        }

        var all = AdversaryView.OfCoordinator(round, [0, 1, 2], victim);
        Assert.InRange(LinearEstimate.Cosine(secret, all.Conceded, all.Seen), AttackResult.Recovered, 1.000001);
    }
}
