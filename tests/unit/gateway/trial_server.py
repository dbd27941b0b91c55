"""A gRPC server of another make (Python's grpcio and protobuf), which serves the test contract's Trials service."""

import hashlib
import threading
import time
from concurrent import futures

import grpc
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, json_format, message_factory

PACKAGE = "transcode.test."


class Contract:
    """The messages of a descriptor set as Python classes."""

    def __init__(self, path):
        files = descriptor_pb2.FileDescriptorSet()
        with open(path, "rb") as data:
            files.ParseFromString(data.read())
        self.pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self.pool.Add(file)
        self.factory = message_factory.MessageFactory(self.pool)

    def message(self, name):
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def service(self, name):
        return self.pool.FindServiceByName(name)


class Trials:
    def __init__(self, contract):
        self.contract = contract
        self.lock = threading.Lock()
        self.cancelled = 0
        self.active = 0
        self.sent = 0
        self.gate = threading.Event()
        self.gate.set()

    def make(self, name, **fields):
        return self.contract.message(PACKAGE + name)(**fields)

    def Echo(self, request, context):
        reply = self.make("EchoReply")
        reply.request.CopyFrom(request)
        for key, value in context.invocation_metadata():
            reply.metadata[key] = value
        # The names of messages in an Any are looked up in the contract's own pool.
        reply.json = json_format.MessageToJson(
            request, including_default_value_fields=True, descriptor_pool=self.contract.pool
        )
        return reply

    def Fail(self, request, context):
        status = self.contract.message("google.rpc.Status")(code=request.code, message=request.message)
        info = self.contract.message("google.rpc.ErrorInfo")(reason="NO_FACE", domain="smartpass")
        info.metadata["photo"] = "NO_FACE"
        bad = self.contract.message("google.rpc.BadRequest")()
        bad.field_violations.add(field="photo", description="No face.")
        for detail in (info, bad):
            packed = status.details.add(
                type_url="type.googleapis.com/" + detail.DESCRIPTOR.full_name, value=detail.SerializeToString()
            )
            assert packed.value
        status.details.add(type_url="type.googleapis.com/no.such.Type", value=b"\xff")
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        code = next(c for c in grpc.StatusCode if c.value[0] == request.code)
        context.abort(code, request.message)

    def watch_end(self, context):
        def ended():
            with self.lock:
                self.active -= 1
                # A call that was answered has a code; one that was cancelled has none.
                if not getattr(context, "trial_answered", False):
                    self.cancelled += 1

        with self.lock:
            self.active += 1
        if not context.add_callback(ended):
            ended()  # it was over before it began

    def Sleep(self, request, context):
        self.watch_end(context)
        until = time.monotonic() + 20
        while context.is_active() and time.monotonic() < until:
            time.sleep(0.02)
        return self.contract.message("google.protobuf.Empty")()

    def Watch(self, request, context):
        self.watch_end(context)
        if request.count < 0:
            context.trial_answered = True
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Who are you?")
        number = 0
        while context.is_active() and (request.count == 0 or number < request.count):
            number += 1
            event = self.make("Event", id="e%d" % number, number=number, padding="x" * request.padding)
            event.last_event_id = request.last_event_id
            yield event
            with self.lock:
                self.sent += 1
            time.sleep(request.pause_ms / 1000)
        while context.is_active() and request.end_code == 0 and request.count:
            time.sleep(0.02)
        context.trial_answered = context.is_active()
        if request.end_code > 0 and context.is_active():
            context.abort(next(c for c in grpc.StatusCode if c.value[0] == request.end_code), "The end.")

    def Send(self, parts, context):
        self.watch_end(context)
        reply = self.make("Upload")
        digest = hashlib.sha256()
        for part in parts:
            if part.content_type:
                reply.content_type = part.content_type
            if reply.content_type == "text/refused":
                context.trial_answered = True
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "Not this type.")
            self.gate.wait(20)
            reply.size += len(part.data)
            reply.parts += 1
            reply.largest_part = max(reply.largest_part, len(part.data))
            digest.update(part.data)
        reply.sha256 = digest.hexdigest()
        context.trial_answered = True
        return reply

    def Fetch(self, request, context):
        self.watch_end(context)
        body = self.contract.message("google.api.HttpBody")
        left, first = request.size, True
        while left > 0 and context.is_active():
            n = min(left, 32768)
            yield body(content_type=request.content_type if first else "", data=bytes(n))
            left -= n
            first = False
            with self.lock:
                self.sent += n
        context.trial_answered = context.is_active()
        if request.code and context.is_active():
            context.abort(next(c for c in grpc.StatusCode if c.value[0] == request.code), "Broken.")

    def GetSeen(self, request, context):
        with self.lock:
            return self.make("Seen", cancelled=self.cancelled, active=self.active, sent=self.sent)

    def Login(self, request, context):
        age = "0" if request.username == "bye" else "3600"
        context.set_trailing_metadata(
            (("smartpass-session-token", "t0k-en_" + request.username), ("smartpass-session-max-age", age))
        )
        return self.make("LoginReply")

    def handlers(self):
        service = self.contract.service(PACKAGE + "Trials")
        table = {}
        for method in service.methods:
            function = getattr(self, method.name, None)
            if not function:
                continue
            decode = self.contract.message(method.input_type.full_name).FromString
            encode = lambda message: message.SerializeToString()  # noqa: E731
            kind = {"Send": "stream_unary", "Watch": "unary_stream", "Fetch": "unary_stream"}.get(
                method.name, "unary_unary"
            )
            table[method.name] = getattr(grpc, kind + "_rpc_method_handler")(function, decode, encode)
        return grpc.method_handlers_generic_handler(service.full_name, table)


class Health:
    """grpc.health.v1, by hand: SERVING is field 1 with the value 1."""

    @staticmethod
    def handler():
        check = grpc.unary_unary_rpc_method_handler(lambda request, context: b"\x08\x01", bytes, bytes)
        return grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": check})


def start(contract, target):
    trials = Trials(contract)
    server = grpc.server(futures.ThreadPoolExecutor(32))
    server.add_generic_rpc_handlers((trials.handlers(), Health.handler()))
    server.add_insecure_port(target)
    server.start()
    return server, trials
