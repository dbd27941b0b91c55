"""What the agent's tests against a real gRPC server share: an enrolled terminal in a folder of its own."""
import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from agent_process import Agent
from link_server import Authority, LinkServer

arguments = argparse.Namespace()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LinkCase(unittest.TestCase):
    days = 90  # of the certificate that enrolment gives

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="agent-")
        os.mkdir(f"{cls.home}/ca")
        cls.authority = Authority(f"{cls.home}/ca")
        subprocess.run([arguments.pictures, cls.home], check=True)
        cls.office = LinkServer(cls.authority, mutual=False)
        cls.office.days = cls.days

    @classmethod
    def tearDownClass(cls):
        cls.office.stop()
        shutil.rmtree(cls.home)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="terminal-", dir=self.home)
        self.servers, self.agents = [], []

    def tearDown(self):
        try:
            for agent in self.agents:
                agent.stop()
        finally:
            for agent in self.agents:
                agent.close()
            for server in self.servers:
                server.stop()
        if sys.exc_info()[0] is None and self._outcome.success:
            return
        for agent in self.agents:  # what the terminal said helps whoever reads the failure
            with open(agent.log.name, errors="replace") as log:
                sys.stderr.write(log.read())

    def enrol(self, *options, folder=None, port=None, password="secret word", serial="SN-1"):
        return subprocess.run(
            [arguments.agent, "enrol", "--server", f"127.0.0.1:{port or self.office.port}", "--username", "admin",
             "--serial", serial, "--name", "Gate", "--data", folder or self.folder, *options],
            input=password + "\n", capture_output=True, text=True, timeout=60)

    def serve(self, port=0, **options):
        server = LinkServer(self.authority, port=port, **options)
        self.servers.append(server)
        return server

    def agent(self, port, *options, **keywords):
        agent = Agent(arguments.agent, self.folder, "--server", f"127.0.0.1:{port}", *options, **keywords)
        self.agents.append(agent)
        return agent

    def online(self, *options, wrapper=(), **server_options):
        """An enrolled terminal that is online at a server of its own."""
        self.assertEqual(self.enrol().returncode, 0)
        server = self.serve(**server_options)
        agent = self.agent(server.port, *options, wrapper=wrapper).start()
        agent.wait(lambda s: s["link"] == "online")
        return server, agent

    def picture(self, stem):
        return os.path.join(self.home, f"{stem}.jpg")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--agent", required=True)
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--weights")
    parser.add_argument("--photos")
    parser.add_argument("--ctl")
    parser.add_argument("--next")
    parser.add_argument("--preload")
    _, rest = parser.parse_known_args(namespace=arguments)
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2)
