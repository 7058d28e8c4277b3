using DemoFl.Protocol;

namespace DemoFl.Wire;

/// <summary>The coordinator's word of how far a run has come, to and from its message.</summary>
public static class RunHeads
{
    /// <summary>The head with the coordinator's signature.</summary>
    public static V1.RunHead ToWire(RunHead value, Signer sign) =>
        new() { Term = value.Term.Value, Round = value.Round.Value, Signature = Field.Of(sign(RunHead.Domain, value.Statement())) };

    /// <summary>The head, or null when there is none or it is not the coordinator's word about this run.</summary>
    public static RunHead? FromWire(V1.RunHead? value, RunId run, Verifier verify)
    {
        if (value is null)
        {
            return null;
        }

        var head = new RunHead(run, new Term(value.Term), new Round(value.Round));
        return verify(RunHead.Domain, head.Statement(), value.Signature.Memory) ? head : null;
    }
}
