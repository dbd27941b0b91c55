"""A terminal whose disk is really full: a file system of three megabytes, in a mount namespace of the test's own."""
import os
import subprocess
import sys

from link_case import LinkCase, main
from link_server import pb

SKIPPED = 77
SIZE, MORE = "3m", "12m"


class DiskFullTest(LinkCase):
    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", self.folder], check=True)
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
        server.wait_stream().send(settings=pb.DesiredSettings(version=9, stranger_mode=True, stranger_record=True,
                                                              relay_ms=1000))
        server.wait(lambda: server.settings_reports, what="the settings report")

    def arrived(self, server, agent):
        agent.wait(lambda s: s["link"] == "online" and s["unsentRecords"] == 0, 60)
        last = agent.status()["lastSeq"]
        self.assertEqual(sorted(server.records), [(1, seq) for seq in range(1, last + 1)])
        return last

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
        subprocess.run(["mount", "-o", f"remount,size={MORE}", self.folder], check=True)
        last = agent.status()["lastSeq"]
        self.assertTrue(self.look(agent)["snapshot"])
        self.assertEqual(self.arrived(server, agent), last + 1)
        agent.stop()
        agent.start()
        self.assertEqual(agent.status()["lastSeq"], last + 1)


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
