"""A terminal whose disk is really full: a small file system, in a mount namespace of the test's own."""
import collections
import os
import subprocess
import sys

from link_case import LinkCase, main
from link_server import setting_changes

SKIPPED = 77
MEGABYTE = 1 << 20
RESERVE = 8 * MEGABYTE


class SmallDisk(LinkCase):
    size = None  # of the file system

    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.size}", "none", self.folder], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder], check=True)

    def look(self, agent):
        """Somebody stands before the camera: whether the pass was recorded. The door opens with the record, or not."""
        before = agent.ask("relay")["count"], agent.status()["lastSeq"]
        answer = agent.see(self.picture("large"))
        status = agent.status()
        moved, recorded = agent.ask("relay")["count"] - before[0], status["lastSeq"] - before[1]
        self.assertEqual(answer["result"], "ALLOWED" if recorded else "NONE")
        self.assertEqual((moved, answer["seq"]), (1, status["lastSeq"]) if recorded else (0, 0))
        self.assertEqual(status["disk"], "ok" if answer["snapshot"] else "full")
        self.assertIn("storage full" if recorded and not answer["snapshot"] else "", status["screen"])
        return answer

    def fill(self, agent):
        """Until a pass cannot be recorded; how many had a picture."""
        pictures = 0
        for _ in range(200):
            answer = self.look(agent)
            pictures += answer["snapshot"]
            if answer["result"] == "NONE":
                self.assertIn("Storage full, passes cannot be recorded", agent.status()["screen"])
                return pictures
        raise AssertionError("the disk did not fill up")

    def open_to_strangers(self, server):
        server.wait_stream().send(setting_changes=setting_changes(9, stranger_mode=True))
        server.wait(lambda: server.settings_reports, what="the settings report")

    def arrived(self, server, agent):
        agent.wait(lambda s: s["link"] == "online" and s["unsentRecords"] == 0, 60)
        last = agent.status()["lastSeq"]
        self.assertEqual(sorted(server.records), [(1, seq) for seq in range(1, last + 1)])
        return last


class NoReserveTest(SmallDisk):
    """Too small for a reserve from the beginning."""
    size, more = "3m", "12m"

    def test_no_pass_is_let_through_unrecorded_and_no_record_is_lost(self):
        server, agent = self.online()
        self.open_to_strangers(server)
        agent.ask("cut on")
        self.assertGreater(self.fill(agent), 3)
        self.look(agent)

        # Killed with a full disk, it comes back with all that it had, and can give it away.
        last = agent.status()["lastSeq"]
        agent.kill()
        agent.start()
        self.assertEqual((agent.status()["lastSeq"], agent.status()["epoch"]), (last, 1))
        self.assertEqual(self.arrived(server, agent), last)
        self.look(agent)

        # With room, it goes on where it was.
        subprocess.run(["mount", "-o", f"remount,size={self.more}", self.folder], check=True)
        last = agent.status()["lastSeq"]
        self.assertTrue(self.look(agent)["snapshot"])
        self.assertEqual(self.arrived(server, agent), last + 1)
        agent.stop()
        agent.start()
        self.assertEqual(agent.status()["lastSeq"], last + 1)


class ReserveTest(SmallDisk):
    """Others fill the disk, and the terminal has its reserve."""
    size = "40m"

    def others(self):
        return os.path.join(self.folder, "of-others")

    def others_fill(self):
        with open(self.others(), "ab", buffering=0) as file:
            for size in (65536, 4096, 512):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    pass
        self.assertLess(os.statvfs(self.folder).f_bavail, 2)

    def reserve(self):
        return os.stat(os.path.join(self.folder, "reserve")).st_blocks * 512

    def all_is_sent(self, agent):
        agent.wait(lambda s: s["link"] == "online" and s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 60)

    def look_often(self, agent, times):
        """Everybody passes and is recorded; how many had a picture."""
        pictures = 0
        for _ in range(times):
            answer = self.look(agent)
            self.assertEqual(answer["result"], "ALLOWED")
            pictures += answer["snapshot"]
            if agent.status()["link"] == "online":
                self.all_is_sent(agent)  # only what the server has may give way
        return pictures

    def check_nothing_came_twice(self, server):
        often = {key: n for key, n in collections.Counter(server.picture_offers).items() if n > 1}
        self.assertEqual(often, {}, "pictures that were done were offered again")

    def ready(self, passes):
        server, agent = self.online()
        self.open_to_strangers(server)
        self.assertEqual(self.reserve(), RESERVE)
        self.assertEqual(self.look_often(agent, passes), passes)
        self.all_is_sent(agent)
        return server, agent

    def test_the_doors_go_on_opening_while_pictures_give_way(self):
        server, agent = self.ready(20)
        self.others_fill()
        self.assertEqual(self.look_often(agent, 40), 40)
        self.assertEqual(self.reserve(), 0)
        self.assertGreater(agent.status()["evictedSnapshots"], 5)

        # Whatever the reserve left is taken too: what the terminal has must do.
        self.others_fill()
        self.assertEqual(self.look_often(agent, 40), 40)
        self.all_is_sent(agent)
        agent.kill()
        agent.start()
        self.all_is_sent(agent)
        self.check_nothing_came_twice(server)

        # Room is back, and so is the reserve.
        os.unlink(self.others())
        agent.wait(lambda _: self.reserve() == RESERVE, 30)
        self.assertEqual(self.look_often(agent, 5), 5)
        self.assertEqual(self.arrived(server, agent), 105)
        self.all_is_sent(agent)
        self.check_nothing_came_twice(server)

    def test_records_go_on_where_no_picture_may_give_way(self):
        server, agent = self.ready(0)
        agent.ask("cut on")
        self.assertEqual(self.look_often(agent, 10), 10)
        self.others_fill()
        self.assertEqual(self.look_often(agent, 200), 0)
        agent.kill()
        agent.start()
        self.look_often(agent, 50)
        self.assertEqual(self.arrived(server, agent), 260)
        self.all_is_sent(agent)
        self.check_nothing_came_twice(server)
        self.assertEqual(self.look_often(agent, 5), 5)

    def test_pictures_that_are_done_while_the_disk_is_full_stay_done(self):
        server, agent = self.ready(0)
        agent.ask("cut on")
        self.assertEqual(self.look_often(agent, 20), 20)
        self.others_fill()
        agent.ask("cut off")
        self.all_is_sent(agent)
        for _ in range(2):
            agent.kill()
            agent.start()
            self.all_is_sent(agent)
        self.assertGreater(len(server.picture_offers), 5)
        self.check_nothing_came_twice(server)

    def test_people_and_settings_arrive_on_a_full_disk(self):
        server, agent = self.ready(3)
        self.others_fill()
        server.wait_stream().send(setting_changes=setting_changes(10, stranger_mode=False))
        server.wait(lambda: any(report.version == 10 for report in server.settings_reports), what="the settings report")
        self.assertEqual(agent.see(self.picture("large"))["result"], "DENIED")


def namespace():
    """How to get a mount namespace here: as root, or as root of a user namespace; None when neither is allowed."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        if subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0:
            return command
    return None


if __name__ == "__main__":
    if "SMARTPASS_OWN_MOUNTS" in os.environ:
        main()
    command = namespace()
    if not command:
        print("no mount namespace can be had here")
        sys.exit(SKIPPED)
    os.environ["SMARTPASS_OWN_MOUNTS"] = "1"
    os.execvp(command[0], [*command, sys.executable, *sys.argv])
