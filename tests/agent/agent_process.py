"""The program under test, started and spoken to as its user does it."""
import json
import os
import signal
import socket
import subprocess
import time


class Agent:
    def __init__(self, program, folder, *options, wrapper=()):
        self.program, self.folder, self.options, self.wrapper = program, folder, options, list(wrapper)
        self.process = None
        self.log = open(os.path.join(os.path.dirname(folder), os.path.basename(folder) + ".log"), "ab")

    def start(self):
        self.process = subprocess.Popen(
            [*self.wrapper, self.program, "sim", "--data", self.folder, "--engine", "simulated", "--stable", "1",
             "--slow-retry", "1", *self.options], stderr=self.log, stdout=self.log)
        deadline = time.time() + 60
        while time.time() < deadline:
            try:
                self.ask("status")
                return self
            except (FileNotFoundError, ConnectionRefusedError):
                assert self.process.poll() is None, f"the agent ended with {self.process.returncode}"
                time.sleep(0.02)
        raise AssertionError("the agent does not answer")

    def ask(self, line, timeout=60):
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(timeout)
            control.connect(os.path.join(self.folder, "control"))
            control.sendall(line.encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                piece = control.recv(65536)
                if not piece:
                    raise ConnectionError("the agent hung up")
                answer += piece
        return json.loads(answer)

    def status(self):
        return self.ask("status")

    def see(self, picture, *options):
        return self.ask(" ".join(["see", picture, *options]))

    def wait(self, condition, seconds=20):
        deadline = time.time() + seconds
        while True:
            status = self.status()
            if condition(status):
                return status
            if time.time() > deadline:
                raise AssertionError(f"waited in vain, status is {status}")
            time.sleep(0.02)

    def stop(self):
        """Ends it as a service manager would; it must end cleanly."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(60) == 0, self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.log.close()
