"""gRPC's own Python client against the room: nothing here comes from our code but the descriptors.

usage: foreign.py ROOM_SERVER DESCRIPTOR_SET
"""
import subprocess
import sys
import threading
import time
import unittest

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVER, DESCRIPTORS = sys.argv[1:3]
SERVICE = "/room.v1.RoomService/"


def load_messages():
    files = descriptor_pb2.FileDescriptorSet()
    with open(DESCRIPTORS, "rb") as source:
        files.ParseFromString(source.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return messages_of(pool)


def messages_of(pool):
    factory = message_factory.MessageFactory(pool)
    return lambda name: factory.GetPrototype(pool.FindMessageTypeByName(name))


message = load_messages()
Note = message("room.v1.Note")
Form = message("room.v1.Form")


class Room(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.target = "127.0.0.1:%d" % int(cls.server.stdout.readline())
        cls.channel = grpc.insecure_channel(cls.target)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        cls.server.stdin.close()
        code = cls.server.wait(20)
        cls.server.stdout.close()
        assert code == 0, "the server ended with %d" % code

    def method(self, kind, path, request, reply, channel=None):
        make = getattr(channel or self.channel, kind)
        return make(path, request_serializer=request.SerializeToString, response_deserializer=reply.FromString)

    def play(self, name, **options):
        call = self.method("unary_unary", SERVICE + "Play", Form, Note)
        return call(Form(name=name, note=Note(number=3)), **options)

    def failure(self, act):
        with self.assertRaises(grpc.RpcError) as caught:
            act()
        return caught.exception

    def details_of(self, error):
        """google.rpc.Status as its list of details."""
        packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
        status = message("google.rpc.Status").FromString(packed)
        self.assertEqual(status.code, error.code().value[0])
        self.assertEqual(status.message, error.details())
        return {any.type_url.split("/")[1]: message(any.type_url.split("/")[1]).FromString(any.value)
                for any in status.details}

    # ---- the four kinds ----

    def test_unary(self):
        for name in ("Echo", "EchoInline"):
            call = self.method("unary_unary", SERVICE + name, Note, Note)
            note = Note(text="grüezi", number=-1, data=b"\0\xff" * 40000, tags=["a", "b"], counts=[1, 2])
            self.assertEqual(call(note), note)

    def test_client_stream(self):
        call = self.method("stream_unary", SERVICE + "Collect", Note, Note)
        self.assertEqual(call(Note(number=i) for i in range(101)).number, 5050)

    def test_server_stream(self):
        call = self.method("unary_stream", SERVICE + "Count", Form, Note)
        self.assertEqual([note.number for note in call(Form(name="count", note=Note(number=1000)))], list(range(1000)))

    def test_bidi(self):
        call = self.method("stream_stream", SERVICE + "Chat", Note, Note)
        self.assertEqual([note.number for note in call(Note(text="x", number=i) for i in range(300))],
                         list(range(300)))

    def test_initial_metadata_comes_before_any_message(self):
        call = self.method("unary_stream", SERVICE + "Count", Form, Note)(Form(name="silent", note=Note()), timeout=5)
        self.assertIsNotNone(call.initial_metadata())
        call.cancel()

    # ---- failures ----

    def test_unknown_methods_and_services(self):
        for path in (SERVICE + "Nothing", "/no.such.Service/Get", SERVICE + "Absent"):
            for kind in ("unary_unary", "unary_stream"):
                call = self.method(kind, path, Note, Note)
                error = self.failure(lambda: list(call(Note(), timeout=5)) if kind == "unary_stream"
                                     else call(Note(), timeout=5))
                self.assertEqual(error.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_a_refusal_with_facts(self):
        error = self.failure(lambda: self.play("refuse"))
        self.assertEqual(error.code(), grpc.StatusCode.FAILED_PRECONDITION)
        self.assertEqual(dict(error.trailing_metadata())["x-room"], "small")
        info = self.details_of(error)["google.rpc.ErrorInfo"]
        self.assertEqual((info.reason, info.domain, dict(info.metadata)), ("PLAY_REFUSED", "room", {"door": "north"}))

    def test_field_violations(self):
        error = self.failure(lambda: self.play("seventeen letters"))
        self.assertEqual(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
        details = self.details_of(error)
        self.assertEqual(details["google.rpc.ErrorInfo"].reason, "FIELD_TOO_LONG")
        self.assertEqual([v.field for v in details["google.rpc.BadRequest"].field_violations], ["name"])

    def test_a_stranger(self):
        error = self.failure(lambda: self.play("peer", metadata=(("x-stranger", "1"),)))
        self.assertEqual(error.code(), grpc.StatusCode.UNAUTHENTICATED)

    def test_deadline(self):
        before = time.monotonic()
        error = self.failure(lambda: self.play("wait", timeout=0.3))
        self.assertEqual(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        self.assertLess(time.monotonic() - before, 3)

    def test_cancel(self):
        call = self.method("unary_stream", SERVICE + "Count", Form, Note)
        stream = call(Form(name="count", note=Note(number=-1)))
        self.assertEqual(next(stream).number, 0)
        stream.cancel()
        self.assertEqual(self.failure(lambda: list(stream)).code(), grpc.StatusCode.CANCELLED)

    def test_a_handler_that_finishes_early(self):
        call = self.method("stream_stream", SERVICE + "Chat", Note, Note)
        stop = threading.Event()

        def notes():
            yield Note(text="finish")
            stop.wait(10)

        error = self.failure(lambda: list(call(notes())))
        stop.set()
        self.assertEqual(error.code(), grpc.StatusCode.FAILED_PRECONDITION)

    def test_compressed_messages_are_refused(self):
        call = self.method("unary_unary", SERVICE + "Echo", Note, Note)
        error = self.failure(lambda: call(Note(data=bytes(100000)), compression=grpc.Compression.Gzip, timeout=5))
        self.assertEqual(error.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_long_metadata_is_refused(self):
        # On a connection of its own, which the server's core drops afterwards.
        with grpc.insecure_channel(self.target, options=(("grpc.use_local_subchannel_pool", 1),)) as channel:
            call = self.method("unary_unary", SERVICE + "Echo", Note, Note, channel)
            error = self.failure(lambda: call(Note(), metadata=(("x-long", "a" * 20000),), timeout=5))
            self.assertEqual(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)

    def test_long_messages_are_refused(self):
        call = self.method("unary_unary", SERVICE + "Echo", Note, Note)
        error = self.failure(lambda: call(Note(data=bytes(5 << 20)), timeout=10))
        self.assertEqual(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertEqual(self.details_of(error)["google.rpc.ErrorInfo"].reason, "MESSAGE_TOO_LONG")

    # ---- health and reflection ----

    def test_health(self):
        request, reply = message("grpc.health.v1.HealthCheckRequest"), message("grpc.health.v1.HealthCheckResponse")
        check = self.method("unary_unary", "/grpc.health.v1.Health/Check", request, reply)
        self.assertEqual(check(request(service="room.v1.RoomService")).status, 1)
        self.assertEqual(self.failure(lambda: check(request(service="x"))).code(), grpc.StatusCode.NOT_FOUND)

    def reflect(self, version, **question):
        package = "grpc.reflection." + version
        request = message(package + ".ServerReflectionRequest")
        call = self.method("stream_stream", "/%s.ServerReflection/ServerReflectionInfo" % package, request,
                           message(package + ".ServerReflectionResponse"))
        (answer,) = call(iter([request(**question)]), timeout=5)
        return answer

    def test_reflection_lists_services(self):
        for version in ("v1", "v1alpha"):
            names = [s.name for s in self.reflect(version, list_services="").list_services_response.service]
            self.assertEqual(sorted(names), ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                                             "grpc.reflection.v1alpha.ServerReflection", "room.v1.RoomService"])

    def test_a_client_can_be_built_from_reflection_alone(self):
        answer = self.reflect("v1alpha", file_containing_symbol="room.v1.RoomService.Echo")
        pool = descriptor_pool.DescriptorPool()
        for bytes in reversed(answer.file_descriptor_response.file_descriptor_proto):
            pool.AddSerializedFile(bytes)
        service = pool.FindServiceByName("room.v1.RoomService")
        self.assertEqual(len(service.methods), 7)
        note = messages_of(pool)(service.FindMethodByName("Echo").input_type.full_name)
        call = self.method("unary_unary", SERVICE + "Echo", note, note)
        self.assertEqual(call(note(text="found")).text, "found")

    def test_imports_come_along(self):
        for question in ({"file_by_filename": "google/rpc/status.proto"}, {"file_containing_symbol": "google.rpc.Status"}):
            files = self.reflect("v1", **question).file_descriptor_response.file_descriptor_proto
            names = [descriptor_pb2.FileDescriptorProto.FromString(file).name for file in files]
            self.assertEqual(names, ["google/rpc/status.proto", "google/protobuf/any.proto"])

    def test_extensions_are_found(self):
        options = "google.protobuf.MethodOptions"
        answer = self.reflect("v1", all_extension_numbers_of_type=options)
        self.assertEqual(list(answer.all_extension_numbers_response.extension_number), [72295728])
        answer = self.reflect("v1", file_containing_extension={"containing_type": options, "extension_number": 72295728})
        file = descriptor_pb2.FileDescriptorProto.FromString(answer.file_descriptor_response.file_descriptor_proto[0])
        self.assertEqual(file.name, "google/api/annotations.proto")

    def test_what_is_not_there_is_not_found(self):
        for question in ({"file_by_filename": "x.proto"}, {"file_containing_symbol": "x"},
                         {"all_extension_numbers_of_type": "x"}):
            self.assertEqual(self.reflect("v1", **question).error_response.error_code, 5)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
