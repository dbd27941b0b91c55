"""An upgrade is killed at each of its steps, with the launcher and without. The terminal always comes back with a version that
works, and the upgrade always comes to its end."""
import os
import shutil
import struct

from link_case import arguments, main
from upgrade_case import DONE, FAILED, NEXT_VERSION, UpgradeCase

EVERY = int(os.environ.get("SMARTPASS_KILL_EVERY", "1"))


class Kills(UpgradeCase):
    def count(self):
        with open(self.counter, "rb") as file:
            return struct.unpack("q", file.read())[0]

    def reset(self, server, agent):
        """As enrolled, with nothing in the slots."""
        shutil.rmtree(f"{self.folder}/software", ignore_errors=True)
        with open(self.counter, "wb") as out:
            out.write(struct.pack("q", 0))

    def one(self, server, agent, rollout, package, kill_at, everything):
        """One upgrade, killed at a step; its end, and the steps there were."""
        self.reset(server, agent)
        agent.environment = {"LD_PRELOAD": arguments.preload, "KILL_FOLDER": f"{self.folder}/software",
                             "KILL_COUNT": self.counter, "KILL_AT": str(kill_at), **({"KILL_ALL": "1"} if everything else {})}
        server.make_offer(rollout, NEXT_VERSION, package)
        agent.run()
        while True:
            try:
                end = server.end_of(rollout, 0.5)
                break
            except AssertionError:
                if agent.process.poll() is not None:  # a power cut: somebody switches it on again
                    self.assertEqual(agent.process.returncode, -9)
                    agent.run()
        steps = self.count()
        status = self.runs(agent, NEXT_VERSION if end[0] == DONE else self.version)
        self.assertEqual(server.versions[-1], status["software"]["version"])
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
            for kill_at in range(1, steps + 1, EVERY):
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
