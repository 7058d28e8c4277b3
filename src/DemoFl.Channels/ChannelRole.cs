namespace DemoFl.Channels;

/// <summary>Which end of a pair channel a process is. The two ends seal under different keys.</summary>
public enum ChannelRole
{
    /// <summary>The end that offered its key: a leader, once per slot it takes.</summary>
    Holder,

    /// <summary>The end that answered the offer.</summary>
    Party,
}
