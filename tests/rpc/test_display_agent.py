"""Pass display with the real terminal: from the console's picture to what is on its screen, and away again."""

import os
import subprocess
import sys
import unittest

from display_case import ON_DEVICE, DisplayCase, png
from fixture import BIN, PHOTOS, Server, wait_until

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from agent_process import Agent  # noqa: E402

PASSER = "person-01.jpg"


class DisplayAgentTest(DisplayCase):
    def setUp(self):
        super().setUp()
        self.folder = os.path.join(self.server.folder, "agent-%d" % next(self.numbers))
        enrolled = subprocess.run(
            [os.path.join(BIN, "smartpass-agent"), "enrol", "--server", "localhost:%d" % self.server.port, "--username",
             "admin", "--serial", os.path.basename(self.folder), "--name", "Gate", "--data", self.folder],
            input=Server.PASSWORD, capture_output=True, text=True)
        self.assertEqual(enrolled.returncode, 0, enrolled.stderr)
        self.agent = Agent(os.path.join(BIN, "smartpass-agent"), self.folder)
        self.addCleanup(self.agent.close)
        self.agent.start()
        number = int(self.agent.wait(lambda s: s["link"] == "online")["deviceId"])
        self.gate = self.admin.call("DevicesService.GetDevice", id=number)
        self.admin.call("DevicesService.UpdateDeviceSettings", id=self.gate.id, settings=dict(pass_display=True),
                        update_mask=dict(paths=["pass_display"]))
        self.agent.wait(lambda s: s["settings"]["passDisplay"])

    def grant(self, *people):
        count = self.agent.status()["people"] + len(people)
        self.admin.call("PassService.BatchCreateGrants", person_ids=[one.id for one in people], device_ids=[self.gate.id])
        self.agent.wait(lambda s: s["people"] == count)

    def shown(self, card=None):
        answer = self.agent.see(os.path.join(PHOTOS, PASSER), *(["--card", card] if card else []))
        self.assertIn(answer["result"], ("ALLOWED", "DENIED"))
        return int(self.agent.status()["display"])

    def on_device(self, *shown):
        wait_until(lambda: {one.id: one.state for one in self.list()} == {one.id: ON_DEVICE for one in shown}, 30)

    def test_from_the_console_to_the_screen_and_away_again(self):
        ann, bob = self.employ("Ann", card_number="CARDA"), self.employ("Bob", card_number="CARDB")
        self.grant(ann, bob)
        first = self.create(png(900, 400), person_ids=[ann.id, bob.id])
        second = self.create(png(30, 30, (20, 200, 20)), strangers=True, seconds=60)
        self.on_device(first, second)
        self.assertEqual((self.shown("CARDA"), self.shown("CARDB"), self.shown()), (first.id, first.id, second.id))

        second = self.change(second, person_ids=[bob.id])  # the last wins
        wait_until(lambda: self.shown("CARDB") == second.id, 30)
        self.assertEqual(self.shown("CARDA"), first.id)
        self.on_device(first, second)

        # While the terminal is away; what it has it keeps, and it learns of it when it is back.
        self.agent.kill()
        self.delete(first)
        self.agent.start()
        self.agent.wait(lambda s: s["link"] == "online")
        wait_until(lambda: self.shown("CARDA") == 0, 30)
        self.assertEqual(self.shown("CARDB"), second.id)
        self.on_device(second)

    def test_whoever_is_deleted_leaves_the_terminals_plan(self):
        ann = self.employ("Ann", card_number="CARDE")
        self.grant(ann)
        display = self.create(strangers=True, person_ids=[ann.id])
        self.on_device(display)
        version = self.agent.status()["displayVersion"]
        self.assertEqual(self.shown("CARDE"), display.id)
        self.admin.call("PeopleService.DeleteEmployee", id=ann.id)
        self.agent.wait(lambda s: s["displayVersion"] != version)
        self.on_device(display)

    def test_a_terminal_that_was_reset_gets_everything_again(self):
        display = self.create(png(200, 200), strangers=True)
        self.on_device(display)
        self.admin.call("CommandsService.ResetDevices", device_ids=[self.gate.id], confirm_count=1)
        self.agent.wait(lambda s: s["epoch"] == 2 and s["link"] == "online", 60)
        self.agent.wait(lambda s: s["displayVersion"] != "0")
        self.assertFalse(self.agent.status()["settings"]["passDisplay"])  # the factory's, as any setting


if __name__ == "__main__":
    unittest.main()
