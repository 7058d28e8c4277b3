using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.StatusProto;

/// <summary>Details of a failure in an exception and back; interoperability tests send them to others.</summary>
public sealed class StatusDetailsTests
{
    private static readonly Google.Rpc.Status Details = new()
    {
        Code = (int)StatusCode.NotFound,
        Message = "gone",
        Details = { Any.Pack(new ErrorInfo { Reason = "GONE", Domain = "test" }) },
    };

    [Fact]
    public void ToRpcException_Details_ComeBack()
    {
        var exception = Details.ToRpcException();

        Assert.Equal((StatusCode.NotFound, "gone"), (exception.StatusCode, exception.Status.Detail));
        Assert.Equal(Details, exception.GetRpcStatus());
    }

    [Fact]
    public void ToRpcException_OtherCodeAndText_KeepsTheDetails()
    {
        var exception = Details.ToRpcException(StatusCode.Aborted, "other");

        Assert.Equal((StatusCode.Aborted, "other"), (exception.StatusCode, exception.Status.Detail));
        Assert.Equal(Details, exception.GetRpcStatus());
    }

    [Theory]
    [InlineData(17)]
    [InlineData(-1)]
    public void ToRpcException_CodeOfNoMeaning_IsUnknown(int code) =>
        Assert.Equal(StatusCode.Unknown, new Google.Rpc.Status { Code = code }.ToRpcException().StatusCode);

    [Fact]
    public void SetRpcStatus_Twice_KeepsTheLast()
    {
        var trailers = new Metadata();
        trailers.SetRpcStatus(new Google.Rpc.Status { Message = "first" });
        trailers.SetRpcStatus(Details);

        Assert.Equal(Details, trailers.GetRpcStatus());
        Assert.Single(trailers);
    }

    [Fact]
    public void GetRpcStatus_None_IsNull() => Assert.Null(new RpcException(Grpc.Core.Status.DefaultCancelled).GetRpcStatus());

    [Fact]
    public void GetRpcStatus_Malformed_ThrowsOrIsNull()
    {
        var trailers = new Metadata { { MetadataExtensions.StatusDetailsTrailerName, [0xff, 0xff] } };

        Assert.Throws<InvalidProtocolBufferException>(() => trailers.GetRpcStatus());
        Assert.Null(trailers.GetRpcStatus(ignoreParseError: true));
    }
}
