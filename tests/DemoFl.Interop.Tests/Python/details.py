"""The details that a failure carries when interop.proto asks for them: a google.rpc.Status with one message of each kind."""

from google.protobuf import duration_pb2
from google.rpc import error_details_pb2, status_pb2

TRAILER = "grpc-status-details-bin"


def details_of(code, text):
    status = status_pb2.Status(code=code, message=text)
    for detail in (
            error_details_pb2.ErrorInfo(reason="TOO_MANY", domain="interop.test", metadata={"größe": "日本"}),
            error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=1, nanos=500_000_000)),
            error_details_pb2.BadRequest(
                field_violations=[error_details_pb2.BadRequest.FieldViolation(field="letter.count", description="is below 0")])):
        status.details.add().Pack(detail)
    return status
