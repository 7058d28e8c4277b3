"""The messages of protos/demofl/v1/trainer.proto and of gRPC's health checking, built when imported.

Written down here, rather than generated, so that a checkout works as it is and with whatever release of protobuf there is: generated code
wants a compiler and is tied to the release that it was made for. A test compares this table with the .proto files.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_Field = descriptor_pb2.FieldDescriptorProto

# name: [(number, name, type, repeated, oneof)]; a type with a dot is a message of the same package.
_TENSOR = {"Tensor": [(1, "name", "string"), (2, "dimensions", "uint32", True)]}
_TRAINER = {
    "DescribeRequest": [(1, "party", "string"), (2, "model", "string"), (3, "tensors", ".Tensor", True)],
    "TrainerDescription": [(1, "objection", "string"), (2, "tensors", ".Tensor", True), (3, "statistics", "bool")],
    "LocalPlan": [
        (1, "epochs", "uint32"), (2, "batch_size", "uint32"), (3, "learning_rate", "double"), (4, "momentum", "double"),
        (5, "weight_decay", "double"), (6, "proximal", "double"), (7, "seed", "fixed64"),
        (8, "stage", "string"),
    ],
    "TrainHeader": [
        (1, "party", "string"), (2, "model", "string"), (3, "round", "uint64"), (4, "plan", ".LocalPlan"), (5, "tensors", ".Tensor", True),
        (6, "byte_length", "uint64"),
    ],
    "TrainRequest": [(1, "header", ".TrainHeader", False, "part"), (2, "piece", "bytes", False, "part")],
    "TrainSummary": [(1, "sample_count", "int64"), (2, "loss_sum", "double"), (3, "correct", "int64"), (4, "evaluated", "int64")],
    "TrainReply": [(1, "piece", "bytes", False, "part"), (2, "summary", ".TrainSummary", False, "part")],
}
_HEALTH = {"HealthCheckRequest": [(1, "service", "string")], "HealthCheckResponse": [(1, "status", "int32")]}


def _field(package, number, name, kind, repeated=False, oneof=None):
    described = _Field(name=name, number=number, label=_Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL)
    if kind.startswith("."):
        described.type = _Field.TYPE_MESSAGE
        described.type_name = f".{package}{kind}"
    else:
        described.type = _Field.Type.Value(f"TYPE_{kind.upper()}")
    if oneof:
        described.oneof_index = 0
    return described


def file_descriptor(name, package, messages, imports=()):
    """The table as protobuf describes a file."""
    file = descriptor_pb2.FileDescriptorProto(name=name, package=package, syntax="proto3", dependency=imports)
    for message, fields in messages.items():
        described = file.message_type.add(name=message)
        described.field.extend(_field(package, *entry) for entry in fields)
        for oneof in dict.fromkeys(entry[4] for entry in fields if len(entry) > 4):
            described.oneof_decl.add(name=oneof)
    return file


FILES = (
    file_descriptor("demofl/v1/tensor.proto", "demofl.v1", _TENSOR),
    file_descriptor("demofl/v1/trainer.proto", "demofl.v1", _TRAINER, ["demofl/v1/tensor.proto"]),
    # The status is an enum on the wire, and a number is the same there.
    file_descriptor("grpc/health/v1/health.proto", "grpc.health.v1", _HEALTH),
)

# A pool of its own: the user's process may know these files already.
_pool = descriptor_pool.DescriptorPool()
for _file in FILES:
    _pool.Add(_file)


def _class(name):
    descriptor = _pool.FindMessageTypeByName(name)
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(_pool).GetPrototype(descriptor)


Tensor = _class("demofl.v1.Tensor")
DescribeRequest = _class("demofl.v1.DescribeRequest")
TrainerDescription = _class("demofl.v1.TrainerDescription")
TrainRequest = _class("demofl.v1.TrainRequest")
TrainSummary = _class("demofl.v1.TrainSummary")
TrainReply = _class("demofl.v1.TrainReply")
HealthCheckRequest = _class("grpc.health.v1.HealthCheckRequest")
HealthCheckResponse = _class("grpc.health.v1.HealthCheckResponse")
SERVING = 1
