"""The terminal is killed at each step of its disk while its pass display changes. What it comes back with is the former
plan or the next one, and then it gets the next one."""
import os
import random
import shutil
import struct
import time

from display_case import ANNA, NOBODY, WEI, DisplayCase
from link_case import arguments, main

EVERY = int(os.environ.get("SMARTPASS_KILL_EVERY", "1"))  # another part of the steps at each run; 1: all of them
PICTURES = {1: {WEI: 11, ANNA: 12, NOBODY: 0}, 2: {WEI: 22, ANNA: 0, NOBODY: 21}}  # by version, who sees what


class Kills(DisplayCase):
    def count(self):
        with open(self.counter, "rb") as file:
            return struct.unpack("q", file.read())[0]

    def start(self, server, agent, kill_at):
        """As it was with the first plan in force, and killed at a step if kill_at is not 0."""
        server.records.clear()  # the server must not know what this copy never gave out
        shutil.rmtree(self.folder)
        shutil.copytree(self.before, self.folder, symlinks=True, ignore=shutil.ignore_patterns("control"))
        with open(self.counter, "wb") as out:
            out.write(struct.pack("q", 0))
        agent.wrapper = ["env", f"LD_PRELOAD={arguments.preload}", f"KILL_FOLDER={self.folder}/terminal.db",
                         f"KILL_COUNT={self.counter}", f"KILL_AT={kill_at}"]
        try:
            agent.start()
        except (AssertionError, OSError):
            self.assertEqual(agent.process.wait(30), -9)

    def check(self, agent, version):
        for who, number in PICTURES[version].items():
            self.assertEqual(self.shown(agent, who), number)

    def one(self, server, agent, kill_at):
        """The second plan comes; how many steps there were. The terminal dies at one of them."""
        reports = len(server.display_reports)
        server.sends = True
        self.start(server, agent, kill_at)
        deadline = time.time() + 30
        while agent.process.poll() is None and len(server.display_reports) == reports:
            self.assertLess(time.time(), deadline)
            time.sleep(0.01)
        steps = self.count()
        agent.kill()  # the steps are not quite as many each time
        if kill_at == 0:
            return steps
        server.sends = False
        agent.wrapper = []
        streams = self.greeted(server)
        agent.start()
        version = int(agent.status()["displayVersion"])
        self.assertIn(version, (1, 2))
        self.check(agent, version)
        server.wait(lambda: self.greeted(server) > streams)
        stream = server.wait_stream()
        self.assertEqual(stream.hello.display_version, version)
        self.assertEqual(self.send(server, self.second, stream), {})
        self.check(agent, 2)
        agent.stop()
        return version

    @staticmethod
    def greeted(server):
        return len([stream for stream in server.streams if stream.hello])

    def greet(self, server, stream):
        stream.send(welcome=server.welcome(stream))
        if server.sends:
            stream.send(display_plan=self.second)

    def test_a_kill_at_any_step_leaves_the_former_plan_or_the_next(self):
        server, agent = self.ready()
        self.counter, self.before = f"{self.folder}.count", f"{self.folder}.before"
        self.send(server, self.plan(server, 1, [(11, "person1", 60, False), (12, "large", 60, False)], {WEI: 11, ANNA: 12}))
        self.second = self.plan(server, 2, [(21, "person4", 60, True), (22, "large", 60, False)], {WEI: 22})
        self.check(agent, 1)
        agent.stop()
        shutil.copytree(self.folder, self.before, symlinks=True, ignore=shutil.ignore_patterns("control"))
        server.on_hello = self.greet
        steps = self.one(server, agent, 0)
        self.assertGreater(steps, 20)
        found = {1: 0, 2: 0}
        for kill_at in range(random.randint(1, EVERY), steps + 1, EVERY):
            found[self.one(server, agent, kill_at)] += 1
        print(f"{steps} steps, killed at {sum(found.values())}: came back with the former plan {found[1]} times,"
              f" with the next {found[2]} times")
        self.assertGreater(found[1], 0)
        self.assertGreater(found[2], 0)


if __name__ == "__main__":
    main()
