"""A server and a gateway for benchmarks, in a folder of their own, with one administrator who is signed in."""

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

BIN = os.environ["SMARTPASS_BIN"]
IDLE_S = 10
PASSWORD = "correct horse battery"


class Installation:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="smartpass-bench-", dir="/var/tmp")
        os.chmod(self.folder, 0o755)  # the database's user must pass through
        self.data = os.path.join(self.folder, "data")
        self.conninfo = f"host={self.data}/postgres-socket port=3306 user=smartpass dbname=smartpass"
        self.processes = []
        self.log = open(os.path.join(self.folder, "server.log"), "w", encoding="utf-8")

    def begin(self):
        self.address = "localhost:%d" % self.start("smartpass-server", "--listen", "127.0.0.1:0")
        self.gateway = self.start("smartpass-gateway", "--web-listen", "127.0.0.1:0")
        subprocess.run([f"{BIN}/smartpass-server", "--data", self.data, "add-user", "--username", "clerk", "--password-stdin"],
                       input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.PIPE)
        self.sign_in()

    def start(self, program, *flags):
        """The port that it listens on."""
        ready, tell = os.pipe()
        self.processes.append(subprocess.Popen([f"{BIN}/{program}", "--data", self.data, "--ready-fd", str(tell), *flags],
                                               pass_fds=[tell], stdout=self.log, stderr=self.log))
        os.close(tell)
        with os.fdopen(ready) as lines:
            answer = re.search(r"port=(\d+)", lines.readline())
        if not answer:
            sys.exit(f"bench: {program} did not start, see {self.folder}/server.log")
        return int(answer[1])

    @property
    def server(self):
        return self.processes[0]

    # ---- Calls

    def sign_in(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.gateway)
        self.cookie = ""
        self.called = time.monotonic()
        self.connection.request("POST", "/v1/session:login", json.dumps({"username": "clerk", "password": PASSWORD}),
                                {"Content-Type": "application/json", "X-Smartpass": "1"})
        answer = self.connection.getresponse()
        answer.read()
        self.cookie = answer.getheader("Set-Cookie", "").split(";")[0]

    def call(self, method, path, body=None):
        """The answer's object; body is one too."""
        if time.monotonic() - self.called > IDLE_S:  # the gateway has closed it by now
            self.connection.close()
        self.called = time.monotonic()
        self.connection.request(method, path, None if body is None else json.dumps(body),
                                {"Content-Type": "application/json", "X-Smartpass": "1", "Cookie": self.cookie})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"bench: {method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)

    def sql(self, text):
        done = subprocess.run(["psql", "-XAtq", self.conninfo, "-c", text], check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    # ---- The end

    def close(self, keep):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        self.log.close()
        if keep:
            print(f"kept {self.folder}")
        else:
            shutil.rmtree(self.folder)


def resident_kib(pid, which="Pss"):
    """Of one process, pages that it shares with others counted once among them; or all of them, with Rss."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return int(re.search(rf"^{which}:\s+(\d+)", file.read(), re.M)[1])
