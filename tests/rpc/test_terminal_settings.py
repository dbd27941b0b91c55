"""Settings between the real server and the real terminal: given at the console, changed at the terminal, refused by its
hardware; and the same on both sides in the end, whatever was cut and killed in between."""

import os
import random
import subprocess
import sys
import time
import unittest

from fixture import BIN, MODULES, PHOTOS, Server, wait_until

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from agent_process import Agent  # noqa: E402

devices = MODULES["devices"]
NAMES = ("volume", "relay_seconds", "brightness")


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


class TerminalSettingsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.numbers = iter(range(1, 999))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def setUp(self):
        self.folder = os.path.join(self.server.folder, "agent-%d" % next(self.numbers))
        done = subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server",
                               "localhost:%d" % self.server.port, "--username", "admin", "--serial",
                               os.path.basename(self.folder), "--name", "Gate", "--data", self.folder],
                              input=Server.PASSWORD, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.agent = Agent(os.path.join(BIN, "smartpass-agent"), self.folder)
        self.addCleanup(self.agent.close)
        self.agent.start()
        self.device = int(self.agent.wait(lambda status: status["link"] == "online")["deviceId"])

    def give(self, **values):
        self.admin.call("DevicesService.UpdateDeviceSettings", id=self.device, settings=values,
                        update_mask=dict(paths=list(values)))

    def desired(self):
        return self.admin.call("DevicesService.GetDevice", id=self.device).settings

    def here(self, name):
        return self.agent.status()["settings"][camel(name)]

    def set(self, name, value):
        self.assertEqual(self.agent.ask('set %s "%s"' % (name, value)), {"done": True})

    def wait_agreed(self, *names):
        def agreed():
            desired, status = self.desired(), self.agent.status()
            return (status["link"] == "online" and not status["unanswered"] and
                    desired.version == desired.reported_version == status["settings"]["version"] and
                    all(getattr(desired, name) == status["settings"][camel(name)] for name in names))
        wait_until(agreed, 60)

    def test_what_the_console_gives_is_in_force_and_confirmed(self):
        self.give(volume=66, silent=True, company_name="Acme · 北京", relay_mode=2)
        self.wait_agreed("volume", "silent", "company_name", "relay_mode")
        self.assertEqual(self.agent.status()["companyName"], "Acme · 北京")

    def test_what_is_changed_at_the_terminal_is_shown_at_the_console(self):
        self.set("volume", 31)
        self.set("device_name", "South gate")
        self.wait_agreed("volume", "device_name")
        self.assertEqual(self.desired().volume, 31)
        self.assertEqual(self.admin.call("DevicesService.GetDevice", id=self.device).name, "South gate")

    def test_the_console_wins_where_both_changed_the_same_offline(self):
        self.agent.ask("cut on")
        self.set("volume", 31)
        self.set("brightness", 32)
        self.give(volume=90)
        self.agent.ask("cut off")
        self.wait_agreed("volume", "brightness")
        self.assertEqual((self.here("volume"), self.here("brightness")), (90, 32))

    def test_what_the_camera_does_not_offer_is_refused_by_name(self):
        self.give(camera_resolution="320x200", volume=12)
        wait_until(lambda: self.here("volume") == 12)
        self.assertEqual(self.here("camera_resolution"), "1280x720")

        def refused():
            view = self.admin.call("SettingsService.GetSettings", device_ids=[self.device])
            return [(refusal.setting, refusal.reason) for refusal in view.refusals]
        wait_until(lambda: refused() == [("camera_resolution", "NOT_OFFERED")])

    def test_a_password_from_the_console_opens_the_menu_and_one_from_the_menu_is_the_consoles(self):
        self.assertEqual(self.agent.ask("menu 123456"), {"menu": "OPENED"})
        self.agent.ask("home")
        self.give(password="2468")
        wait_until(lambda: self.here("password") == "set")
        self.assertEqual(self.agent.ask("menu 123456"), {"menu": "WRONG"})
        self.assertEqual(self.agent.ask("menu 2468"), {"menu": "OPENED"})
        self.set("password", "97531")
        self.wait_agreed()
        self.agent.ask("home")
        self.assertEqual(self.agent.ask("menu 97531"), {"menu": "OPENED"})

    def test_a_temperature_that_is_not_kept_is_abnormal_at_the_console_without_its_value(self):
        self.give(temperature_kept=False, photo_kept=False)
        self.wait_agreed("temperature_kept", "photo_kept")
        self.agent.see(os.path.join(PHOTOS, "stranger-01.jpg"), "--temp", "38.9")
        wait_until(lambda: self.agent.status()["unsentRecords"] == 0)
        page = self.admin.call("PassService.ListPasses", page_size=1, device_id=self.device)
        self.assertEqual((page.passes[0].temperature_centi, page.passes[0].state),
                         (0, MODULES["types"].PASS_STATE_ABNORMAL_TEMPERATURE))

    def test_both_sides_agree_after_changes_cuts_and_kills_at_random(self):
        dice = random.Random(6)
        for _ in range(60):
            name, value = dice.choice(NAMES), dice.randint(1, 60)
            action = dice.randrange(6)
            if action < 2:
                self.give(**{name: value})
            elif action < 4:
                self.set(name, value)
            elif action == 4:
                self.agent.ask("cut on")
                self.set(name, value)
                self.agent.ask("cut off")
            else:
                self.agent.kill()
                self.agent.start()
            time.sleep(dice.random() * 0.05)
        self.wait_agreed(*NAMES)


if __name__ == "__main__":
    unittest.main()
