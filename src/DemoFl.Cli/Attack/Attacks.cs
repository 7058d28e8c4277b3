using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Cli.Attack;

/// <summary>Every scheme against every adversary of the table.</summary>
internal static class Attacks
{
    private static readonly Layout[] Layouts = [Layout.Masked, Layout.Rotating];

    /// <summary>Plays a round in each layout and attacks it; the papers' Algorithm 1 is attacked with the first round's updates.</summary>
    /// <param name="scene">What is trained.</param>
    /// <param name="corrupt">Corrupt leaders beside the coordinator, or null for every number from none to all.</param>
    /// <param name="cancellation">Checked between steps.</param>
    public static AttackReport Run(AttackScene scene, int? corrupt, CancellationToken cancellation)
    {
        var results = new List<AttackResult>();
        double sumCosine = 0;
        foreach (var layout in Layouts)
        {
            using var round = AttackedRound.Play(scene, layout, cancellation);
            var victim = round.Parties[^1];
            if (results.Count == 0)
            {
                sumCosine = LinearEstimate.Cosine(
                    victim.Update!.Delta, [], [Rings.ToReal(Rings.Sum(round.Spec, round.Parties.Select(p => p.Update!.Encoded)))]);
                using var random = new SecureRounding();
                results.Add(Judge("Algorithm 1", "1 leader", AdversaryView.OfPaperLeader(round, random), isRecoveryExpected: true));
            }

            foreach (int count in corrupt is { } only ? [only] : Enumerable.Range(0, scene.Leaders + 1))
            {
                cancellation.ThrowIfCancellationRequested();
                var view = AdversaryView.OfCoordinator(round, SlotsOf(round, victim, count), victim);
                results.Add(Judge(layout.ToString().ToLowerInvariant(), NameOf(count, scene.Leaders), view, count == scene.Leaders));
            }

            AttackResult Judge(string scheme, string adversary, AdversaryView view, bool isRecoveryExpected) => new(
                scheme, adversary, view.Seen.Count, LinearEstimate.Cosine(victim.Update!.Delta, view.Conceded, view.Seen), scene.Bound, isRecoveryExpected);
        }

        return new AttackReport(scene, results, sumCosine);
    }

    /// <summary>So many slots, beginning with the one that keeps the victim's vector where a leader does: the most telling first.</summary>
    private static int[] SlotsOf(AttackedRound round, Participant victim, int count)
    {
        int first = Math.Max(0, round.Holders.ToList().FindIndex(h => h.Keeps(victim.Id)));
        return [.. Enumerable.Range(0, count).Select(i => (first + i) % round.Holders.Count)];
    }

    private static string NameOf(int corrupt, int leaders) =>
        corrupt == 0 ? "coordinator" : corrupt == leaders ? $"coordinator and all {leaders} leaders" : $"coordinator and {corrupt} of {leaders} leaders";
}
