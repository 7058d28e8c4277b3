using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace DemoFl.Interop.Tests;

/// <summary>The details that a failure carries when interop.proto asks for them: one message of each kind.</summary>
internal static class FailureDetails
{
    /// <summary>The text that asks for them.</summary>
    public const string Asked = "details";

    public static Status Of(StatusCode code, string text) => new()
    {
        Code = (int)code,
        Message = text,
        Details =
        {
            Any.Pack(new ErrorInfo { Reason = "TOO_MANY", Domain = "interop.test", Metadata = { { "größe", "日本" } } }),
            Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1.5)) }),
            Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "letter.count", Description = "is below 0" } } }),
        },
    };
}
