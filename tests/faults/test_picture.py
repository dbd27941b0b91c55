"""A cable that is cut while a picture is on its way: what the server has of it is not sent again."""
import os
import subprocess
import tempfile
import unittest

from agent_process import Agent
from cable import Cable
from fixture import BIN, Server

SLOW = 150_000  # bytes a second: the picture takes a second or more


class Picture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.close)
        cls.server.admin()
        cls.cable = Cable(cls.server.port)
        cls.addClassCleanup(cls.cable.close)
        folder = tempfile.mkdtemp(prefix="smartpass-picture-")
        subprocess.run([os.path.join(BIN, "make_pictures"), folder], check=True)
        cls.large = os.path.join(folder, "large.jpg")
        data = os.path.join(folder, "terminal")
        subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server", "localhost:%d" % cls.cable.port,
                        "--username", "admin", "--serial", "T-1", "--data", data],
                       input=Server.PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        cls.agent = Agent(os.path.join(BIN, "smartpass-agent"), data).start()
        cls.addClassCleanup(cls.agent.close)

    def setUp(self):
        self.agent.wait(lambda s: s["link"] == "online", 60)
        self.size = self.sent_for_one_pass()
        self.assertGreater(self.size, 100_000)
        self.stored = self.pictures()

    def pictures(self):
        return int(self.server.sql("SELECT count(*) FROM pass_snapshot")[0][0])

    def all_is_sent(self):
        self.agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 60)

    def sent_for_one_pass(self):
        before = self.cable.up
        self.agent.see(self.large)
        self.all_is_sent()
        return self.cable.up - before

    def send_most(self):
        self.cable.bytes_a_second = SLOW
        start = self.cable.up
        self.agent.see(self.large)
        self.cable.wait_for(start + self.size * 3 // 4)

    def check(self, sent_before):
        self.cable.bytes_a_second = None
        self.all_is_sent()
        again = self.cable.up - sent_before
        self.assertLess(again, self.size * 3 // 4, "%d bytes of a picture of %d were sent afterwards" % (again, self.size))
        self.assertEqual(self.pictures(), self.stored + 1)
        print("a picture of %d bytes, cut after three quarters: %d bytes went up afterwards" % (self.size, again))

    def test_a_cut_cable(self):
        self.send_most()
        self.cable.cut()
        self.check(self.cable.up)

    def test_a_terminal_that_was_killed(self):
        self.send_most()
        self.cable.cut()
        self.agent.kill()
        sent = self.cable.up
        self.agent.start()
        self.check(sent)

    def test_after_a_restart_of_the_server_the_picture_begins_anew(self):
        self.send_most()
        self.server.kill()
        self.server.start()
        self.cable.cut()
        self.cable.bytes_a_second = None
        self.all_is_sent()
        self.assertEqual(self.pictures(), self.stored + 1)


if __name__ == "__main__":
    unittest.main()
