"""Deny wins: whoever has the identity or card of an entry of the blacklist is refused by every terminal, and only as long
as the entry says so. Terminals are real ones."""

import os
import subprocess
import sys
import tempfile
import unittest

from fixture import BIN, Server, wait_until
from people_case import PeopleCase

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from agent_process import Agent  # noqa: E402

# The simulated reader of the terminal finds no face in it; who stands there shows a card.
NOBODY = os.path.join(os.environ.get("SMARTPASS_PHOTOS", ""), "nobody.jpg")


class BlacklistTest(PeopleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = tempfile.mkdtemp(prefix="smartpass-blacklist-")
        cls.terminals = [cls.enrol(number) for number in (1, 2)]
        cls.devices = [int(terminal.status()["deviceId"]) for terminal in cls.terminals]

    @classmethod
    def enrol(cls, number):
        folder = os.path.join(cls.folder, "terminal-%d" % number)
        program = os.path.join(BIN, "smartpass-agent")
        subprocess.run([program, "enrol", "--server", "localhost:%d" % cls.server.port, "--username", "admin", "--serial",
                        "B-%d" % number, "--data", folder], input=Server.PASSWORD, text=True, check=True,
                       stdout=subprocess.DEVNULL)
        terminal = Agent(program, folder).start()
        cls.addClassCleanup(terminal.close)
        return terminal

    def grant(self, *people):
        self.admin.call("PassService.BatchCreateGrants", person_ids=[one.id for one in people], device_ids=self.devices)
        self.settled()

    def settled(self):
        """All terminals have confirmed everything."""
        wait_until(lambda: self.server.sql("SELECT count(*) FROM device_person WHERE confirmed_revision < revision") == [["0"]],
                   20)

    def see(self, card):
        """(result, reason) at every terminal."""
        self.settled()
        seen = [terminal.see(NOBODY, "--card", card) for terminal in self.terminals]
        return {(one["result"], one.get("reason", "")) for one in seen}

    ALLOWED, DENIED = {("ALLOWED", "")}, {("DENIED", "BLACKLIST")}

    def assertAllowed(self, card):
        self.assertEqual({result for result, _ in self.see(card)}, {"ALLOWED"})

    def assertDenied(self, card):
        self.assertEqual(self.see(card), self.DENIED)

    def test_whoever_is_named_by_his_identity_is_refused_everywhere_until_the_entry_names_another(self):
        employee = self.create("employee", card_number="D1", identity_number="D1-ID")
        visitor = self.create("visitor", card_number="D2", identity_number="D1-ID")
        self.grant(employee, visitor)
        self.assertAllowed("D1")
        self.assertAllowed("D2")
        entry = self.create("blacklist_entry", identity_number="D1-ID")
        self.assertDenied("D1")
        self.assertDenied("D2")
        self.assertTrue(self.get("employee", employee.id).blacklisted and self.get("visitor", visitor.id).blacklisted)
        self.update("blacklist_entry", entry, identity_number="D1-IDx")
        self.assertAllowed("D1")
        self.assertAllowed("D2")
        self.assertFalse(self.get("employee", employee.id).blacklisted)

    def test_the_pass_is_reported_as_one_of_the_blacklist(self):
        employee = self.create("employee", number="D9", card_number="D9", identity_number="D9-ID")
        self.grant(employee)
        self.create("blacklist_entry", identity_number="D9-ID")
        self.assertDenied("D9")
        rows = wait_until(lambda: self.server.sql("SELECT kind, deny_reason, person_number FROM pass_record"
                                                  " WHERE person_id = %d" % employee.id), 20)
        self.assertEqual(rows[0], ["3", "2", "D9"])

    def test_whoever_is_named_by_his_card_is_refused(self):
        employee = self.create("employee", card_number="D3")
        self.grant(employee)
        entry = self.create("blacklist_entry", card_number="D3")
        self.assertDenied("D3")
        self.update("blacklist_entry", entry, card_number="")
        self.assertAllowed("D3")

    def test_an_entry_that_is_deleted_refuses_nobody_any_more(self):
        employee = self.create("employee", card_number="D10", identity_number="D10-ID")
        self.grant(employee)
        entry = self.create("blacklist_entry", identity_number="D10-ID")
        self.grant(entry)
        self.assertDenied("D10")
        self.admin.call("BlacklistService.DeleteBlacklistEntry", id=entry.id)
        self.assertAllowed("D10")

    def test_whoever_gets_such_an_identity_or_card_is_refused_and_whoever_loses_it_is_not(self):
        self.create("blacklist_entry", identity_number="D4-ID", card_number="D5")
        employee = self.create("employee", card_number="D4")
        self.grant(employee)
        self.assertAllowed("D4")
        employee = self.update("employee", employee, identity_number="D4-ID")
        self.assertDenied("D4")
        employee = self.update("employee", employee, identity_number="")
        self.assertAllowed("D4")
        self.update("employee", employee, card_number="D5")
        self.assertDenied("D5")

    def test_whoever_is_granted_while_he_is_named_is_refused_from_the_start(self):
        self.create("blacklist_entry", identity_number="D6-ID")
        self.grant(self.create("employee", card_number="D6", identity_number="D6-ID"))
        self.assertDenied("D6")

    def test_an_entry_that_is_granted_itself_is_refused_by_its_own_card(self):
        """Beside an employee with the same card, who is on the terminal first."""
        employee = self.create("employee", card_number="D7")
        self.grant(employee)
        entry = self.create("blacklist_entry", card_number="D7")
        self.grant(entry)
        self.assertDenied("D7")

    def test_a_card_that_is_taken_stops_opening_doors_for_the_first(self):
        first, second = self.create("employee", number="first", card_number="D8"), self.create("visitor", number="second")
        self.grant(first)
        self.assertAllowed("D8")
        self.update("visitor", second, card_number="D8", take_card=True)
        self.assertEqual({result for result, _ in self.see("D8")}, {"DENIED"})

    def test_who_changes_and_who_lists_at_the_same_time_miss_nothing(self):
        """Entry and employee come to the same identity at the same moment, again and again: the last word is a refusal."""
        from concurrent.futures import ThreadPoolExecutor
        employee = self.create("employee", card_number="R1")
        entry = self.create("blacklist_entry")
        self.grant(employee)
        with ThreadPoolExecutor(2) as pool:
            for turn in range(10):
                identity = "R-%d" % turn
                both = [pool.submit(self.update, "employee", employee, identity_number=identity),
                        pool.submit(self.update, "blacklist_entry", entry, identity_number=identity)]
                for one in both:
                    one.result()
                self.assertDenied("R1")

    def test_an_employment_that_is_over_ends_every_grant(self):
        """Yesterday, wherever the enterprise is; whoever leaves today may still come."""
        today, yesterday = (self.server.sql("SELECT ((now() AT TIME ZONE time_zone)::date - %d)::text FROM enterprise" % ago)
                            [0][0] for ago in (0, 1))
        gone = self.create("employee", card_number="G1", employed_until=yesterday)
        leaving = self.create("employee", card_number="G2", employed_until=today)
        self.grant(gone, leaving)
        wait_until(lambda: self.get("employee", gone.id).device_count == 0, 90)
        self.assertEqual({result for result, _ in self.see("G1")}, {"DENIED"})
        self.assertAllowed("G2")


if __name__ == "__main__":
    unittest.main()
