namespace DemoFl.Channels;

/// <summary>Why <see cref="PairChannel.TryOpen"/> refused a message. A refused message changes nothing in the channel.</summary>
public enum OpenFailure
{
    /// <summary>Not refused: the message is authentic and new.</summary>
    None,

    /// <summary>The round is closed; its keys are erased.</summary>
    WrongRound,

    /// <summary>The sequence number is not above the last accepted one: a replay, or a message that was overtaken.</summary>
    Replayed,

    /// <summary>More than <see cref="PairChannel.MaxSkippedRounds"/> rounds ahead: the pair must agree on new keys.</summary>
    TooFarAhead,

    /// <summary>Forged, altered, or sealed for another pair, direction, place, round or sequence number.</summary>
    NotAuthentic,
}
