"""A fleet sends records as fast as it can while server and database are killed with -9. It forgets a record when that is
acknowledged, so whatever was acknowledged must be stored, once."""
import os
import random
import re
import signal
import subprocess
import tempfile
import time
import unittest

from fixture import BIN, Server, wait_until
from gate import SHARE, postmaster

TERMINALS = 8
SECONDS = 20


class Flood(unittest.TestCase):
    def setUp(self):
        self.server = Server("--worker-weights", os.path.join(SHARE, "face.weights")).start()
        self.addCleanup(self.server.close)
        self.server.admin()
        self.folder = tempfile.mkdtemp(prefix="smartpass-flood-")

    def start_fleet(self):
        password = os.path.join(self.folder, "password")
        with open(password, "w") as file:
            file.write(Server.PASSWORD)
        return subprocess.Popen(
            [os.path.join(BIN, "smartpass-agent"), "fleet", "--fleet", str(TERMINALS), "--server",
             "localhost:%d" % self.server.port, "--data", self.folder, "--username", "admin", "--password-file", password,
             "--flood", "--batch", "16", "--window", "256", "--stable", "1", "--seconds",
             str(SECONDS)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def stored(self):
        return int(self.server.sql("SELECT count(*) FROM pass_record")[0][0])

    def wait_for_progress(self):
        def count():
            try:
                return self.stored()
            except subprocess.CalledProcessError:
                return 0  # the database is on its way back

        before = count()
        wait_until(lambda: count() > before, 60)

    def test_what_was_acknowledged_is_stored_once(self):
        fleet = self.start_fleet()
        self.addCleanup(fleet.kill)
        self.wait_for_progress()
        for number in range(6):
            self.wait_for_progress()
            time.sleep(random.uniform(0.2, 1))
            if number % 2:
                os.kill(postmaster(self.server), signal.SIGKILL)
            else:
                self.server.kill()
                self.server.start()
            time.sleep(1.5)
        output, _ = fleet.communicate(timeout=180)
        self.assertEqual(fleet.returncode, 0, output)
        made = int(re.search(r"records made (\d+)", output).group(1))
        self.assertEqual(self.stored(), made, output)
        self.assertEqual(self.server.sql("SELECT sum(passes) FROM pass_tally"), [[str(made)]])
        gaps = self.server.sql("SELECT device_id FROM pass_record GROUP BY device_id, epoch HAVING count(*) <> max(seq)")
        self.assertEqual(gaps, [], "numbers are missing")
        print("%d records through 6 kills, none lost, none twice" % made)


if __name__ == "__main__":
    unittest.main()
