"""A running smartpass-gateway between a client of a test's own and a gRPC server of another make.

Programs that use it are started as: TEST GATEWAY DESCRIPTOR_SET [unittest options]
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import trial_server

GATEWAY, DESCRIPTORS = sys.argv[1:3]
CONTRACT = trial_server.Contract(DESCRIPTORS)
WRITING = {"X-Smartpass": "1", "Content-Type": "application/json"}

# What a sanitizer sets aside of freed memory must not hide what the gateway holds.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("SMARTPASS_")}
ENVIRONMENT["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64"


class Gateway:
    """A running gateway on a port of its own."""

    def __init__(self, folder, *options, listen="localhost:0", server=None):
        reader, writer = os.pipe()
        self.errors = open(os.path.join(folder, "gateway.log"), "ab")
        command = [GATEWAY, "--web-listen", listen, "--gateway-descriptors", DESCRIPTORS, "--ready-fd", str(writer)]
        if "--gateway-stream-max" not in options:
            command += ["--gateway-stream-max", "16777216"]
        command += ["--gateway-server", server or "unix:%s/rpc.sock" % folder, *options]
        self.process = subprocess.Popen(
            command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=self.errors, env=ENVIRONMENT
        )
        os.close(writer)
        with os.fdopen(reader) as ready:
            first = ready.readline()
        if not first:
            raise RuntimeError("the gateway did not start")
        self.port = int(re.search(r"port=(\d+)", first).group(1))

    def connect(self, timeout=20):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, headers=None):
        connection = self.connect()
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    def resident_kib(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.errors.close()
        return code


def wait_for(condition, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def write_file(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="gateway-test-")
        cls.web = os.path.join(cls.folder, "web")
        write_file(cls.web + "/index.html", '<html><meta content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></html>')
        write_file(cls.web + "/assets/index-DiwrgTda.js", "console.log(1);" * 200)
        write_file(cls.web + "/assets/logo.svg", "<svg/>")
        write_file(cls.web + "/assets/pre-ABCDEFGH.css", "a{}")
        write_file(cls.web + "/assets/pre-ABCDEFGH.css.br", b"brotli bytes")
        write_file(cls.web + "/.secret", "secret")
        os.symlink("/etc/passwd", cls.web + "/passwd.txt")
        cls.server, cls.trials = trial_server.start(CONTRACT, "unix:%s/rpc.sock" % cls.folder)
        cls.gateway = Gateway(cls.folder, "--web-root", cls.web, "--gateway-ping", "300ms")

    @classmethod
    def tearDownClass(cls):
        code = cls.gateway.stop()
        cls.server.stop(0).wait()
        with open(cls.folder + "/gateway.log") as log:
            report = log.read()
        shutil.rmtree(cls.folder)
        if code != 0:
            raise AssertionError("the gateway ended with %d:\n%s" % (code, report))

    def ask(self, method, path, body=None, headers=None):
        return self.gateway.ask(method, path, body, headers)

    def post(self, path, value, **headers):
        return self.ask("POST", path, json.dumps(value), {**WRITING, **headers})

    def seen(self):
        return json.loads(self.ask("GET", "/v1/seen").body)

    def refusal(self, answer):
        error = json.loads(answer.body)["error"]
        self.assertEqual(error["code"], answer.status)
        return error


def run():
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:], verbosity=1)
