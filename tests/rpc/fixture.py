"""A real server for tests: started in a folder of its own with a private PostgreSQL cluster, spoken to as any foreign
client would, with Python's gRPC and stubs that protoc writes from the contract.

Environment: SMARTPASS_BIN (folder of the programs), SMARTPASS_PROTO_PATH (import folders, separated by ':'),
SMARTPASS_PYTHON_STUBS (where the generated modules go), SMARTPASS_PHOTOS (portraits and the like)."""

import fcntl
import glob
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import grpc

BIN = os.environ.get("SMARTPASS_BIN", "build/bin")
PROTO_PATH = os.environ.get("SMARTPASS_PROTO_PATH", "proto").split(":")
PHOTOS = os.environ.get("SMARTPASS_PHOTOS", os.path.join(BIN, "../share/photos"))
STUBS = os.environ.get("SMARTPASS_PYTHON_STUBS", os.path.join(tempfile.gettempdir(), "smartpass-stubs"))

FILES = ["smartpass/v1/%s.proto" % name
         for name in ("account", "audit", "blacklist", "body", "capture", "commands", "console", "devices", "displays",
                      "enterprises",
                      "monitor", "operations",
                      "options", "org", "packages", "pass", "people", "screens", "session", "settings", "transfer", "types", "users", "visitors")]
FILES += ["smartpass/link/v1/link.proto", "google/api/annotations.proto", "google/api/http.proto",
          "google/api/httpbody.proto", "google/rpc/error_details.proto", "google/rpc/status.proto"]


def generate_stubs():
    """Once a build; tests that start together wait for each other."""
    os.makedirs(STUBS, exist_ok=True)
    with open(os.path.join(STUBS, ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = os.path.join(STUBS, ".made")
        protos = glob.glob(os.path.join(PROTO_PATH[0], "smartpass/**/*.proto"), recursive=True)
        newest = max(os.path.getmtime(path) for path in protos)
        if not os.path.exists(stamp) or os.path.getmtime(stamp) < newest or open(stamp).read() != " ".join(FILES):
            subprocess.check_call(["protoc", *("-I" + folder for folder in PROTO_PATH), "--python_out=" + STUBS,
                                   *FILES])
            with open(stamp, "w") as file:
                file.write(" ".join(FILES))
    sys.path.insert(0, STUBS)


generate_stubs()
MODULES = {name: importlib.import_module("smartpass.v1.%s_pb2" % name)
           for name in ("account", "audit", "blacklist", "body", "capture", "commands", "console", "devices", "displays",
                      "enterprises",
                      "monitor", "operations",
                        "org", "packages", "pass", "people", "screens", "session", "settings", "transfer", "types", "users", "visitors")}
MODULES["link"] = importlib.import_module("smartpass.link.v1.link_pb2")
HttpBody = importlib.import_module("google.api.httpbody_pb2").HttpBody
Status = importlib.import_module("google.rpc.status_pb2").Status
error_details = importlib.import_module("google.rpc.error_details_pb2")

METHODS = {"%s.%s" % (service.name, method.name): method
           for module in MODULES.values()
           for service in module.DESCRIPTOR.services_by_name.values()
           for method in service.methods}


def message_class(descriptor):
    if descriptor.full_name == "google.api.HttpBody":
        return HttpBody
    return next(getattr(module, descriptor.name) for module in MODULES.values()
                if descriptor.file.name == module.DESCRIPTOR.name)


class Refused(Exception):
    """How a call failed: code by name, the typed reason, facts, and {field: reason} of the violations."""

    def __init__(self, error):
        self.code = error.code().name
        self.message = error.details()
        self.reason, self.facts, self.fields = "", {}, {}
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                self._read(Status.FromString(value))
        super().__init__("%s %s %s %s" % (self.code, self.reason, self.message, self.fields))

    def _read(self, status):
        for detail in status.details:
            if detail.Is(error_details.ErrorInfo.DESCRIPTOR):
                info = error_details.ErrorInfo()
                detail.Unpack(info)
                self.reason, self.facts = info.reason, dict(info.metadata)
            elif detail.Is(error_details.BadRequest.DESCRIPTOR):
                request = error_details.BadRequest()
                detail.Unpack(request)
                self.fields = {violation.field: "" for violation in request.field_violations}
        self.fields = {field: self.facts.get(field, "") for field in self.fields}


class Client:
    """One caller: a channel, and metadata that go with every call."""

    def __init__(self, channel, metadata=()):
        self.channel = channel
        self.metadata = dict(metadata)
        self.trailing = {}

    def with_token(self, token):
        return Client(self.channel, {**self.metadata, "authorization": "Bearer " + token})

    def raw(self, method, requests, kind="unary_unary", timeout=60, path=None):
        """Bytes in, bytes out."""
        path = path or "/%s/%s" % (METHODS[method].containing_service.full_name, METHODS[method].name)
        stub = getattr(self.channel, kind)(path)
        return stub(requests, timeout=timeout, metadata=list(self.metadata.items()))

    def call(self, method, request=None, timeout=60, **fields):
        """One request, one answer: client.call("PeopleService.GetEmployee", id=7)."""
        descriptor = METHODS[method]
        request = request or message_class(descriptor.input_type)(**fields)
        stub = self.channel.unary_unary("/%s/%s" % (descriptor.containing_service.full_name, descriptor.name),
                                        type(request).SerializeToString,
                                        message_class(descriptor.output_type).FromString)
        try:
            answer, call = stub.with_call(request, timeout=timeout, metadata=list(self.metadata.items()))
        except grpc.RpcError as error:
            self.trailing = dict(error.trailing_metadata() or ())
            raise Refused(error) from None
        self.trailing = dict(call.trailing_metadata() or ())
        return answer

    def upload(self, data, part=65536, content_type="image/jpeg"):
        """UploadPhoto, in parts."""
        parts = (HttpBody(content_type=content_type, data=data[i:i + part]) for i in range(0, max(len(data), 1), part))
        stub = self.channel.stream_unary("/smartpass.v1.PeopleService/UploadPhoto", HttpBody.SerializeToString,
                                         MODULES["people"].Photo.FromString)
        try:
            return stub(parts, timeout=60, metadata=list(self.metadata.items()))
        except grpc.RpcError as error:
            raise Refused(error) from None

    def download(self, method, **fields):
        """A stream of HttpBody: (content type, bytes)."""
        descriptor = METHODS[method]
        request = message_class(descriptor.input_type)(**fields)
        stub = self.channel.unary_stream("/%s/%s" % (descriptor.containing_service.full_name, descriptor.name),
                                         type(request).SerializeToString, HttpBody.FromString)
        try:
            parts = list(stub(request, timeout=60, metadata=list(self.metadata.items())))
        except grpc.RpcError as error:
            raise Refused(error) from None
        return (parts[0].content_type if parts else "", b"".join(part.data for part in parts))

    def stream(self, method, request=None, timeout=None, **fields):
        """A server stream; iterate over it, cancel() it."""
        descriptor = METHODS[method]
        request = request or message_class(descriptor.input_type)(**fields)
        stub = self.channel.unary_stream("/%s/%s" % (descriptor.containing_service.full_name, descriptor.name),
                                         type(request).SerializeToString,
                                         message_class(descriptor.output_type).FromString)
        return stub(request, timeout=timeout, metadata=list(self.metadata.items()))


class Server:
    """Its folder of data lives as long as this object; the process may be stopped, killed and started again."""

    PASSWORD = "correct horse battery"

    def __init__(self, *flags, environment=None, user=None, approval=False):
        """user: who runs it, when the test itself runs as root. approval: new terminals wait until somebody accepts them,
        as is usual; otherwise each enterprise begins with that turned off."""
        self.user = user
        self.approval = approval
        self.folder = tempfile.mkdtemp(prefix="smartpass-rpc-")
        os.chmod(self.folder, 0o755)  # the database's user must pass through
        if user:
            shutil.chown(self.folder, user)
        self.data = os.path.join(self.folder, "data")
        self.flags = flags
        self.environment = environment or {}
        self.process = None
        self.port = 0
        self.socket = os.path.join(self.data, "rpc.sock")
        self.log_path = os.path.join(self.folder, "server.log")
        self._channels = []
        self._token = None

    # ---- The process

    def start(self, *flags, timeout=120):
        ready, theirs = os.pipe()
        log = open(self.log_path, "ab")
        command = [os.path.join(BIN, "smartpass-server"), "--data", self.data, "--listen",
                   "127.0.0.1:%d" % self.port, "--ready-fd", str(theirs), *self.flags, *flags]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, pass_fds=[theirs],
                                        env={**os.environ, **self.environment}, start_new_session=True, user=self.user)
        os.close(theirs)
        log.close()
        line = self._read_line(ready, timeout)
        os.close(ready)
        if not line.startswith("ready "):
            raise RuntimeError("the server did not start:\n" + self.log())
        self.port = int(line.split("port=")[1].split()[0])
        if not self.approval and "--database-url" not in self.flags + flags:
            self._accept_every_terminal()
        return self

    def _accept_every_terminal(self):
        """Once: whoever turns it on again finds it so after the next start."""
        self.approval = True
        self.sql("ALTER TABLE enterprise ALTER COLUMN device_approval SET DEFAULT false")
        self.sql("UPDATE enterprise SET device_approval = false")

    def _read_line(self, descriptor, timeout):
        import select
        line, end = b"", time.time() + timeout
        while not line.endswith(b"\n") and select.select([descriptor], [], [], max(0, end - time.time()))[0]:
            piece = os.read(descriptor, 1)
            if not piece:
                break
            line += piece
        return line.decode()

    def stop(self, number=signal.SIGTERM):
        """Ends the process; its exit code. The data stay."""
        self._drop_channels()
        if self.process is None:
            return None
        self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self.process = None
        return code

    def kill(self):
        if self.process:  # before its clients go: it must not live to see them leave
            self.process.kill()
        return self.stop(signal.SIGKILL)

    def close(self):
        if self.process is None and self.postmaster():
            os.kill(self.postmaster(), signal.SIGQUIT)  # left running by a killed server
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _drop_channels(self):
        for channel in self._channels:
            channel.close()
        self._channels = []

    def command(self, *arguments, password=None):
        """A maintenance command: (exit code, what it printed, or why it failed)."""
        done = subprocess.run([os.path.join(BIN, "smartpass-server"), "--data", self.data, *self.flags, *arguments],
                              input=(password or "") + "\n", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**os.environ, **self.environment}, timeout=120, user=self.user)
        return done.returncode, (done.stderr if done.returncode else done.stdout).strip()

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    # ---- The database

    def postmaster(self):
        try:
            with open(os.path.join(self.data, "postgres", "postmaster.pid")) as file:
                pid = int(file.readline())
            os.kill(pid, 0)
            return pid
        except (OSError, ValueError):
            return None

    def sql(self, statement, role=None, enterprise=None, database="smartpass"):
        """Rows as lists of text, run as the owner or, with role, as the server's own roles."""
        before = ["-c", "SET ROLE smartpass_%s" % role] if role else []
        if enterprise is not None:
            before += ["-c", "SET smartpass.enterprise = '%s'" % enterprise]
        text = subprocess.check_output(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.data + "/postgres-socket",
             "-p", "3306", "-U", "smartpass", *before, "-c", statement, database], text=True, stderr=subprocess.STDOUT,
            user=self.user)
        return [line.split("\t") for line in text.splitlines() if line]

    # ---- Callers

    def _channel(self, target, credentials=None, options=()):
        options = [("grpc.enable_retries", 0), ("grpc.max_send_message_length", -1),
                   ("grpc.use_local_subchannel_pool", 1), *options]
        channel = (grpc.secure_channel(target, credentials, options) if credentials
                   else grpc.insecure_channel(target, options))
        self._channels.append(channel)
        return channel

    def public(self, certificate=None, key=None, options=()):
        """A client of port 7788's kind, with our authority as its trust."""
        with open(os.path.join(self.data, "authority.crt"), "rb") as file:
            authority = file.read()
        return Client(self._channel("localhost:%d" % self.port,
                                    grpc.ssl_channel_credentials(authority, key, certificate), options))

    def gateway(self, address="127.0.0.1", cookie=True, token=None):
        """What a gateway sends for a browser at this address."""
        metadata = {"smartpass-client-address": address}
        if cookie:
            metadata["smartpass-session-transport"] = "cookie"
        if token:
            metadata["authorization"] = "Bearer " + token
        return Client(self._channel("unix:" + self.socket), metadata)

    def admin(self):
        """Signed in as admin, with the first password changed."""
        client = self.public()
        if self._token is None:
            first = client.call("SessionService.Login", username="admin", password="123456")
            client.with_token(first.token).call("SessionService.ChangePassword", old_password="123456",
                                                new_password=self.PASSWORD)
            self._token = first.token
        return client.with_token(self._token)


def photo(name):
    with open(os.path.join(PHOTOS, name), "rb") as file:
        return file.read()


def wait_until(what, seconds=20, every=0.05):
    end = time.time() + seconds
    while time.time() < end:
        found = what()
        if found:
            return found
        time.sleep(every)
    raise AssertionError("it did not happen within %s seconds" % seconds)
