"""What the tests of packages and rollouts share: keys, packages as smartpassctl makes them, and terminals of another make that
install them."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest

import grpc

from fixture import BIN, MODULES, HttpBody, Refused, Server
from terminal import Terminal, link

packages = MODULES["packages"]
RUNNING, STOPPED, ENDED, CANCELLED = (packages.ROLLOUT_STATE_RUNNING, packages.ROLLOUT_STATE_STOPPED,
                                      packages.ROLLOUT_STATE_DONE, packages.ROLLOUT_STATE_CANCELLED)
MODEL = "Gate 7"


class Keys:
    """A key that signs, and a program to sign."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="smartpass-keys-")
        self.private, self.public = os.path.join(self.folder, "key"), os.path.join(self.folder, "release.pem")
        self.numbers = iter(range(1, 9999))
        self._ctl("package", "keygen", "--key", self.private, "--public-key", self.public)

    @staticmethod
    def _ctl(*words):
        subprocess.run([os.path.join(BIN, "smartpassctl"), *words], check=True, capture_output=True)

    def trust(self, folder):
        os.makedirs(folder, exist_ok=True)
        shutil.copy(self.public, folder)

    def package(self, version, program=b"a program" * 5000, model="", notes=""):
        number = next(self.numbers)
        source, out = os.path.join(self.folder, "program-%d" % number), os.path.join(self.folder, "package-%d" % number)
        with open(source, "wb") as file:
            file.write(program)
        self._ctl("package", "sign", "--key", self.private, "--program", source, "--package-version", version, "--model", model,
                  "--notes", notes, "--out", out)
        with open(out, "rb") as file:
            return file.read()

    def close(self):
        shutil.rmtree(self.folder)


def upload(client, data, part=65536):
    """UploadPackage, in parts."""
    parts = (HttpBody(content_type="application/octet-stream", data=data[i:i + part]) for i in range(0, max(len(data), 1), part))
    stub = client.channel.stream_unary("/smartpass.v1.PackagesService/UploadPackage", HttpBody.SerializeToString,
                                       packages.Package.FromString)
    try:
        return stub(parts, timeout=60, metadata=list(client.metadata.items()))
    except grpc.RpcError as error:
        raise Refused(error) from None


class Gate:
    """A terminal of another make that is online, and does with packages what the test says."""

    def __init__(self, case, serial, version="1.0.0", model=MODEL):
        self.case, self.version, self.model = case, version, model
        self.terminal = Terminal(case.server, serial, "admin", Server.PASSWORD, model=model)
        case.server.sql("UPDATE device SET approved_at = now() WHERE id = %d" % self.terminal.id)
        self.id = self.terminal.id
        self.stream = None

    def online(self):
        self.stream = self.terminal.online(software_version=self.version, model=self.model)
        return self

    def offline(self):
        self.stream.close()
        self.stream = None
        self.case.wait(lambda: self.case.server.sql(
            "SELECT connected FROM device_status WHERE device_id = %d" % self.id) == [["f"]])

    def offer(self):
        return self.stream.read("package_offer")

    def offered(self, seconds=1):
        """Whether an offer comes at all within a moment."""
        try:
            return self.stream.read("package_offer", seconds)
        except Exception:  # pylint: disable=broad-except
            return None

    def report(self, rollout, event, reason="", offset=0):
        self.stream.send(package=link.PackageReport(rollout_id=rollout, event=event, reason=reason, offset=offset))

    def part(self, rollout, offset):
        self.stream.send(package_request=link.PackageRequest(rollout_id=rollout, offset=offset))
        return self.stream.read("package_chunk")

    def fetch(self, offer):
        package = b""
        while len(package) < offer.package_size:
            part = self.part(offer.rollout_id, len(package))
            assert part.total == offer.package_size and part.offset == len(package) and part.data
            package += part.data
        assert hashlib.sha256(package).digest() == offer.package_sha256
        return package

    def ends(self, rollout, reason=""):
        """It works, or it has failed with this reason; the server has heard it."""
        self.report(rollout, link.PACKAGE_EVENT_FAILED if reason else link.PACKAGE_EVENT_DONE, reason)
        answer = self.stream.read("package_offer")
        assert (answer.rollout_id, answer.package_size) == (rollout, 0), answer


class PackageCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = Keys()
        cls.addClassCleanup(cls.keys.close)
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.keys.trust(os.path.join(cls.server.data, "package-keys"))
        cls.admin = cls.server.admin()
        cls.numbers = iter(range(1, 999))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def wait(self, what, seconds=30):
        from fixture import wait_until
        return wait_until(what, seconds)

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    def call(self, method, **fields):
        return self.admin.call("PackagesService." + method, **fields)

    def gates(self, count, **fields):
        return [Gate(self, "G-%d" % next(self.numbers), **fields).online() for _ in range(count)]

    def upload_new(self, version=None, **fields):
        return upload(self.admin, self.keys.package(version or "2.0.%d" % next(self.numbers), **fields))

    def rollout(self, package, gates, **fields):
        return self.call("CreateRollout", package_id=package.id, device_ids=[gate.id for gate in gates], **fields)

    def state(self, rollout):
        return self.call("GetRollout", id=rollout.id).state

    def devices(self, rollout):
        """{device: (state, reason)}"""
        listed = self.call("ListRolloutDevices", rollout_id=rollout.id, page_size=100)
        return {d.device_id: (packages.RolloutDeviceState.Name(d.state)[len("ROLLOUT_DEVICE_STATE_"):], d.reason)
                for d in listed.devices}
