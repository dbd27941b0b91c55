"""What the contract says about its methods and fields: who may call, and which ids refer to what."""

from fixture import METHODS
from google.protobuf.descriptor import FieldDescriptor
from smartpass.v1 import options_pb2  # one of the fixture's stubs

CALLER = options_pb2.MethodPolicy.Caller.Name
POLICIES = {name: method.GetOptions().Extensions[options_pb2.policy] for name, method in METHODS.items()}
ID_TYPES = (FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT64)


def limit(field):
    return field.GetOptions().Extensions[options_pb2.limit]


def caller(name):
    return CALLER(POLICIES[name].caller)


def permissions():
    """Every permission that a method asks for."""
    return sorted({policy.permission for policy in POLICIES.values() if policy.permission})


def fields(message, path=(), seen=()):
    """Every field of a message and of those in it, each with the way to it: [(path, field)]."""
    for field in message.fields:
        yield (*path, field.name), field
        inner = field.message_type
        if inner and inner.full_name not in seen and not inner.full_name.startswith("google."):
            yield from fields(inner, (*path, field.name), (*seen, inner.full_name))


def assign(request, path, field, value):
    """Sets what lies there, in the first entry of whatever is repeated on the way."""
    message = request
    for name in path[:-1]:
        message = getattr(message, name)
        if hasattr(message, "add"):
            message = message[0] if message else message.add()
    if field.label == FieldDescriptor.LABEL_REPEATED:
        getattr(message, field.name)[:] = [value]
    else:
        setattr(message, field.name, value)


class Reference:
    """A field of a request that names an object."""

    def __init__(self, path, field):
        self.path, self.field, self.kind = path, field, limit(field).refers_to

    def __str__(self):
        return ".".join(self.path)

    def set(self, request, value):
        assign(request, self.path, self.field, value)


def references(name):
    return [Reference(path, field) for path, field in fields(METHODS[name].input_type) if limit(field).refers_to]


def is_list(name):
    return METHODS[name].name.startswith("List")


def unstated_ids():
    """Fields of requests that look like an id and do not say of what."""
    return sorted({"%s: %s" % (METHODS[name].input_type.name, ".".join(path))
                   for name in METHODS if METHODS[name].containing_service.full_name.startswith("smartpass.v1.")
                   for path, field in fields(METHODS[name].input_type)
                   if field.type in ID_TYPES and not limit(field).refers_to
                   and (field.name == "id" or field.name.endswith(("_id", "_ids")))})
