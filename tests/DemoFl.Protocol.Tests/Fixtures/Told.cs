namespace DemoFl.Protocol.Tests;

/// <summary>Picks messages out of effects.</summary>
internal static class Told
{
    public static T Tells<T>(this IEnumerable<NodeEffect> effects)
        where T : NodeMessage => Assert.IsType<T>(Assert.Single(effects.OfType<NodeEffect.Tell>()).Message);

    public static T Sends<T>(this IEnumerable<NodeEffect> effects)
        where T : PeerMessage => Assert.IsType<T>(Assert.Single(effects.OfType<NodeEffect.ToParty>()).Message);

    /// <summary>Everything told to the coordinator, in order.</summary>
    public static NodeMessage[] Tellings(this IEnumerable<NodeEffect> effects) => [.. effects.OfType<NodeEffect.Tell>().Select(t => t.Message)];

    /// <summary>The slots to whose holders a message of this kind goes.</summary>
    public static int[] SlotsTold<T>(this IEnumerable<NodeEffect> effects)
        where T : PeerMessage => [.. effects.OfType<NodeEffect.ToHolder>().Where(t => t.Message is T).Select(t => t.Slot.Index)];

    /// <summary>The one message of its kind, whoever gets it; a broadcast counts once.</summary>
    public static T Says<T>(this IEnumerable<CoordinatorEffect> effects)
        where T : ServerMessage => Assert.Single(effects.Messages<T>().Distinct());

    public static bool Silent<T>(this IEnumerable<CoordinatorEffect> effects)
        where T : ServerMessage => !effects.Messages<T>().Any();

    public static IEnumerable<T> Messages<T>(this IEnumerable<CoordinatorEffect> effects)
        where T : ServerMessage => effects.Select(e => e switch
        {
            CoordinatorEffect.Send m => m.Message,
            CoordinatorEffect.Broadcast m => m.Message,
            _ => null,
        }).OfType<T>();

    public static T Reports<T>(this IEnumerable<CoordinatorEffect> effects)
        where T : CoordinatorEvent => Assert.Single(effects.OfType<CoordinatorEffect.Report>().Select(r => r.Event).OfType<T>());

    /// <summary>The number of the beat to each leader.</summary>
    public static Dictionary<int, ulong> Beats(this IEnumerable<CoordinatorEffect> effects) => effects.OfType<CoordinatorEffect.Send>()
        .Where(s => s.Message is ServerMessage.Beat).ToDictionary(s => Some.NumberOf(s.To), s => ((ServerMessage.Beat)s.Message).Number);
}
