from collections.abc import Iterable

from google.protobuf.internal import containers
from google.protobuf.message import Message

class FieldMask(Message):
    @property
    def paths(self) -> containers.RepeatedScalarFieldContainer[str]: ...
    def __init__(self, *, paths: Iterable[str] | None = ...) -> None: ...
