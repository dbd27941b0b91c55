"""A terminal of another make: enrols like any, and speaks the device link through Python's gRPC."""

import hashlib
import os
import queue
import subprocess
import tempfile
import threading
import time

import grpc

from fixture import MODULES, Refused

link = MODULES["link"]
types = MODULES["types"]

PART = 16384  # bytes of a picture in one message
BOOT = b"0123456789abcdef"


def key_and_request(name="terminal"):
    """A new private key and a request to certify it, in PEM."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key.pem")
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path], check=True)
        request = subprocess.check_output(["openssl", "req", "-new", "-key", path, "-subj", "/CN=" + name, "-batch"])
        with open(path, "rb") as file:
            return file.read(), request.decode()


def record(seq, **fields):
    """A stranger who was let in; fields replace what is said of it."""
    values = dict(seq=seq, occurred_at_ms=int(time.time() * 1000), monotonic_ms=seq % 2 ** 63, clock_synced=True,
                  kind=types.PERSON_KIND_STRANGER, result=types.PASS_RESULT_ALLOWED, authorised=False,
                  temperature_centi=3660, threshold_centi=3730, boot_id=BOOT)
    values.update(fields)
    return link.PassRecord(**values)


def taken(changes):
    """The report that all of these settings are in force."""
    return link.SettingsReport(version=changes.values[-1].version, outcomes=[
        link.SettingOutcome(key=value.key, version=value.version, number=value.number, text=value.text)
        for value in changes.values])


class Terminal:
    """One enrolled terminal, and at most one stream of it that the test looks at."""

    def __init__(self, server, serial, username, password, **fields):
        self.server, self.serial = server, serial
        self.key, request = key_and_request()
        self.enrolment = server.public().call("LinkService.Enrol", username=username, password=password,
                                              certificate_request=request, serial_number=serial, **fields)
        self.certificate = self.enrolment.certificate.encode()
        self.id = self.enrolment.device_id
        self.epoch = self.enrolment.store_epoch

    def client(self, options=()):
        return self.server.public(self.certificate, self.key, options)

    def renew(self):
        key, request = key_and_request()
        answer = self.client().call("LinkService.Renew", certificate_request=request)
        self.key, self.certificate = key, answer.certificate.encode()
        return answer

    def connect(self, metadata=(), deaf=False):
        """A stream on which nothing has been said yet."""
        small = [("grpc.http2.bdp_probe", 0)] if deaf else []  # else the connection would make room for megabytes
        return Stream(self.client(small), metadata, deaf)

    def hello(self, **fields):
        return link.Hello(**{**dict(store_epoch=self.epoch, engine="another", boot_id=BOOT), **fields})

    def online(self, **fields):
        """A stream that has been welcomed; fields are the hello's."""
        stream = self.connect()
        stream.send(hello=self.hello(**fields))
        stream.welcome = stream.read("welcome")
        return stream


class Stream:
    """What the server sends is read as it comes, unless `deaf`: then it stays where it is, up to the server."""

    def __init__(self, client, metadata=(), deaf=False):
        self._up = queue.Queue()
        self._kept = []
        stub = client.channel.stream_stream("/smartpass.link.v1.LinkService/Connect", lambda data: data,
                                            link.ConnectResponse.FromString)
        self.call = stub(iter(self._up.get, None), timeout=60, metadata=list(metadata))
        self._down = queue.Queue()
        self._reader = threading.Thread(target=self._read_all, daemon=True)
        if not deaf:
            self._reader.start()

    def _read_all(self):
        try:
            for message in self.call:
                self._down.put(message)
            self._down.put(None)
        except grpc.RpcError as error:
            self._down.put(error)

    def send_bytes(self, data):
        self._up.put(data)

    def send(self, **message):
        self.send_bytes(link.ConnectRequest(**message).SerializeToString())

    def send_records(self, *records, epoch=1):
        self.send(records=link.RecordBatch(store_epoch=epoch, records=records))

    def _next(self, seconds):
        message = self._down.get(timeout=seconds)
        if message is None or isinstance(message, grpc.RpcError):
            self._down.put(message)  # whoever asks again hears the same
        return message

    def read(self, kind, seconds=20):
        """The next message of this kind; others are kept for later."""
        for i, message in enumerate(self._kept):
            if message.WhichOneof("message") == kind:
                return getattr(self._kept.pop(i), kind)
        end = time.time() + seconds
        while True:
            message = self._next(max(0.01, end - time.time()))
            if message is None or isinstance(message, grpc.RpcError):
                raise AssertionError("the stream ended: %s" % (Refused(message) if message else "OK"))
            if message.WhichOneof("message") == kind:
                return getattr(message, kind)
            self._kept.append(message)

    def acked(self, seq, seconds=20):
        """Waits for the acknowledgement of this record."""
        while self.read("record_ack", seconds).seq < seq:
            pass

    def end(self, seconds=20):
        """Waits until the server ends the stream: (code, reason)."""
        end = time.time() + seconds
        while True:
            message = self._next(max(0.01, end - time.time()))
            if message is None:
                return "OK", ""
            if isinstance(message, grpc.RpcError):
                refused = Refused(message)
                return refused.code, refused.reason
            self._kept.append(message)

    def initial_metadata(self):
        """Waits until the server has taken the call."""
        return self.call.initial_metadata()

    def kept(self):
        """The kinds of what came and was not asked for."""
        return [message.WhichOneof("message") for message in self._kept]

    def first(self, seconds=20):
        """The kind of the first message, before anything else was read."""
        message = self._next(seconds)
        self._kept.append(message)
        return message.WhichOneof("message")

    def send_picture(self, seq, jpeg, epoch=1, sha256=None, offset=0, until=None):
        """Part by part, as far as `until`; the last acknowledgement."""
        sha256 = sha256 or hashlib.sha256(jpeg).digest()
        ack = None
        for offset in range(offset, len(jpeg) if until is None else until, PART):
            self.send(snapshot=link.SnapshotChunk(store_epoch=epoch, seq=seq, sha256=sha256, offset=offset,
                                                  total=len(jpeg), data=jpeg[offset:offset + PART]))
            ack = self.read("snapshot_ack")
            if ack.refused or ack.next_offset != min(offset + PART, len(jpeg)):
                break
        return ack

    def send_photo(self, number, picture):
        """The photo that the server ordered; the order that answers it."""
        for offset in range(0, len(picture), PART):
            self.send(capture_chunk=link.CaptureChunk(
                id=number, sha256=hashlib.sha256(picture).digest(), offset=offset, total=len(picture),
                data=picture[offset:offset + PART]))
        return self.read("capture")

    def close(self):
        self._up.put(None)
        self.call.cancel()
        if self._reader.ident:
            self._reader.join(10)

    def half_close(self):
        self._up.put(None)
