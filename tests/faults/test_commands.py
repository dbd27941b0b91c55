"""A terminal that is told to do something is killed at each step of it, and so is the server. Nothing is done twice, and in the
end the server knows what became of it."""
import os
import random
import shutil
import struct
import subprocess
import tempfile
import time
import unittest

from agent_process import Agent
from fixture import BIN, MODULES, Refused, Server, wait_until

PRELOAD = os.environ.get("SMARTPASS_KILL_AT", "")  # kills a program at its nth step; see tests/agent/kill_at.c
SERVER_KILLS = int(os.environ.get("SMARTPASS_KILLS", "10"))
STATE = MODULES["commands"].CommandState
NEVER = 1 << 40  # steps that are not counted yet


class CommandsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.folder = tempfile.mkdtemp(prefix="smartpass-commands-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.serials = iter(range(1, 999))

    def setUp(self):
        self.home = os.path.join(self.folder, "terminal-%d" % next(self.serials))
        self.counter = self.home + ".count"
        done = subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server", "localhost:%d" % self.server.port,
                               "--username", "admin", "--serial", os.path.basename(self.home), "--data", self.home],
                              input=Server.PASSWORD, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.agent = Agent(os.path.join(BIN, "smartpass-agent"), self.home)
        self.addCleanup(self.agent.close)

    # ---- The terminal

    def count_from(self, number):
        with open(self.counter, "r+b" if os.path.exists(self.counter) else "wb") as file:
            file.write(struct.pack("q", number))

    def steps(self):
        with open(self.counter, "rb") as file:
            return struct.unpack("q", file.read())[0]

    def start(self, kill_at=0):
        """Online; killed at that step from now on."""
        self.count_from(-NEVER)
        before = dict(os.environ)
        if kill_at:
            os.environ.update(LD_PRELOAD=PRELOAD, KILL_FOLDER=self.home, KILL_COUNT=self.counter, KILL_AT=str(kill_at))
        try:
            self.agent.start()
        finally:
            os.environ.clear()
            os.environ.update(before)
        self.device = int(self.agent.wait(lambda status: status["link"] == "online", 60)["deviceId"])
        wait_until(lambda: self.server.sql("SELECT connected FROM device_status WHERE device_id = %d" % self.device) == [["t"]])
        self.count_from(0)

    def has_ended(self):
        return self.agent.process.poll() is not None

    def opened(self):
        """How often the door was opened so far."""
        try:
            with open(os.path.join(self.home, "relay.log")) as log:
                return sum(line.split()[1] == "open" for line in log)
        except FileNotFoundError:
            return 0

    # ---- The server

    def give(self, method, **fields):
        return self.admin.call("CommandsService." + method, device_ids=[self.device], **fields).commands[0].id

    def state(self, number):
        (state, reason), = self.server.sql("SELECT state, reason FROM device_command WHERE id = %d" % number)
        return STATE.Name(int(state))[len("COMMAND_STATE_"):], reason

    def is_over(self, number):
        return self.state(number)[0] not in ("SENT", "RECEIVED")


@unittest.skipUnless(PRELOAD, "needs SMARTPASS_KILL_AT")
class KilledTerminalTest(CommandsCase):
    def at_each_step(self, method, check, ends=False, **fields):
        """Gives the command anew until no step is left at which the terminal was not killed. ends: it ends by itself."""
        outcomes, kill_at = {}, 0
        while True:
            kill_at += 1
            self.start(kill_at)
            opened = self.opened()
            number = self.give(method, **fields)
            wait_until(lambda: self.has_ended() or (self.is_over(number) and self.quiet()), 60)
            killed = self.has_ended() and self.agent.process.returncode == -9
            self.count_from(-NEVER)
            if killed or ends:
                wait_until(self.has_ended, 20)
                self.start()
            wait_until(lambda: self.is_over(number), 60)
            outcome = self.state(number)
            with self.subTest(method, step=kill_at, outcome=outcome):
                check(outcome, self.opened() - opened)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            self.agent.stop()
            if not killed:
                break
        self.assertGreater(kill_at, 3)
        print("%s %s: killed at %d steps, ended %s" % (method, fields, kill_at - 1, outcomes), flush=True)

    def quiet(self):
        """Nothing more is written: the end was told and acknowledged."""
        before = self.steps()
        time.sleep(0.3)
        return self.has_ended() or self.steps() == before

    def test_a_door_moves_once_or_not_at_all(self):
        def check(outcome, opened):
            self.assertIn(outcome, [("DONE", ""), ("FAILED", "INTERRUPTED")])
            self.assertLessEqual(opened, 1)
            if outcome == ("DONE", ""):
                self.assertEqual(opened, 1)
        self.at_each_step("MoveDoors", check)

    def test_a_restart_is_done_however_it_came(self):
        self.at_each_step("ControlPower", lambda outcome, opened: self.assertEqual(outcome, ("DONE", "")))

    def test_a_terminal_that_shuts_down_has_done_so_or_says_that_it_was_interrupted(self):
        self.at_each_step("ControlPower", lambda outcome, opened: self.assertIn(
            outcome, [("DONE", ""), ("FAILED", "INTERRUPTED")]), shut_down=True, ends=True)

    def test_after_a_reset_that_was_killed_the_terminal_is_whole(self):
        person = self.admin.call("PeopleService.CreateEmployee", employee=dict(
            number=os.path.basename(self.home), name="Ann", card_number="4711")).id
        self.start()
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person], device_ids=[self.device])
        self.agent.wait(lambda status: status["people"] == 1)
        self.agent.stop()
        epochs = []

        def check(outcome, opened):
            self.assertIn(outcome, [("DONE", ""), ("FAILED", "INTERRUPTED")])
            status = self.agent.wait(lambda status: status["link"] == "online" and status["people"] == 1, 60)
            epochs.append(status["epoch"])
            again = self.give("MoveDoors")
            wait_until(lambda: self.is_over(again), 20)
            self.assertEqual(self.state(again), ("DONE", ""))
        self.at_each_step("ResetDevices", check, confirm_count=1)
        self.assertEqual(epochs, sorted(epochs))
        self.assertGreater(epochs[-1], 1)


class KilledServerTest(CommandsCase):
    """The terminal has its order, or has not, when the server dies; it tells the next server."""

    def setUp(self):
        super().setUp()
        self.start()
        self.random = random.Random(int(os.environ.get("SMARTPASS_SEED", "23")))

    def kill_and_start(self):
        self.server.kill()
        self.server.start()
        type(self).admin = self.server.admin()
        self.agent.ask("cut on")  # whoever plugs the cable in again need not wait for the next attempt
        self.agent.ask("cut off")
        self.agent.wait(lambda status: status["link"] == "online", 60)

    def test_the_door_moves_at_most_once_whenever_the_server_dies(self):
        outcomes = {}
        for _ in range(SERVER_KILLS):
            opened = self.opened()
            number = self.give("MoveDoors")
            time.sleep(self.random.choice([0, 0.002, 0.005, 0.01, 0.02, 0.05]))
            self.kill_and_start()
            # What never went out is ended by its time; the sweep would take a minute.
            self.server.sql("UPDATE device_command SET state = 5 WHERE id = %d AND state = 1 AND told_at IS NULL"
                            " AND expires_at < now()" % number)
            wait_until(lambda: self.is_over(number), 20)
            outcome = self.state(number)
            self.assertIn(outcome, [("DONE", ""), ("EXPIRED", "")])
            self.assertEqual(self.opened() - opened, 1 if outcome[0] == "DONE" else 0)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
        print("server: %d kills, %s" % (SERVER_KILLS, outcomes), flush=True)

    def test_terminal_and_server_die_together(self):
        for _ in range(3):
            opened = self.opened()
            number = self.give("MoveDoors")
            time.sleep(self.random.choice([0, 0.005, 0.02]))
            self.agent.kill()
            self.server.kill()
            self.server.start()
            type(self).admin = self.server.admin()
            self.start()
            wait_until(lambda: self.is_over(number), 90)
            self.assertIn(self.state(number), [("DONE", ""), ("EXPIRED", ""), ("FAILED", "INTERRUPTED")])
            self.assertLessEqual(self.opened() - opened, 1)


if __name__ == "__main__":
    unittest.main()
