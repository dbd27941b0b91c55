"""A small link server for the agent's tests: real gRPC over real TLS, obedient to the test that owns it."""
import hashlib
import os
import queue
import re
import subprocess
import threading
from concurrent import futures

import grpc
from smartpass.link.v1 import link_pb2 as pb
from smartpass.v1 import types_pb2 as types

SERVICE = "smartpass.link.v1.LinkService"
TERMINAL = "/O=5/CN=77"  # whom certificates are made out to: the enterprise and the device that Enrol names


def openssl(*args, data=None):
    return subprocess.run(["openssl", *args], input=data, check=True, capture_output=True).stdout


class Authority:
    """Our own certificate authority, by the openssl command."""

    def __init__(self, folder, name="test authority"):
        self.folder = folder
        self.lock = threading.Lock()  # openssl keeps the next serial number in a file
        self.key, self.certificate = f"{folder}/ca.key", f"{folder}/ca.crt"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
                "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.certificate,
                "-addext", "basicConstraints=critical,CA:TRUE")

    def sign(self, csr, purpose, days=90, subject=None):
        extensions = f"{self.folder}/{purpose}.ext"
        with self.lock:
            with open(extensions, "w") as out:
                out.write("subjectAltName=DNS:localhost\n" + (f"extendedKeyUsage={purpose}\n" if purpose else ""))
            return openssl("x509", "-req", "-days", str(days), "-CA", self.certificate, "-CAkey", self.key,
                           "-CAcreateserial", "-extfile", extensions, *(("-subj", subject) if subject else ()), data=csr)

    def server_pair(self, purpose="serverAuth"):
        key = f"{self.folder}/server.key"
        csr = openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", "/CN=localhost", "-keyout", key)
        with open(key, "rb") as file:
            return file.read(), self.sign(csr, purpose) + self.pem()

    def pem(self):
        with open(self.certificate, "rb") as file:
            return file.read()

    def fingerprint(self):
        text = openssl("x509", "-in", self.certificate, "-noout", "-fingerprint", "-sha256").decode()
        return text.split("=")[1].strip()


class Stream:
    """One Connect stream: what came up is kept, what goes down is queued."""

    def __init__(self):
        self.hello = None
        self.down = queue.Queue()
        self.order = []  # kinds of messages, in order of arrival

    def send(self, **message):
        self.down.put(pb.ConnectResponse(**message))

    def send_raw(self, data):
        self.down.put(data)

    def end(self):
        self.down.put(None)


class LinkServer:
    def __init__(self, authority, port=0, mutual=True, purpose="serverAuth"):
        self.authority = authority
        self.lock = threading.Condition()
        self.streams = []
        self.records = {}          # (epoch, seq) -> PassRecord
        self.record_arrivals = []  # every (epoch, seq), repeats included
        self.batches = []          # sizes
        self.pictures = {}         # sha256 -> bytes
        self.parts = {}            # sha256 -> bytearray
        self.picture_offers = []   # (epoch, seq) of every picture that was begun, repeats included
        self.reports = []
        self.photo_requests = []
        self.settings_reports = []
        self.screen_parts = []     # every ScreenChunk
        self.heartbeats = []
        self.capture_reports = []
        self.capture_parts = []    # every CaptureChunk
        self.displays = {}         # sha256 -> bytes
        self.display_requests = [] # (id, offset)
        self.display_reports = []
        self.display_mangler = None
        self.log_lines = []        # of the terminal's own log
        self.renewals = 0
        self.acking = True
        self.heartbeat_seconds = 20
        self.photos = {}           # sha256 -> bytes
        self.photo_mangler = None
        self.on_hello = lambda server, stream: stream.send(welcome=server.welcome(stream))
        self.picture_ack = None    # (chunk, held) -> SnapshotAck or None
        self.refuse = None         # grpc status code for every Connect
        self.days = 90
        self.enrolled = {}
        self.store_epoch = 1
        self.acked_override = None
        key, chain = authority.server_pair(purpose)
        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), options=[
            ("grpc.http2.min_ping_interval_without_data_ms", 10000), ("grpc.so_reuseport", 0)])
        self.server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {
            "Enrol": grpc.unary_unary_rpc_method_handler(
                self.enrol, pb.EnrolRequest.FromString, lambda m: m.SerializeToString()),
            "Renew": grpc.unary_unary_rpc_method_handler(
                self.renew, pb.RenewRequest.FromString, lambda m: m.SerializeToString()),
            "Connect": grpc.stream_stream_rpc_method_handler(
                self.connect, pb.ConnectRequest.FromString,
                lambda m: m if isinstance(m, bytes) else m.SerializeToString()),
        }),))
        credentials = grpc.ssl_server_credentials([(key, chain)], root_certificates=authority.pem(),
                                                  require_client_auth=mutual)
        self.port = self.server.add_secure_port(f"127.0.0.1:{port}", credentials)
        assert self.port, "the port is taken"
        self.server.start()

    # ---- the calls

    def enrol(self, request, context):
        if request.password != "secret word":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Wrong name or password, 100% sure: müde")
        certificate = self.authority.sign(request.certificate_request.encode(), "clientAuth", self.days, TERMINAL)
        self.enrolled[request.serial_number] = request
        return pb.EnrolResponse(device_id=77, enterprise_id=5, certificate=certificate.decode(),
                                authority=self.authority.pem().decode(), store_epoch=self.store_epoch)

    def renew(self, request, context):
        self.renewals += 1
        certificate = self.authority.sign(request.certificate_request.encode(), "clientAuth", 90, TERMINAL)
        return pb.RenewResponse(certificate=certificate.decode())

    def connect(self, requests, context):
        if self.refuse:
            context.abort(self.refuse, "not you")
        stream = Stream()
        with self.lock:
            self.streams.append(stream)
            self.lock.notify_all()
        threading.Thread(target=self.read, args=(stream, requests), daemon=True).start()
        while True:
            message = stream.down.get()
            if message is None:
                return
            yield message

    def read(self, stream, requests):
        try:
            for request in requests:
                with self.lock:
                    self.take(stream, request)
                    self.lock.notify_all()
        except grpc.RpcError:
            pass
        except Exception as error:  # pylint: disable=broad-except
            if "locally-cancelled" not in str(error):
                raise
        stream.end()

    # ---- what comes up

    def take(self, stream, request):
        kind = request.WhichOneof("message")
        stream.order.append(kind)
        if kind == "hello":
            stream.hello = request.hello
            self.on_hello(self, stream)
        elif kind == "records":
            self.take_records(stream, request.records)
        elif kind == "snapshot":
            self.take_snapshot(stream, request.snapshot)
        elif kind == "people":
            self.reports.append(list(request.people.outcomes))
        elif kind == "photo_request":
            self.take_photo_request(stream, request.photo_request)
        elif kind == "settings":
            self.settings_reports.append(request.settings)
        elif kind == "screen":
            self.screen_parts.append(request.screen)
        elif kind == "capture":
            self.capture_reports.append(request.capture)
        elif kind == "capture_chunk":
            self.capture_parts.append(request.capture_chunk)
        elif kind == "display_request":
            self.take_display_request(stream, request.display_request)
        elif kind == "display":
            self.display_reports.append(request.display)
        elif kind == "log":
            self.log_lines += request.log.lines
            stream.send(log_ack=pb.LogAck(store_epoch=request.log.store_epoch, number=request.log.lines[-1].number))
        elif kind == "heartbeat":
            self.heartbeats.append(request.heartbeat)
            stream.send(heartbeat_ack=pb.HeartbeatAck(server_time_ms=now_ms()))

    def acked_seq(self, epoch):
        if self.acked_override is not None:
            return self.acked_override.get(epoch, 0)
        return max((seq for e, seq in self.records if e == epoch), default=0)

    def welcome(self, stream):
        return pb.Welcome(device_id=77, server_time_ms=now_ms(), acked_seq=self.acked_seq(stream.hello.store_epoch),
                          heartbeat_seconds=self.heartbeat_seconds, device_name="Gate", company_name="Acme",
                          time_zone="Europe/Berlin")

    def take_records(self, stream, batch):
        self.batches.append(len(batch.records))
        for record in batch.records:
            self.record_arrivals.append((batch.store_epoch, record.seq))
        if not self.acking:
            return
        for record in batch.records:
            self.records.setdefault((batch.store_epoch, record.seq), record)
        stream.send(record_ack=pb.RecordAck(store_epoch=batch.store_epoch, seq=batch.records[-1].seq,
                                            server_time_ms=now_ms()))

    def take_snapshot(self, stream, chunk):
        held = self.parts.setdefault(chunk.sha256, bytearray())
        if chunk.offset == 0:
            self.picture_offers.append((chunk.store_epoch, chunk.seq))
        if chunk.offset == len(held):
            held += chunk.data
        ack = pb.SnapshotAck(sha256=chunk.sha256, next_offset=len(held))
        if self.picture_ack:
            ack = self.picture_ack(chunk, held)
        if len(held) == chunk.total and hashlib.sha256(held).digest() == chunk.sha256:
            self.pictures[chunk.sha256] = bytes(held)
        if ack:
            stream.send(snapshot_ack=ack)

    def take_photo_request(self, stream, request):
        self.photo_requests.append((request.person_id, request.offset))
        photo = self.photos.get(request.sha256, b"")
        chunk = pb.PhotoChunk(person_id=request.person_id, sha256=request.sha256, offset=request.offset,
                              total=len(photo), data=photo[request.offset:request.offset + 16384])
        if self.photo_mangler:
            self.photo_mangler(chunk)
        stream.send(photo=chunk)

    def take_display_request(self, stream, request):
        self.display_requests.append((request.id, request.offset))
        picture = self.displays.get(request.sha256, b"")
        chunk = pb.DisplayChunk(id=request.id, offset=request.offset, total=len(picture),
                                data=picture[request.offset:request.offset + 16384])
        if self.display_mangler:
            chunk = self.display_mangler(chunk)
        if chunk is not None:
            stream.send(display_chunk=chunk)

    # ---- for the test

    def wait(self, condition, seconds=20, what="the condition"):
        with self.lock:
            if not self.lock.wait_for(condition, seconds):
                raise AssertionError(f"waited {seconds} s in vain for {what}")

    def photo_of(self, number):
        """The last photo that came whole for this order."""
        parts = [part for part in self.capture_parts if part.id == number]
        begun = [i for i, part in enumerate(parts) if part.offset == 0]
        if not begun:
            return None
        photo = b"".join(part.data for part in parts[begun[-1]:])
        whole = len(photo) == parts[-1].total and hashlib.sha256(photo).digest() == parts[-1].sha256
        return photo if whole else None

    def frames(self):
        """What the screen was said to show, in order: (number, JPEG), with None when nothing had changed."""
        frames = []
        for part in self.screen_parts:
            if part.total == 0:
                frames.append((part.frame, None))
                continue
            if part.offset == 0:
                held = b""
            assert part.offset == len(held), f"part at {part.offset} after {len(held)} bytes"
            held += part.data
            if len(held) == part.total:
                frames.append((part.frame, held))
        return frames

    def wait_stream(self, count=1, seconds=20):
        self.wait(lambda: len([s for s in self.streams if s.hello]) >= count, seconds, f"stream {count}")
        return [s for s in self.streams if s.hello][-1]

    def stop(self, grace=None):
        for stream in self.streams:
            stream.end()
        self.server.stop(grace).wait()


def now_ms():
    import time
    return int(time.time() * 1000)


def setting_keys():
    """Name to key, as the contract numbers them."""
    contract = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../proto/smartpass/v1/devices.proto")
    with open(contract, encoding="utf-8") as file:
        message = re.search(r"^message DeviceSettings \{(.*?)^\}", file.read(), re.S | re.M).group(1)
    return {name: int(key) for name, key in re.findall(r"^  \w+ (\w+) = (\d+) \[", message, re.M)}


KEYS = setting_keys()


def setting(name, value, version, edit=0):
    fields = {"text": value} if isinstance(value, str) else {"number": int(value)}
    return pb.SettingValue(key=KEYS[name], version=version, edit=edit, **fields)


def setting_changes(version, **values):
    """One SettingChanges whose last value has that version."""
    first = version - len(values) + 1
    return pb.SettingChanges(values=[setting(name, value, first + i) for i, (name, value) in enumerate(values.items())])


def change(revision, person_id, **fields):
    """A PersonChange with sensible defaults."""
    values = {"kind": types.PERSON_KIND_EMPLOYEE, "name": f"Person {person_id}", "number": f"E{person_id}"}
    values.update(fields)
    return pb.PersonChange(revision=revision, person_id=person_id, **values)


def photo_fields(path, engine):
    with open(path, "rb") as file:
        photo = file.read()
    return photo, {"engine": engine, "photo_sha256": hashlib.sha256(photo).digest(), "photo_size": len(photo)}


def template_fields(folder, stem, engine="simulated/exact-picture"):
    with open(os.path.join(folder, f"{stem}.template"), "rb") as file:
        template = file.read()
    _, fields = photo_fields(os.path.join(folder, f"{stem}.jpg"), engine)
    return {**fields, "face_template": template}
