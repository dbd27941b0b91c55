"""An upgrade is killed at each of its steps, with the launcher and without. The terminal always comes back with a version that
works, and the upgrade always comes to its end."""
import os
import random
import shutil
import struct
import time

from link_case import arguments, main
from upgrade_case import DONE, FAILED, NEXT_VERSION, UpgradeCase

EVERY = int(os.environ.get("SMARTPASS_KILL_EVERY", "1"))  # another part of the steps at each run; 1: all of them


class Kills(UpgradeCase):
    def count(self):
        with open(self.counter, "rb") as file:
            return struct.unpack("q", file.read())[0]

    def reset(self, server, agent):
        """As enrolled, with nothing in the slots."""
        shutil.rmtree(f"{self.folder}/software", ignore_errors=True)
        with open(self.counter, "wb") as out:
            out.write(struct.pack("q", 0))

    def until(self, agent, condition, seconds=90):
        """Somebody switches the terminal on again whenever a power cut has ended it."""
        deadline = time.time() + seconds
        while not condition():
            self.assertLess(time.time(), deadline)
            if agent.process.poll() is not None:
                self.assertEqual(agent.process.returncode, -9)
                agent.run()
            time.sleep(0.05)

    @staticmethod
    def is_over(server, agent, rollout):
        """The end was told, and the terminal knows that it was heard."""
        try:
            status = agent.status()
        except (OSError, ValueError):
            return False
        told = [report for report in server.reports_of.get(rollout, []) if report[0] in (DONE, FAILED)]
        return told and status["link"] == "online" and status["software"]["upgrade"] == "idle"

    def one(self, server, agent, rollout, package, kill_at, everything):
        """One upgrade, killed at a step; its end, and the steps there were."""
        self.reset(server, agent)
        agent.environment = {"LD_PRELOAD": arguments.preload, "KILL_FOLDER": f"{self.folder}/software",
                             "KILL_COUNT": self.counter, "KILL_AT": str(kill_at), **({"KILL_ALL": "1"} if everything else {})}
        server.make_offer(rollout, NEXT_VERSION, package)
        agent.run()
        self.until(agent, lambda: self.is_over(server, agent, rollout))
        end, steps = server.end_of(rollout), self.count()
        status = agent.status()["software"]
        self.assertEqual(status["version"], NEXT_VERSION if end[0] == DONE else self.version)
        self.assertEqual(server.versions[-1], status["version"])
        agent.environment = {}
        agent.stop()
        return end, steps

    def at_each_step(self, package, expected):
        server, agent = self.terminal("--trial", "5")
        self.version = "0.1.0"
        self.counter = f"{self.folder}.count"
        end, steps = self.one(server, agent, 1, package, 0, False)
        self.assertEqual(end, expected)
        self.assertGreater(steps, 20)
        rollout = 1
        for everything in (False, True):
            for kill_at in range(random.randint(1, EVERY), steps + 1, EVERY):
                rollout += 1
                end, _ = self.one(server, agent, rollout, package, kill_at, everything)
                self.assertEqual(end, expected, f"killed at step {kill_at} of {steps}")
        print(f"{rollout - 1} kills, {steps} steps, each ended in {expected}")

    def test_a_good_version_is_installed_whatever_is_killed(self):
        self.at_each_step(self.package(), (DONE, ""))

    def test_a_broken_version_is_rolled_back_whatever_is_killed(self):
        self.at_each_step(self.package(program=self.script("exit 1")), (FAILED, "ROLLED_BACK"))


if __name__ == "__main__":
    main()
