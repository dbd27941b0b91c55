"""The fleet: many terminals in one process, every record acknowledged exactly."""
import os
import re
import subprocess
import threading

import link_case
from link_case import LinkCase, main
from link_server import pb


class Fleet(LinkCase):
    def fleet(self, server, *options):
        return subprocess.run(
            [link_case.arguments.agent, "fleet", "--server", f"127.0.0.1:{server.port}", "--data", self.folder,
             "--username", "admin", *options],
            input="secret word\n", capture_output=True, text=True, timeout=120)

    def figure(self, result):
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return int(re.search(r"^figure acked-records-per-second (\d+) 1/s$", result.stdout, re.M).group(1))

    def enrol_fleet(self, count):
        """The test server asks for certificates on one port and gives them on another."""
        for number in range(count):
            os.mkdir(f"{self.folder}/{number}")
            self.assertEqual(self.enrol(folder=f"{self.folder}/{number}", serial=f"F-{number}").returncode, 0)

    def test_a_steady_fleet_keeps_its_rate_and_every_record_arrives(self):
        self.enrol_fleet(5)
        server = self.serve()
        result = self.fleet(server, "--fleet", "5", "--rate", "200", "--seconds", "2")
        self.assertAlmostEqual(self.figure(result), 200, delta=60)
        made = int(re.search(r"records made (\d+), acknowledged \1,", result.stdout).group(1))
        self.assertEqual(len(server.record_arrivals), made)
        self.assertEqual(len(server.streams), 5)

    def test_a_flood_fills_batches_and_single_messages_alike(self):
        self.enrol_fleet(2)
        for batch in ("128", "1"):
            server = self.serve()
            result = self.fleet(server, "--fleet", "2", "--flood", "--batch", batch, "--window", "256", "--seconds", "1")
            self.assertGreater(self.figure(result), 100)
            self.assertLessEqual(max(server.batches), int(batch))
            self.assertEqual(max(server.batches), int(batch))

    def test_each_run_is_another_epoch(self):
        self.enrol_fleet(1)
        server = self.serve()
        for epoch in (1, 2):
            self.figure(self.fleet(server, "--fleet", "1", "--rate", "50", "--seconds", "1"))
            self.assertIn((epoch, 1), server.records)

    def test_terminals_enrol_themselves_on_first_use(self):
        result = self.fleet(self.office, "--fleet", "3", "--rate", "30", "--seconds", "1")
        self.figure(result)
        self.assertEqual(sorted(os.listdir(self.folder)), ["0", "1", "2"])
        self.assertIn("FLEET-000002", self.office.enrolled)

    def test_a_terminal_without_a_screen_takes_the_plan_and_no_picture(self):
        self.enrol_fleet(1)
        server = self.serve()

        def greet(_, stream):
            stream.send(welcome=server.welcome(stream))
            if stream.hello.display_version != 3:
                stream.send(display_plan=pb.DisplayPlan(version=3, pictures=[
                    pb.DisplayPicture(id=number, sha256=bytes(32), size=9) for number in (11, 12)]))
                threading.Timer(1, stream.end).start()

        server.on_hello = greet
        self.figure(self.fleet(server, "--fleet", "1", "--rate", "50", "--seconds", "4"))
        self.assertEqual([[(r.id, r.reason) for r in report.refusals] for report in server.display_reports],
                         [[(11, "NOT_OFFERED"), (12, "NOT_OFFERED")]])
        self.assertEqual([stream.hello.display_version for stream in server.streams if stream.hello][:2], [0, 3])
        self.assertEqual(server.display_requests, [])

    def test_missing_credentials_are_told(self):
        result = subprocess.run([link_case.arguments.agent, "fleet", "--server", "127.0.0.1:1", "--fleet", "2",
                                 "--credentials", self.folder, "--flood"], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertIn("holds 0 usable terminals of 2", result.stderr)


if __name__ == "__main__":
    main()
