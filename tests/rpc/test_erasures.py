"""People of the three kinds are deleted, one or many: what stays of them, who sees the receipts, and what their terminals
have confirmed. Terminals are real ones."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from fixture import BIN, MODULES, Server, photo, wait_until
from people_case import KINDS, PeopleCase

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from agent_process import Agent  # noqa: E402

NOBODY = os.path.join(os.environ.get("SMARTPASS_PHOTOS", ""), "nobody.jpg")
STATE = MODULES["operations"].OperationState
NOT_FOUND = {"employee": "EMPLOYEE_NOT_FOUND", "visitor": "VISITOR_NOT_FOUND",
             "blacklist_entry": "BLACKLIST_ENTRY_NOT_FOUND"}
DELETE = {"employee": "employees.delete", "visitor": "visitors.delete", "blacklist_entry": "blacklist.delete"}


class ErasuresTest(PeopleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = tempfile.mkdtemp(prefix="smartpass-erasures-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        program = os.path.join(BIN, "smartpass-agent")
        folder = os.path.join(cls.folder, "terminal")
        subprocess.run([program, "enrol", "--server", "localhost:%d" % cls.server.port, "--username", "admin", "--serial",
                        "E-1", "--data", folder], input=Server.PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        cls.terminal = Agent(program, folder).start()
        cls.addClassCleanup(cls.terminal.close)
        cls.device = int(cls.terminal.status()["deviceId"])

    def delete(self, kind, person, client=None):
        return (client or self.admin).call(self._method("Delete", kind), id=person.id)

    def batch(self, kind, ids, client=None):
        """The operation when it has ended, and its result."""
        client = client or self.admin
        operation = client.call(self._method("BatchDelete", kind, many=True), ids=ids)
        done = wait_until(lambda: (lambda shown: shown if shown.done else None)(
            client.call("OperationsService.GetOperation", id=operation.id)), 30)
        result = MODULES["people"].BatchDeleteResult()
        self.assertTrue(done.result.Unpack(result), done)
        return done, result

    def receipt(self, person, client=None):
        return (client or self.admin).call("PeopleService.GetErasure", id=person.id)

    def receipts(self, client=None, **filters):
        return list((client or self.admin).call("PeopleService.ListErasures", page_size=100, **filters).erasures)

    def grant(self, *people):
        self.admin.call("PassService.BatchCreateGrants", person_ids=[one.id for one in people], device_ids=[self.device])
        self.settled()

    def settled(self):
        wait_until(lambda: self.server.sql("SELECT count(*) FROM device_person WHERE confirmed_revision < revision") == [["0"]])

    def see(self, card):
        self.settled()
        return self.terminal.see(NOBODY, "--card", card)["result"]

    # ---- One

    def test_each_kind_is_deleted_by_its_own_method_alone_and_once(self):
        for kind in KINDS:
            person = self.create(kind)
            for other in KINDS:
                if other != kind:
                    self.assertEqual(self.refused(self.delete, other, person).reason, NOT_FOUND[other])
            receipt = self.delete(kind, person)
            self.assertEqual((receipt.id, MODULES["types"].PersonKind.Name(receipt.kind), receipt.number, receipt.name,
                              receipt.operator, receipt.pictures, len(receipt.terminals), receipt.pending),
                             (person.id, "PERSON_KIND_" + kind.upper().replace("_ENTRY", ""), person.number, "Ann", "admin",
                              0, 0, 0))
            self.assertEqual(self.receipt(person), receipt)
            self.assertEqual(self.refused(self.get, kind, person.id).reason, NOT_FOUND[kind])
            self.assertEqual(self.refused(self.delete, kind, person).reason, NOT_FOUND[kind])

    def test_the_number_and_the_card_are_free_again(self):
        employee = self.create("employee", number="again", card_number="again", identity_number="again")
        self.delete("employee", employee)
        self.assertNotEqual(self.create("employee", number="again", card_number="again", identity_number="again").id,
                            employee.id)

    def test_a_visitor_whose_host_is_erased_has_none_any_more(self):
        host = self.create("employee")
        visitor = self.create("visitor", host_id=host.id)
        self.delete("employee", host)
        self.assertEqual((self.get("visitor", visitor.id).host_id, self.get("visitor", visitor.id).number),
                         (0, visitor.number))

    def test_whom_an_erased_entry_of_the_blacklist_named_may_pass_again(self):
        employee = self.create("employee", card_number="B1", identity_number="B1-ID")
        entry = self.create("blacklist_entry", identity_number="B1-ID")
        self.grant(employee)
        self.assertEqual(self.see("B1"), "DENIED")
        self.delete("blacklist_entry", entry)
        self.assertEqual(self.see("B1"), "ALLOWED")
        self.assertFalse(self.get("employee", employee.id).blacklisted)

    def test_the_terminal_takes_him_off_and_the_receipt_says_when(self):
        employee = self.create("employee", card_number="T1")
        self.grant(employee)
        self.assertEqual(self.see("T1"), "ALLOWED")
        self.terminal.ask("cut on")
        receipt = self.delete("employee", employee)
        self.assertEqual([(t.device_id, t.HasField("confirm_time")) for t in receipt.terminals], [(self.device, False)])
        self.assertEqual((receipt.pending, [one.id for one in self.receipts(pending_only=True)]), (1, [employee.id]))
        self.assertEqual(self.receipts(pending_only=True)[0].pending, 1)
        self.terminal.ask("cut off")
        wait_until(lambda: self.receipt(employee).pending == 0)
        self.assertTrue(self.receipt(employee).terminals[0].HasField("confirm_time"))
        self.assertEqual(self.receipts(pending_only=True), [])
        self.assertEqual(self.see("T1"), "DENIED")

    def test_nobody_is_granted_who_is_being_erased(self):
        """Else a terminal could be given somebody of whom nobody would ever tell it that he is gone."""
        employee = self.create("employee")
        eraser = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-h", self.server.data + "/postgres-socket", "-p", "3306",
                                   "-U", "smartpass", "smartpass"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        eraser.stdin.write("BEGIN; DELETE FROM person WHERE id = %d; SELECT 'erased';\n" % employee.id)
        eraser.stdin.flush()
        self.assertEqual(eraser.stdout.readline(), "erased\n")
        with ThreadPoolExecutor() as pool:
            granting = pool.submit(self.refused, self.admin.call, "PassService.BatchCreateGrants", person_ids=[employee.id],
                                   device_ids=[self.device])
            wait_until(lambda: self.server.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                               " AND query ~ 'FOR KEY SHARE'"))
            eraser.communicate("COMMIT;\n")
            self.assertEqual(granting.result().facts, {"person_ids": "PERSON_UNKNOWN"})
        self.assertEqual(self.server.sql("SELECT count(*) FROM device_person WHERE person_id = %d" % employee.id), [["0"]])

    def test_what_the_audit_log_said_of_him_is_gone_and_nothing_new_is_kept(self):
        employee = self.create("employee", name="Somebody of whom nothing stays")
        self.update("employee", employee, phone="4711")
        self.delete("employee", employee)
        self.assertEqual(self.refused(self.update, "employee", employee, phone="4712").reason, "EMPLOYEE_NOT_FOUND")
        rows = self.admin.call("AuditService.ListAuditRows", page_size=100, query="person %d" % employee.id).rows
        self.assertEqual([(row.action, row.reason, row.erased) for row in rows],
                         [("update employee", "EMPLOYEE_NOT_FOUND", True), ("delete employee", "", False),
                          ("update employee", "", True), ("create employee", "", True)])
        for column in "object", "before", "after":
            self.assertEqual(self.server.sql("SELECT count(*) FROM audit_payload WHERE %s LIKE '%%nothing stays%%'" % column),
                             [["0"]])

    def test_the_photo_goes_with_its_key(self):
        picture = self.admin.upload(photo("person-01.jpg"))
        employee = self.create("employee", photo_id=picture.id)
        owner = "person:%d" % employee.id
        self.assertEqual(self.server.sql("SELECT count(*) FROM blob_key WHERE owner = '%s'" % owner), [["1"]])
        self.assertEqual(self.delete("employee", employee).pictures, 3)
        self.assertEqual(self.server.sql("SELECT count(*) FROM blob_key WHERE owner = '%s'" % owner), [["0"]])
        self.assertEqual(self.server.sql("SELECT count(*) FROM photo WHERE id = %d" % picture.id), [["0"]])

    # ---- Many

    def test_many_are_deleted_as_an_operation_that_counts_those_who_are_not_there(self):
        for kind, kind_of_operation in (("employee", "delete employees"), ("visitor", "delete visitors"),
                                        ("blacklist_entry", "delete blacklist entries")):
            people = [self.create(kind) for _ in range(3)]
            other = self.create("visitor" if kind == "employee" else "employee")
            done, result = self.batch(kind, [one.id for one in people] + [people[0].id, other.id, 4711])
            self.assertEqual((done.kind, done.state, done.progress, done.total, done.failures),
                             (kind_of_operation, STATE.Value("OPERATION_STATE_SUCCEEDED"), 5, 5, 2))
            self.assertEqual((result.deleted, result.failed, result.pending), (3, 2, 0))
            for one in people:
                self.assertEqual(self.receipt(one).operator, "admin")
                rows = self.admin.call("AuditService.ListAuditRows", page_size=10, query="person %d" % one.id).rows
                self.assertEqual([row.operator for row in rows if row.action.startswith("delete")], ["admin"])
            self.get("visitor" if kind == "employee" else "employee", other.id)

    def test_the_result_says_how_many_terminals_have_not_confirmed(self):
        people = [self.create("employee") for _ in range(2)]
        self.grant(*people)
        self.terminal.ask("cut on")
        _, result = self.batch("employee", [one.id for one in people])
        self.terminal.ask("cut off")
        self.assertEqual((result.deleted, result.pending), (2, 2))
        self.settled()

    # ---- Who sees what

    def test_a_clerk_erases_and_sees_what_is_of_his_groups(self):
        mine, others = self.group("mine"), self.group("others")
        clerk = self.clerk("erasing-clerk", mine, "erasures.view", "employees.view", *DELETE.values())
        for kind in KINDS:
            own, foreign = self.create(kind, group_id=mine), self.create(kind, group_id=others)
            self.assertEqual(self.refused(self.delete, kind, foreign, client=clerk).reason, NOT_FOUND[kind])
            self.delete(kind, own, client=clerk)
            again, late = self.create(kind, group_id=mine), self.create(kind, group_id=others)
            _, result = self.batch(kind, [again.id, late.id], client=clerk)
            self.assertEqual((result.deleted, result.failed), (1, 1))
            self.delete(kind, foreign)
            self.assertEqual(self.refused(self.receipt, foreign, client=clerk).reason, "ERASURE_NOT_FOUND")
            self.assertEqual({one.id for one in self.receipts(client=clerk)} & {own.id, again.id, foreign.id, late.id},
                             {own.id, again.id})

    def test_a_terminal_that_the_reader_does_not_see_has_no_name_on_the_receipt(self):
        mine = self.group("without terminals")
        clerk = self.clerk("reading-clerk", mine, "erasures.view", "employees.delete")
        employee = self.create("employee", group_id=mine)
        self.grant(employee)
        receipt = self.delete("employee", employee, client=clerk)
        self.assertEqual([(t.device_id, t.device_name) for t in receipt.terminals], [(0, "")])
        self.settled()
        self.assertTrue(self.receipt(employee, client=clerk).terminals[0].HasField("confirm_time"))

    def test_each_kind_takes_its_own_permission(self):
        for kind in KINDS:
            clerk = self.clerk("not-" + kind.replace("_", "-"), self.group("of " + kind), "employees.view",
                               *(word for other, word in DELETE.items() if other != kind))
            person = self.create(kind)
            self.assertEqual(self.refused(self.delete, kind, person, client=clerk).reason, "PERMISSION_MISSING")
            self.assertEqual(self.refused(self.batch, kind, [person.id], client=clerk).reason, "PERMISSION_MISSING")
            self.assertEqual(self.refused(self.receipts, client=clerk).reason, "PERMISSION_MISSING")

    def test_receipts_come_newest_first_page_by_page_and_are_found_by_name_and_number(self):
        people = [self.create("visitor", name="Paged %d" % n) for n in range(5)]
        for one in people:
            self.delete("visitor", one)
        self.assertEqual([one.name for one in self.receipts(query="pAGED")], ["Paged %d" % n for n in (4, 3, 2, 1, 0)])
        self.assertEqual([one.id for one in self.receipts(query=people[2].number)], [people[2].id])
        found, token = [], ""
        while True:
            page = self.admin.call("PeopleService.ListErasures", page_size=2, page_token=token, query="Paged")
            found += [one.name for one in page.erasures]
            self.assertEqual(page.total_size, 5)
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(found, ["Paged %d" % n for n in (4, 3, 2, 1, 0)])


if __name__ == "__main__":
    unittest.main()
