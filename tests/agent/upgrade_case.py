"""What the tests of upgrades share: packages, a server that offers them, and a terminal that its launcher started."""
import hashlib
import os
import shutil
import subprocess

from agent_process import Agent
from link_case import LinkCase, arguments
from link_server import LinkServer, pb

PART = 16384
FETCHING, TRYING, DONE, FAILED = (pb.PACKAGE_EVENT_FETCHING, pb.PACKAGE_EVENT_TRYING, pb.PACKAGE_EVENT_DONE,
                                  pb.PACKAGE_EVENT_FAILED)
NEXT_VERSION = "9.8.7"  # of the program that the build makes for these tests
MODEL = "Smart Pass simulator"


class PackageServer(LinkServer):
    """Offers one package to whoever says hello, until it hears how that ended."""

    def __init__(self, authority, **options):
        self.offer = None
        self.package = b""
        self.reports_of = {}      # rollout -> [(event, reason)]
        self.requests = []        # offsets
        self.versions = []        # of every hello
        self.cut_at = None        # ends the stream instead of giving the part at this offset, once
        self.mangle = None
        super().__init__(authority, **options)
        self.on_hello = PackageServer.greet

    def greet(self, stream):
        self.versions.append(stream.hello.software_version)
        stream.send(welcome=self.welcome(stream))
        if self.offer:
            stream.send(package_offer=self.offer)

    def make_offer(self, rollout, version, package, force=False, sha256=None):
        self.package = package
        self.offer = pb.PackageOffer(rollout_id=rollout, version=version, package_size=len(package),
                                     package_sha256=sha256 or hashlib.sha256(package).digest(), force=force)
        for stream in self.streams[-1:]:
            stream.send(package_offer=self.offer)

    def take(self, stream, request):
        kind = request.WhichOneof("message")
        if kind == "package_request":
            self.give_part(stream, request.package_request)
        elif kind == "package":
            self.take_report(stream, request.package)
        super().take(stream, request)

    def give_part(self, stream, request):
        self.requests.append(request.offset)
        if self.cut_at is not None and request.offset >= self.cut_at:
            self.cut_at = None
            stream.end()
            return
        data = self.package[request.offset:request.offset + PART]
        chunk = pb.PackageChunk(rollout_id=request.rollout_id, offset=request.offset, total=len(self.package), data=data)
        if not self.offer or self.offer.rollout_id != request.rollout_id:
            chunk = pb.PackageChunk(rollout_id=request.rollout_id)
        if self.mangle:
            self.mangle(chunk)
        stream.send(package_chunk=chunk)

    def take_report(self, stream, report):
        told = self.reports_of.setdefault(report.rollout_id, [])
        told.append((report.event, report.reason))
        if report.event in (DONE, FAILED):
            if self.offer and self.offer.rollout_id == report.rollout_id:
                self.offer = None
            stream.send(package_offer=pb.PackageOffer(rollout_id=report.rollout_id))

    def end_of(self, rollout, seconds=60):
        """DONE or FAILED, with its reason."""
        ends = lambda: [r for r in self.reports_of.get(rollout, []) if r[0] in (DONE, FAILED)]
        self.wait(ends, seconds, f"the end of rollout {rollout}; so far {self.reports_of}")
        return ends()[0]


class Launched(Agent):
    """The terminal as its launcher runs it."""
    environment = {}

    def start(self):
        self.run()
        self.wait_until_it_answers()
        return self

    def run(self):
        self.process = subprocess.Popen(
            [*self.wrapper, self.program, "launch", "sim", "--data", self.folder, "--engine", "simulated", "--stable", "1",
             "--slow-retry", "1", *self.options], stderr=self.log, stdout=self.log, env={**os.environ, **self.environment})

    def wait(self, condition, seconds=20):
        """Through restarts: while nobody answers, nothing is true."""
        import time
        deadline = time.time() + seconds
        status = None
        while time.time() < deadline:
            try:
                status = self.status()
                if condition(status):
                    return status
            except (OSError, ValueError):
                assert self.process.poll() is None, f"the launcher ended with {self.process.returncode}"
            time.sleep(0.02)
        raise AssertionError(f"waited in vain, status is {status}")

    def wait_until_it_answers(self):
        return self.wait(lambda status: True, 30)


class UpgradeCase(LinkCase):
    def setUp(self):
        super().setUp()
        self.key, self.trusted = f"{self.folder}.key", f"{self.folder}.pem"
        self.ctl("package", "keygen", "--key", self.key, "--public-key", self.trusted)

    def ctl(self, *words):
        return subprocess.run([arguments.ctl, *words], check=True, capture_output=True, text=True)

    def package(self, version=NEXT_VERSION, program=None, key=None, model=""):
        out = f"{self.folder}.package"
        if os.path.exists(out):
            os.unlink(out)
        self.ctl("package", "sign", "--key", key or self.key, "--program", program or arguments.next, "--package-version",
                 version, "--model", model, "--out", out)
        with open(out, "rb") as file:
            return file.read()

    def script(self, text):
        """A program that is not the terminal's."""
        path = f"{self.folder}.sh"
        with open(path, "w") as out:
            out.write("#!/bin/sh\n" + text + "\n")
        return path

    def terminal(self, *options, trust=True):
        """An enrolled terminal in its first slot, online."""
        self.assertEqual(self.enrol().returncode, 0)
        if trust:
            os.makedirs(f"{self.folder}/package-keys")
            shutil.copy(self.trusted, f"{self.folder}/package-keys/release.pem")
        server = PackageServer(self.authority)
        self.servers.append(server)
        agent = Launched(arguments.agent, self.folder, "--server", f"127.0.0.1:{server.port}", "--trial", "20", *options)
        self.agents.append(agent)
        return server, agent

    def online(self, *options, **keywords):
        server, agent = self.terminal(*options, **keywords)
        agent.start()
        agent.wait(lambda s: s["link"] == "online")
        return server, agent

    def runs(self, agent, version):
        """The terminal is back, in the slot that it calls its own, with that version."""
        return agent.wait(lambda s: s["link"] == "online" and s["software"]["version"] == version and
                          s["software"]["upgrade"] not in ("trying", "installing", "fetching"), 30)
