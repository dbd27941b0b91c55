"""What the tests of the SDKs share: a server with an administrator, and a terminal at which somebody passes twice a second
for as long as a client runs.

Environment: SMARTPASS_SOURCE (the tree), SMARTPASS_BUILD (its build folder), SMARTPASS_CC and SMARTPASS_CFLAGS (what it
was compiled with)."""

import os
import queue
import shutil
import subprocess
import tempfile
import threading
import unittest

import fixture
from terminal import Terminal, record, taken

SOURCE = os.environ.get("SMARTPASS_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
BUILD = os.environ.get("SMARTPASS_BUILD", os.path.join(SOURCE, "build"))
CC = os.environ.get("SMARTPASS_CC", "cc")
CFLAGS = os.environ.get("SMARTPASS_CFLAGS", "")
INSTALLER = "installer"
INSTALLER_PASSWORD = "the installer's password"


def run(*command, folder=None, text=None, **environment):
    """What it printed; an error with all of it when it fails."""
    done = subprocess.run(command, cwd=folder, input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=120, env={**os.environ, **environment})
    if done.returncode:
        raise AssertionError("%s: exit code %d\n%s" % (" ".join(command), done.returncode, done.stdout))
    return done.stdout


class LiveServer:
    """A server with an installer, at whose gate a stranger passes twice a second until it is closed."""

    def __init__(self):
        self.server = fixture.Server()
        self._end = threading.Event()
        self._passer = None
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self):
        self.server.start()
        self.server.command("add-user", "--username", INSTALLER, "--password-stdin", password=INSTALLER_PASSWORD)
        terminal = Terminal(self.server, "SN-1", INSTALLER, INSTALLER_PASSWORD, name="Lobby gate")
        self.authority = os.path.join(self.server.data, "authority.crt")
        self.address = "localhost:%d" % self.server.port
        self._passer = threading.Thread(target=self._pass_again_and_again, args=[terminal])
        self._passer.start()

    def _pass_again_and_again(self, terminal):
        """A stream of the tests lives a minute, so a new one begins in time."""
        seq = 0
        while not self._end.is_set():
            stream = terminal.online()
            for seq in range(seq + 1, seq + 61):
                if self._end.is_set():
                    break
                stream.send_records(record(seq))
                try:
                    stream.send(settings=taken(stream.read("setting_changes", 0.5)))
                except queue.Empty:
                    pass
            stream.close()

    def close(self):
        self._end.set()
        if self._passer:
            self._passer.join()
        self.server.close()


class SdkCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="smartpass-sdk-")
        self.addCleanup(shutil.rmtree, self.folder)
