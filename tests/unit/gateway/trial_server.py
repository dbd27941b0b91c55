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

    def make(self, name, /, **fields):
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
        return handlers_of(self, self.contract.service(PACKAGE + "Trials"), self.contract)


def handlers_of(self, service, contract):
    """The methods of an object by the names and kinds that the contract gives them."""
    table = {}
    described = descriptor_pb2.FileDescriptorProto()
    service.file.CopyToProto(described)
    kinds = {m.name: m for s in described.service if s.name == service.name for m in s.method}
    for method in service.methods:
        function = getattr(self, method.name, None)
        if not function:
            continue
        decode = contract.message(method.input_type.full_name).FromString
        encode = lambda message: message.SerializeToString()  # noqa: E731
        kind = "%s_%s" % tuple("stream" if streams else "unary" for streams in
                               (kinds[method.name].client_streaming, kinds[method.name].server_streaming))
        table[method.name] = getattr(grpc, kind + "_rpc_method_handler")(function, decode, encode)
    return grpc.method_handlers_generic_handler(service.full_name, table)


def pattern(first, size):
    """Bytes first … first + size of the body that downloads send: any place of it tells where it is."""
    block = b"".join(i.to_bytes(4, "big") for i in range(first // 4, (first + size) // 4 + 1))
    return block[first % 4:first % 4 + size]


class Streams:
    """gateway.trial.Streams."""

    def __init__(self, contract, trials):
        self.contract = contract
        self.trials = trials

    def make(self, name, /, **fields):
        return self.contract.message("gateway.trial." + name)(**fields)

    def Collect(self, lines, context):
        self.trials.watch_end(context)
        reply = self.make("Sum")
        for line in lines:
            reply.count += 1
            reply.texts.append(line.text)
            reply.names.append(line.name)
        context.trial_answered = context.is_active()
        return reply

    def Talk(self, lines, context):
        self.trials.watch_end(context)
        for line in lines:
            if line.text == "fail":
                context.trial_answered = True
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "As you wish.")
            yield self.make("Line", text="re: " + line.text, number=line.number + 1)
        context.trial_answered = context.is_active()

    def receive(self, receipt, digest, body):
        receipt.content_type = receipt.content_type or body.content_type
        receipt.size += len(body.data)
        digest.update(body.data)
        receipt.sha256 = digest.hexdigest()

    def Put(self, part, context):
        receipt = self.make("Receipt", name=part.name, number=part.number, tags=part.tags, parts=1)
        self.receive(receipt, hashlib.sha256(), part.file)
        receipt.blob_size = len(part.blob)
        receipt.blob_sha256 = hashlib.sha256(part.blob).hexdigest()
        return receipt

    def PutRaw(self, body, context):
        receipt = self.make("Receipt", parts=1)
        self.receive(receipt, hashlib.sha256(), body)
        return receipt

    def Send(self, parts, context):
        self.trials.watch_end(context)
        receipt, digest = self.make("Receipt"), hashlib.sha256()
        for part in parts:
            receipt.parts += 1
            if receipt.parts == 1:
                receipt.name, receipt.number = part.name, part.number
                receipt.tags.extend(part.tags)
            elif part.name or part.number:
                receipt.name = "said again"
            self.receive(receipt, digest, part.file)
        context.trial_answered = context.is_active()
        return receipt

    def SendRaw(self, bodies, context):
        self.trials.watch_end(context)
        receipt, digest = self.make("Receipt"), hashlib.sha256()
        for body in bodies:
            receipt.parts += 1
            self.receive(receipt, digest, body)
        context.trial_answered = context.is_active()
        return receipt

    def Copy(self, bodies, context):
        for body in bodies:
            yield body

    def info(self, request):
        info = self.contract.message("smartpass.v1.BodyInfo")(file_name=request.file_name)
        info.size = request.said or request.size
        info.etag = "tag-%d" % request.size
        if request.modified:
            info.modified.seconds = request.modified
        return info

    def body(self, request, first, size):
        body = self.contract.message("google.api.HttpBody")(data=pattern(first, size))
        if first == 0:
            body.content_type = "text/plain"
            if request.described:
                body.extensions.add(type_url="type.googleapis.com/smartpass.v1.BodyInfo",
                                    value=self.info(request).SerializeToString())
        return body

    def Get(self, request, context):
        return self.body(request, 0, request.size)

    def GetField(self, request, context):
        return self.make("Part", name="n", file=self.body(request, 0, request.size))

    def Fetch(self, request, context):
        self.trials.watch_end(context)
        sent = 0
        while context.is_active() and (sent < request.size or sent == 0):
            n = min(65536, request.size - sent)
            yield self.body(request, sent, n)
            if n == 0:
                break
            sent += n
            with self.trials.lock:
                self.trials.sent += n
        context.trial_answered = context.is_active()

    def WhoAmI(self, request, context):
        if dict(context.invocation_metadata()).get("authorization") == "Bearer good":
            return self.contract.message("google.protobuf.Empty")()
        context.abort(grpc.StatusCode.UNAUTHENTICATED, "Who are you?")

    def handlers(self):
        return handlers_of(self, self.contract.service("gateway.trial.Streams"), self.contract)


class Health:
    """grpc.health.v1, by hand: SERVING is field 1 with the value 1."""

    @staticmethod
    def handler():
        check = grpc.unary_unary_rpc_method_handler(lambda request, context: b"\x08\x01", bytes, bytes)
        return grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": check})


def start(contract, target, credentials=None):
    """credentials: of a server on a TCP port; its number is server.trial_port."""
    trials = Trials(contract)
    server = grpc.server(futures.ThreadPoolExecutor(32))
    server.add_generic_rpc_handlers((trials.handlers(), Streams(contract, trials).handlers(), Health.handler()))
    if credentials:
        server.trial_port = server.add_secure_port(target, credentials)
    else:
        server.add_insecure_port(target)
    server.start()
    return server, trials
