"""Two enterprises in one installation: neither sees, changes or even suspects the other."""

import subprocess
import unittest

from fixture import Refused, Server, photo


class TenancyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.clients, cls.employees, cls.enterprises, cls.photos = {}, {}, {}, {}
        for name in ("alpha", "beta"):
            code, enterprise = cls.server.command("add-enterprise", "--name", name)
            assert code == 0, enterprise
            code, output = cls.server.command("add-user", "--username", name, "--enterprise", enterprise,
                                              "--password-stdin", password="the password of " + name)
            assert code == 0, output
            client = cls.server.public()
            client = client.with_token(client.call("SessionService.Login", username=name,
                                                   password="the password of " + name).token)
            picture = client.upload(photo("person-01.jpg" if name == "alpha" else "person-02.jpg"))
            cls.clients[name], cls.enterprises[name], cls.photos[name] = client, enterprise, picture.id
            cls.employees[name] = client.call("PeopleService.CreateEmployee", employee=dict(
                number="1", name="marker-" + name, card_number="CARD", photo_id=picture.id))

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception.code

    def test_lists_show_the_own_alone(self):
        for name, client in self.clients.items():
            page = client.call("PeopleService.ListEmployees")
            self.assertEqual([employee.name for employee in page.employees], ["marker-" + name])
            self.assertEqual([group.name for group in client.call("OrgService.ListGroups").groups], [name])

    def test_a_foreign_id_is_not_found(self):
        alpha, foreign = self.clients["alpha"], self.employees["beta"]
        self.assertEqual(self.refused(alpha.call, "PeopleService.GetEmployee", id=foreign.id), "NOT_FOUND")
        self.assertEqual(self.refused(alpha.call, "PeopleService.UpdateEmployee", employee=foreign), "NOT_FOUND")
        self.assertEqual(self.refused(alpha.download, "PeopleService.DownloadPhoto", id=self.photos["beta"]),
                         "NOT_FOUND")
        self.assertEqual(self.refused(alpha.call, "PeopleService.ListEmployees", group_id=foreign.group_id),
                         "NOT_FOUND")

    def test_a_foreign_photo_or_group_cannot_be_taken(self):
        alpha = self.clients["alpha"]
        with self.assertRaises(Refused) as raised:
            alpha.call("PeopleService.CreateEmployee",
                       employee=dict(number="2", name="Thief", photo_id=self.photos["beta"]))
        self.assertEqual(raised.exception.fields, {"employee.photo_id": "PHOTO_UNKNOWN"})
        with self.assertRaises(Refused) as raised:
            alpha.call("PeopleService.CreateEmployee",
                       employee=dict(number="2", name="Thief", group_id=self.employees["beta"].group_id))
        self.assertEqual(raised.exception.fields, {"employee.group_id": "GROUP_UNKNOWN"})

    # ---- The second fence: row-level security alone, without a single WHERE.

    TENANT_TABLES = ("org_group", "app_user", "session", "audit_row", "blob_key", "blob", "person", "photo")

    def test_the_application_role_sees_one_enterprise(self):
        for table in self.TENANT_TABLES:
            for name in ("alpha", "beta"):
                rows = self.server.sql("SELECT DISTINCT enterprise_id FROM %s" % table, role="app",
                                       enterprise=self.enterprises[name])
                self.assertEqual(rows, [[self.enterprises[name]]], table)

    def test_without_an_enterprise_the_application_role_sees_nothing(self):
        for table in self.TENANT_TABLES + ("enterprise", "device", "pass_record", "device_person"):
            for enterprise in (None, ""):
                rows = self.server.sql("SELECT count(*) FROM %s" % table, role="app", enterprise=enterprise)
                self.assertEqual(rows, [["0"]], table)

    def test_the_application_role_cannot_write_elsewhere(self):
        with self.assertRaises(subprocess.CalledProcessError) as raised:
            self.server.sql("UPDATE person SET enterprise_id = %s" % self.enterprises["beta"], role="app",
                            enterprise=self.enterprises["alpha"])
        self.assertIn("row-level security", raised.exception.output)

    def test_nobody_who_serves_can_change_what_was_audited(self):
        for role in ("app", "system"):
            for statement in ("UPDATE audit_row SET operator = 'x'", "DELETE FROM audit_row", "TRUNCATE audit_row",
                              "DROP TABLE audit_row", "COPY audit_row TO PROGRAM 'true'"):
                with self.assertRaises(subprocess.CalledProcessError) as raised:
                    self.server.sql(statement, role=role, enterprise=self.enterprises["alpha"])
                self.assertRegex(raised.exception.output, "permission denied|must be (owner|superuser)")


if __name__ == "__main__":
    unittest.main()
