"""The audit log as its readers see it: what is in it, who sees it, what is exported, and that a forged row is named."""

import csv
import io
import json
import os
import subprocess
import unittest

from fixture import BIN, Refused, Server, wait_until


class AuditTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()

    def user(self, name, enterprise=None):
        password = "the password of " + name
        more = ["--enterprise", enterprise] if enterprise else []
        code, output = self.server.command("add-user", "--username", name, "--password-stdin", *more, password=password)
        self.assertEqual(code, 0, output)
        client = self.server.public()
        return client.with_token(client.call("SessionService.Login", username=name, password=password).token)

    def enterprise(self, name):
        code, enterprise = self.server.command("add-enterprise", "--name", name)
        self.assertEqual(code, 0, enterprise)
        return enterprise

    def refused(self, client, method, **fields):
        with self.assertRaises(Refused) as raised:
            client.call(method, **fields)
        return raised.exception

    def rows(self, client=None, **fields):
        return list((client or self.admin).call("AuditService.ListAuditRows", page_size=100, **fields).rows)

    def hire(self, number, name, client=None, **fields):
        return (client or self.admin).call("PeopleService.CreateEmployee",
                                           employee=dict(number=number, name=name, **fields))

    def sealed(self, client=None):
        """The verdict, once nothing is left to seal."""
        verify = lambda: (client or self.admin).call("AuditService.VerifyAudit")
        wait_until(lambda: verify().unsealed_rows == 0)
        return verify()

    # ---- What is in it

    def test_a_change_is_a_row_with_before_and_after(self):
        ann = self.hire("a-1", "Ann", phone="4711")
        ann.name = "Anna"
        self.admin.call("PeopleService.UpdateEmployee", employee=ann)
        created, updated = sorted(self.rows(query="employee a-1"), key=lambda row: row.id)
        self.assertEqual((created.module, created.action, created.object, created.code, created.operator,
                          created.address, created.before),
                         ("people", "create employee", "employee a-1 Ann", 0, "admin", "127.0.0.1", ""))
        updated = self.admin.call("AuditService.GetAuditRow", id=updated.id)
        before, after = json.loads(updated.before), json.loads(updated.after)
        self.assertEqual((before["name"], after["name"], after["phone"]), ("Ann", "Anna", "4711"))
        self.assertEqual(updated.object, "employee a-1 Anna")

    def test_refused_calls_are_rows_also_of_methods_that_only_read(self):
        clerk = self.user("refused-clerk")
        self.assertEqual(self.refused(clerk, "PeopleService.GetEmployee", id=4711).code, "NOT_FOUND")
        self.assertEqual(self.refused(clerk, "PeopleService.CreateEmployee", employee=dict(name="x")).code,
                         "INVALID_ARGUMENT")
        rows = wait_until(lambda: [row for row in self.rows(operator="refused-clerk", refused=True)
                                   if row.action in ("GetEmployee", "create employee")][1:] and
                          self.rows(operator="refused-clerk", refused=True))
        self.assertEqual({(row.module, row.action, row.code, row.reason) for row in rows},
                         {("people", "GetEmployee", 5, "EMPLOYEE_NOT_FOUND"),
                          ("people", "create employee", 3, "FIELD_REQUIRED")})

    def test_nobody_fills_the_disk_with_refusals(self):
        clerk = self.user("eager-clerk")
        for _ in range(130):
            self.refused(clerk, "PeopleService.GetEmployee", id=4711)
        page = self.admin.call("AuditService.ListAuditRows", operator="eager-clerk", refused=True)
        self.assertEqual(page.total_size, 100)

    # ---- Who sees it

    def test_another_enterprise_sees_nothing(self):
        stranger = self.user("stranger", self.enterprise("strangers"))
        ann = self.hire("s-1", "Secret")
        row = self.rows(query="employee s-1")[0]
        self.assertEqual({row.operator for row in self.rows(stranger)}, {"stranger"})
        self.assertEqual(self.rows(stranger, query="Secret"), [])
        self.assertEqual(self.refused(stranger, "AuditService.GetAuditRow", id=row.id).reason, "AUDIT_ROW_NOT_FOUND")
        self.assertNotIn(b"Secret", stranger.download("AuditService.ExportAuditRows")[1])
        self.assertEqual(ann.name, "Secret")

    # ---- Lists and exports

    def test_filters_and_pages(self):
        boss = self.user("filter-boss", self.enterprise("filters"))
        made = [self.hire("f-%d" % n, "Person %d" % n, boss) for n in range(25)]
        self.refused(boss, "PeopleService.CreateEmployee", employee=dict(number="f-1", name="Again"))
        first = boss.call("AuditService.ListAuditRows", query="create employee")
        self.assertEqual((len(first.rows), first.total_size), (10, 26))
        seen, token = list(first.rows), first.next_page_token
        while token:
            page = boss.call("AuditService.ListAuditRows", query="create employee", page_token=token)
            seen += page.rows
            token = page.next_page_token
        ids = [row.id for row in seen]
        self.assertEqual((len(set(ids)), ids), (26, sorted(ids, reverse=True)))
        self.assertEqual(len(self.rows(boss, refused=True)), 1)
        self.assertEqual(len(self.rows(boss, module="people")), 26)
        self.assertEqual(self.rows(boss, module="pass"), [])
        middle = seen[10]
        self.assertEqual(len(self.rows(boss, query="create employee", **{"from": middle.time, "to": seen[0].time})),
                         len([row for row in seen if middle.time.ToNanoseconds() <= row.time.ToNanoseconds()
                              < seen[0].time.ToNanoseconds()]))
        self.assertEqual(len(made), 25)

    def test_an_export_holds_the_same_rows_and_no_formula(self):
        boss = self.user("export-boss", self.enterprise("exports"))
        names = ["=1+1", "+2", "-3", "@cmd", 'with "quotes", commas', "Zoë"]
        for n, name in enumerate(names):
            self.hire("e-%d" % n, name, boss)
        self.server.sql("INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, action, object, code,"
                        " reason) SELECT enterprise_id, 1, now(), 'x', '', 'forged', '=HYPERLINK(1)', 0, ''"
                        " FROM app_user WHERE username = 'export-boss'")
        kind, data = boss.download("AuditService.ExportAuditRows")
        self.assertEqual(kind, "text/csv; charset=utf-8")
        self.assertTrue(data.startswith(b"\xef\xbb\xbftime,module,action,"))
        lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        listed = self.rows(boss)
        # The export is a row itself, but only when it has ended.
        self.assertEqual([int(line["id"]) for line in lines],
                         [row.id for row in listed if row.action != "export audit log"])
        objects = {line["object"] for line in lines}
        self.assertIn("employee e-4 with \"quotes\", commas", objects)
        self.assertIn("employee e-5 Zoë", objects)
        self.assertIn("'=HYPERLINK(1)", objects)
        wait_until(lambda: self.rows(boss, query="export audit log"))
        _, people = boss.download("AuditService.ExportAuditRows", module="people")
        self.assertEqual(len(people.decode().splitlines()), 1 + len(names))

    def test_a_long_export_arrives_whole(self):
        boss = self.user("long-boss", self.enterprise("long"))
        self.server.sql("INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, action, object, code,"
                        " reason) SELECT enterprise_id, n, now() - n / 3000 * interval '1 microsecond', 'x', '', 'old',"
                        " repeat('o', 200), 0, '' FROM app_user, generate_series(1, 20000) n"
                        " WHERE username = 'long-boss'")
        _, data = boss.download("AuditService.ExportAuditRows", query="old")
        lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        self.assertEqual(sorted(int(line["id"]) for line in lines), list(range(1, 20001)))
        self.assertEqual(self.sealed(boss).first_bad_seal, 0)

    # ---- The chain

    def test_a_row_that_was_edited_is_named(self):
        boss = self.user("edit-boss", self.enterprise("edits"))
        for n in range(5):
            self.hire("v-%d" % n, "Person", boss)
        good = self.sealed(boss)
        self.assertEqual((good.first_bad_row, good.first_bad_seal), (0, 0))
        anchored = boss.call("AuditService.VerifyAudit", anchor_head=good.head, anchor_seal=good.sealed_rows)
        self.assertEqual(anchored.first_bad_seal, 0)
        victim = sorted(self.rows(boss, query="create employee"), key=lambda row: row.seal)[2]
        self.server.sql("UPDATE audit_row SET operator = 'nobody' WHERE id = %d" % victim.id)
        bad = boss.call("AuditService.VerifyAudit")
        self.assertEqual((bad.first_bad_row, bad.first_bad_seal), (victim.id, victim.seal))
        self.server.sql("UPDATE audit_row SET operator = 'edit-boss' WHERE id = %d" % victim.id)
        self.assertEqual(boss.call("AuditService.VerifyAudit").first_bad_seal, 0)
        self.server.sql("UPDATE audit_payload SET after = '{}' WHERE row_id = %d" % victim.id)
        self.assertEqual(boss.call("AuditService.VerifyAudit").first_bad_row, victim.id)

    def test_a_cut_tail_is_found_and_with_an_anchor_also_when_the_head_was_set_back(self):
        enterprise = self.enterprise("tails")
        boss = self.user("tail-boss", enterprise)
        for n in range(3):
            self.hire("t-%d" % n, "Person", boss)
        good = self.sealed(boss)
        self.server.sql("DELETE FROM audit_row WHERE enterprise_id = %s AND seal = %d" % (enterprise, good.sealed_rows))
        self.assertEqual(boss.call("AuditService.VerifyAudit").first_bad_seal, good.sealed_rows)
        self.server.sql("UPDATE audit_head h SET seal = r.seal, mac = r.mac FROM audit_row r WHERE r.enterprise_id ="
                        " h.enterprise_id AND h.enterprise_id = %s AND r.seal = %d" % (enterprise, good.sealed_rows - 1))
        self.assertEqual(boss.call("AuditService.VerifyAudit").first_bad_seal, 0)
        anchored = boss.call("AuditService.VerifyAudit", anchor_head=good.head, anchor_seal=good.sealed_rows)
        self.assertEqual(anchored.first_bad_seal, good.sealed_rows)

    def test_an_anchor_must_be_one(self):
        for fields in (dict(anchor_head="0" * 64), dict(anchor_head="zz", anchor_seal=1), dict(anchor_seal=1)):
            self.assertEqual(self.refused(self.admin, "AuditService.VerifyAudit", **fields).code, "INVALID_ARGUMENT")

    # ---- From a shell

    def ctl(self, *arguments, token):
        path = os.path.join(self.server.folder, "token")
        with open(path, "w") as file:
            file.write(token)
        return subprocess.run([os.path.join(BIN, "smartpassctl"), "--server", "localhost:%d" % self.server.port,
                               "--authority", os.path.join(self.server.data, "authority.crt"), "--token-file", path,
                               *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def test_smartpassctl_verifies_lists_and_exports(self):
        enterprise = self.enterprise("shells")
        boss = self.user("shell-boss", enterprise)
        token = boss.metadata["authorization"].split()[1]
        self.hire("c-1", "Carl", boss)
        good = self.sealed(boss)
        anchor = "%s@%d" % (good.head, good.sealed_rows)
        done = self.ctl("audit", "verify", "--anchor", anchor, token=token)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(anchor, done.stdout)
        self.assertIn("create employee: employee c-1 Carl", self.ctl("audit", "list", token=token).stdout)
        self.assertIn("employee c-1 Carl", self.ctl("audit", "export", "--module", "people", token=token).stdout)
        self.server.sql("UPDATE audit_row SET address = '' WHERE enterprise_id = %s AND seal = 1" % enterprise)
        bad = self.ctl("audit", "verify", token=token)
        self.assertEqual(bad.returncode, 1)
        self.assertRegex(bad.stdout, r"broken at row \d+, seal 1")


if __name__ == "__main__":
    unittest.main()
