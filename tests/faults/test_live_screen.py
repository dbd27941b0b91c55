"""The live screen on the real programs: what somebody at the console sees is what the terminal shows, also after terminal and
server were killed in the middle of it; and a terminal that nobody looks at paints nothing."""
import os
import shutil
import subprocess
import tempfile
import time
import unittest

from agent_process import Agent
from fixture import BIN, Refused, Server, photo, wait_until

LOOK = 10  # seconds that a look lasts
KILLS = int(os.environ.get("SMARTPASS_KILLS", "10"))


class LiveScreenTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.folder = tempfile.mkdtemp(prefix="smartpass-screen-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        home = os.path.join(cls.folder, "terminal")
        subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server", "localhost:%d" % cls.server.port,
                        "--username", "admin", "--serial", "T-1", "--data", home],
                       input=Server.PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        cls.faces = []
        for number in (1, 2):
            path = os.path.join(cls.folder, "face-%d.jpg" % number)
            with open(path, "wb") as file:
                file.write(photo("person-%02d-visit.jpg" % number))
            cls.faces.append(path)
        cls.agent = Agent(os.path.join(BIN, "smartpass-agent"), home).start()
        cls.addClassCleanup(cls.agent.close)
        cls.device = int(cls.agent.status()["deviceId"])

    def setUp(self):
        self.wait_online()

    def wait_online(self):
        wait_until(lambda: self.agent.status()["link"] == "online", 60)
        wait_until(lambda: self.server.sql("SELECT connected FROM device_status WHERE device_id = %d"
                                           % self.device) == [["t"]], 60)

    def watch(self):
        return self.admin.call("ScreensService.WatchScreen", device_id=self.device)

    def get(self):
        return self.admin.call("ScreensService.GetScreen", device_id=self.device)

    def shown(self):
        """What the terminal shows, by its own word."""
        path = os.path.join(self.folder, "screen.jpg")
        self.agent.ask("screen %s" % path)
        with open(path, "rb") as file:
            return file.read()

    def keep_looking(self):
        """As a page does that is open: looks, and looks anew when it is told to."""
        try:
            return self.get()
        except Refused as refused:
            if refused.reason != "NOT_WATCHING":
                return None
            return self.watch()

    def wait_seen(self, seconds=20):
        """Until whoever looks sees what is shown."""
        def seen():
            screen = self.keep_looking()
            return screen and screen.picture == self.shown() and screen
        return wait_until(seen, seconds, every=0.3)

    def test_what_is_seen_is_what_is_shown(self):
        self.watch()
        home = self.wait_seen()
        self.assertTrue(home.online)
        self.assertEqual(home.picture[:2], b"\xff\xd8")
        self.agent.see(self.faces[0])
        wait_until(lambda: self.get().picture not in (b"", home.picture), 5)
        self.wait_seen()  # at last the home page again
        self.assertLess(abs(self.get().show_time.ToMilliseconds() / 1000 - time.time()), 5)

    def test_a_terminal_that_nobody_looks_at_paints_nothing(self):
        self.watch()
        self.wait_seen()
        wait_until(lambda: not self.agent.status()["screenWatched"], LOOK + 10)
        frames = self.agent.status()["screenFrames"]
        for face in self.faces:
            self.agent.see(face)
        time.sleep(2)
        self.assertEqual(self.agent.status()["screenFrames"], frames)
        wait_until(lambda: self.server.sql("SELECT count(*) FROM screen_frame") == [["0"]], 10)

    def test_who_leaves_ends_it(self):
        self.watch()
        self.wait_seen()
        self.admin.call("ScreensService.LeaveScreen", device_id=self.device)
        wait_until(lambda: not self.agent.status()["screenWatched"], 3)

    def test_a_terminal_that_is_killed_shows_its_screen_when_it_is_back(self):
        for n in range(KILLS // 3 + 1):
            self.watch()
            self.wait_seen()
            self.agent.see(self.faces[n % 2])
            time.sleep(n % 5 / 10)
            self.agent.kill()
            self.agent.start()
            self.wait_online()
            self.wait_seen()

    def test_a_server_that_is_killed_goes_on_with_whoever_looks(self):
        for n in range(KILLS // 3 + 1):
            self.watch()
            self.wait_seen()
            self.agent.see(self.faces[n % 2])
            time.sleep(n % 5 / 10)
            self.server.kill()
            self.server.start()
            type(self).admin = self.server.admin()
            self.wait_online()
            self.wait_seen()


if __name__ == "__main__":
    unittest.main()
