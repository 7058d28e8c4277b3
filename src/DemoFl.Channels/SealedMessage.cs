namespace DemoFl.Channels;

/// <summary>A sealed message as it travels. Both parts are public: whoever carries them learns the length and nothing else.</summary>
/// <param name="Sequence">The sender's counter in this direction of this channel, 1 to 2^63 - 1, strictly increasing.</param>
/// <param name="Ciphertext">The AES-256-GCM ciphertext followed by its 16-byte tag.</param>
public readonly record struct SealedMessage(ulong Sequence, byte[] Ciphertext);
