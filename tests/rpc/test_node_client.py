"""A foreign client in Node: node_client.test.mjs, with a server of its own and a terminal at which somebody passes."""

import os
import queue
import shutil
import subprocess
import threading
import unittest

from fixture import PHOTOS, PROTO_PATH, Server
from terminal import Terminal, record, taken

HERE = os.path.dirname(os.path.abspath(__file__))


class NodeClientTest(unittest.TestCase):
    PASSWORD = "the installer's password"

    def setUp(self):
        self.server = Server().start()
        self.addCleanup(self.server.close)
        self.server.command("add-user", "--username", "installer", "--password-stdin", password=self.PASSWORD)
        self.terminal = Terminal(self.server, "SN-1", "installer", self.PASSWORD)
        self.stream = self.terminal.online()
        self.addCleanup(self.stream.close)

    def pass_again_and_again(self, end):
        """Somebody passes twice a second; settings are taken as they come."""
        seq = 0
        while not end.is_set():
            seq += 1
            self.stream.send_records(record(seq))
            try:
                self.stream.send(settings=taken(self.stream.read("setting_changes", 0.5)))
            except queue.Empty:
                pass

    def test_the_whole_api_from_node(self):
        end = threading.Event()
        passer = threading.Thread(target=self.pass_again_and_again, args=[end])
        passer.start()
        try:
            done = subprocess.run(
                [os.environ.get("NODE") or shutil.which("node"), "--test", os.path.join(HERE, "node_client.test.mjs")],
                timeout=240, env={**os.environ, "SMARTPASS_PORT": str(self.server.port),
                                  "SMARTPASS_AUTHORITY": os.path.join(self.server.data, "authority.crt"),
                                  "SMARTPASS_PASSWORD": Server.PASSWORD, "SMARTPASS_PROTO_PATH": ":".join(PROTO_PATH),
                                  "SMARTPASS_PHOTO": os.path.join(PHOTOS, "person-01.jpg"),
                                  "SMARTPASS_DEVICE": str(self.terminal.id)})
        finally:
            end.set()
            passer.join()
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
