"""Every part is killed with -9, many times, while people pass. Whatever a terminal showed is stored, once."""
import os
import random
import signal
import time
import unittest

from gate import Site, Walker, photo, postmaster

KILLS = int(os.environ.get("SMARTPASS_KILLS", "24"))
SEED = int(os.environ.get("SMARTPASS_SEED", str(random.randrange(1 << 30))))


class Kills(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)
        self.site = Site()
        self.addCleanup(self.site.close)
        self.walkers = [Walker(terminal, len(self.site.people)) for terminal in self.site.terminals]

    # ---- What is done to the parts

    def kill_server(self):
        self.site.server.kill()
        time.sleep(self.random.uniform(0, 1))
        self.site.server.start()

    def kill_database(self):
        os.kill(postmaster(self.site.server), signal.SIGKILL)

    def kill_terminal(self):
        terminal = self.random.choice(self.site.terminals)
        terminal.kill()
        time.sleep(self.random.uniform(0, 0.5))
        terminal.start()

    def cut_cable(self):
        terminal = self.random.choice(self.site.terminals)
        terminal.ask("cut on")
        time.sleep(self.random.uniform(0, 2))
        terminal.ask("cut off")

    # ---- What must be true afterwards

    def all_is_sent(self):
        for terminal in self.site.terminals:
            terminal.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 120)

    def stored(self, terminal):
        device = int(terminal.status()["deviceId"])
        rows = self.site.server.sql("SELECT epoch, seq, result FROM pass_record WHERE device_id = %d ORDER BY 1, 2" % device)
        return [(int(epoch), int(seq), "ALLOWED" if result == "1" else "DENIED") for epoch, seq, result in rows]

    def check_terminal(self, walker):
        rows = self.stored(walker.terminal)
        self.assertEqual(sorted(set(walker.shown) - set(rows)), [], "shown but not stored")
        keys = [(epoch, seq) for epoch, seq, _ in rows]
        self.assertEqual(len(keys), len(set(keys)), "stored twice")
        self.assertEqual(keys, [(1, seq) for seq in range(1, len(keys) + 1)], "a gap in what was journalled")
        self.assertTrue(all(result == "ALLOWED" for _, _, result in rows), "somebody who may pass was turned away")

    def check_tallies(self):
        (records, tallied, pictures), = self.site.server.sql(
            "SELECT (SELECT count(*) FROM pass_record), (SELECT sum(passes) FROM pass_tally), (SELECT count(*) FROM pass_snapshot)")
        self.assertEqual(records, tallied, "the console counts something else")
        self.assertEqual(records, pictures, "pictures are missing")
        self.assertEqual(self.site.server.sql("SELECT count(*) FROM pass_rejected"), [["0"]])

    def test_what_was_shown_is_stored_once_whatever_is_killed(self):
        deeds = [self.kill_server, self.kill_database, self.kill_terminal, self.cut_cable]
        for walker in self.walkers:
            walker.start()
        for number in range(KILLS):
            deeds[number % len(deeds)]()
            time.sleep(self.random.uniform(0, 1))
        time.sleep(1)
        for walker in self.walkers:
            walker.stop()
        self.all_is_sent()
        for walker in self.walkers:
            self.check_terminal(walker)
        self.check_tallies()
        shown = sum(len(walker.shown) for walker in self.walkers)
        print("seed %d: %d kills and cuts, %d passes shown, none lost, none twice" % (SEED, KILLS, shown))
        self.assertGreater(shown, KILLS)

    def test_a_terminal_opens_for_whom_it_knows_while_the_server_is_gone(self):
        terminal = self.site.terminals[0]
        self.site.server.kill()
        terminal.kill()
        terminal.start()
        self.assertEqual(terminal.see(photo("person-01-visit.jpg"), "--temp", "36.6")["result"], "ALLOWED")
        self.assertEqual(terminal.see(photo("stranger-01.jpg"), "--temp", "36.6")["result"], "DENIED")
        self.assertEqual(terminal.ask("relay")["count"], 1)
        self.site.server.start()
        self.all_is_sent()
        self.assertEqual([row[2] for row in self.stored(terminal)], ["ALLOWED", "DENIED"])


if __name__ == "__main__":
    unittest.main()
