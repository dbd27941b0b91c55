"""Enterprises as the super administrator makes, finds and changes them."""

import time
import unittest

import grpc

from fixture import Refused, Server, wait_until

PASSWORD = "the administrator's own"


class EnterprisesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()

    def create(self, name, username, password="", time_zone="Asia/Shanghai"):
        return self.admin.call("EnterprisesService.CreateEnterprise",
                               enterprise=dict(name=name, time_zone=time_zone),
                               administrator_username=username, administrator_password=password)

    def sign_in(self, username, first, password=PASSWORD):
        """The administrator's first sign-in, with the change of password that it asks for."""
        client = self.server.public()
        client = client.with_token(client.call("SessionService.Login", username=username, password=first).token)
        client.call("SessionService.ChangePassword", old_password=first, new_password=password)
        return client

    def refused(self, method, client=None, **fields):
        with self.assertRaises(Refused) as raised:
            (client or self.admin).call("EnterprisesService." + method, **fields)
        return raised.exception

    def violations(self, method, **fields):
        error = self.refused(method, **fields)
        self.assertEqual(error.code, "INVALID_ARGUMENT")
        return error.fields

    def audited(self):
        return self.server.sql("SELECT action, object, operator, code FROM audit_row WHERE action LIKE '%enterprise'"
                               " ORDER BY id DESC LIMIT 1")[0]

    # ---- Creating

    def test_the_administrator_signs_in_with_the_one_time_password_and_rules_his_enterprise_alone(self):
        made = self.create("Harbour", "harbour")
        self.assertEqual(len(made.one_time_password), 16)
        day_ms = 24 * 3600 * 1000
        self.assertAlmostEqual(made.one_time_password_expire_time.ToMilliseconds(),
                               made.enterprise.create_time.ToMilliseconds() + day_ms, delta=10000)
        client = self.server.public()
        token = client.call("SessionService.Login", username="harbour", password=made.one_time_password).token
        with self.assertRaises(Refused) as raised:
            client.with_token(token).call("PeopleService.ListEmployees")
        self.assertEqual(raised.exception.reason, "PASSWORD_CHANGE_REQUIRED")
        chief = self.sign_in("harbour", made.one_time_password)
        chief.call("PeopleService.CreateEmployee", employee=dict(number="1", name="Ann"))
        self.assertEqual([one.name for one in chief.call("PeopleService.ListEmployees").employees], ["Ann"])
        self.assertEqual(len(self.admin.call("PeopleService.ListEmployees").employees), 0)
        self.assertEqual(self.refused("ListEnterprises", client=chief).code, "PERMISSION_DENIED")
        self.assertEqual(self.audited(), ["create enterprise", "enterprise Harbour", "admin", "0"])

    def test_a_given_password_must_be_changed_too(self):
        made = self.create("Quay", "quay", password="a password for the quay")
        self.assertEqual(made.one_time_password, "")
        self.assertFalse(made.HasField("one_time_password_expire_time"))
        self.assertEqual(self.server.sql("SELECT must_change_password, password_expires_at IS NULL, group_administrator,"
                                         " super_admin FROM app_user WHERE username = 'quay'"), [["t", "t", "t", "f"]])
        self.sign_in("quay", "a password for the quay")

    def test_the_password_is_in_no_audit_row(self):
        made = self.create("Secretive", "secretive", password="an unlikely word to find")
        kept = self.server.sql("SELECT object, before, after FROM audit_payload") + \
            self.server.sql("SELECT object FROM audit_row")
        self.assertNotIn("an unlikely word to find", str(kept))
        self.assertIn(str(made.enterprise.id), str(kept))

    def test_all_that_is_wrong_is_said_at_once_at_its_field(self):
        self.create("Taken", "taken")
        self.assertEqual(self.violations("CreateEnterprise", enterprise=dict(name="Taken", time_zone="Mars/Olympus"),
                                         administrator_username="taken"),
                         {"enterprise.name": "NAME_TAKEN", "enterprise.time_zone": "TIME_ZONE_UNKNOWN",
                          "administrator_username": "USERNAME_TAKEN"})
        self.assertEqual(self.violations("CreateEnterprise", enterprise=dict(name="  ", time_zone="a\nb"),
                                         administrator_username="two words", administrator_password="short"),
                         {"enterprise.name": "FIELD_REQUIRED", "enterprise.time_zone": "VALUE_INVALID",
                          "administrator_username": "VALUE_INVALID", "administrator_password": "PASSWORD_TOO_SHORT"})
        for zone in ("posix/Europe/Berlin", "localtime", "Factory", "europe/berlin", "UTC+1", "CEST "):
            fields = self.violations("CreateEnterprise", enterprise=dict(name="Zone", time_zone=zone),
                                     administrator_username="zone")
            self.assertEqual(fields, {"enterprise.time_zone": "TIME_ZONE_UNKNOWN"}, zone)
        self.assertEqual(self.server.sql("SELECT count(*) FROM enterprise WHERE name = 'Zone'"), [["0"]])

    # ---- Finding

    def test_pages_are_by_name_and_searched_by_a_part_of_it(self):
        names = ["Page %c" % letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
        for name in reversed(names):
            code, said = self.server.command("add-enterprise", "--name", name)
            self.assertEqual(code, 0, said)
        seen, token = [], ""
        while True:
            page = self.admin.call("EnterprisesService.ListEnterprises", query="page ", page_token=token)
            self.assertEqual(page.total_size, 25)
            seen += [one.name for one in page.enterprises]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(seen, names)
        page = self.admin.call("EnterprisesService.ListEnterprises", query="PAGE", page_size=3, skip=2)
        self.assertEqual([one.name for one in page.enterprises], names[2:5])
        self.assertEqual(len(self.admin.call("EnterprisesService.ListEnterprises", query="%").enterprises), 0)

    def test_an_enterprise_is_shown_with_its_figures(self):
        made = self.create("Figures", "figures", time_zone="Europe/Berlin")
        chief = self.sign_in("figures", made.one_time_password)
        for number in "12":
            chief.call("PeopleService.CreateEmployee", employee=dict(number=number, name="N" + number))
        shown = self.admin.call("EnterprisesService.GetEnterprise", id=made.enterprise.id)
        self.assertEqual((shown.name, shown.time_zone, shown.administrator, shown.home, shown.deleting),
                         ("Figures", "Europe/Berlin", "figures", False, False))
        self.assertEqual((shown.user_count, shown.device_count, shown.person_count), (1, 0, 2))
        home = [one for one in self.admin.call("EnterprisesService.ListEnterprises", page_size=100).enterprises if one.home]
        self.assertEqual([one.administrator for one in home], ["admin"])
        for number in (0, 5, -1, 2 ** 63 - 1):
            error = self.refused("GetEnterprise", id=number)
            self.assertEqual((error.code, error.reason), ("NOT_FOUND", "ENTERPRISE_NOT_FOUND"))

    # ---- Changing

    def test_a_new_name_goes_to_the_root_group_too_unless_that_has_its_own(self):
        made = self.create("Before", "before")
        chief = self.sign_in("before", made.one_time_password)
        changed = self.admin.call("EnterprisesService.UpdateEnterprise", enterprise=dict(
            id=made.enterprise.id, name=" After ", time_zone="America/New_York", home=True, person_count=7))
        self.assertEqual((changed.name, changed.time_zone, changed.home, changed.person_count),
                         ("After", "America/New_York", False, 0))
        self.assertEqual(self.audited(), ["update enterprise", "enterprise After", "admin", "0"])
        self.assertEqual([group.name for group in chief.call("OrgService.ListGroups").groups], ["After"])
        self.assertEqual(chief.call("SessionService.GetSession").time_zone, "America/New_York")
        self.server.sql("UPDATE org_group SET name = 'Its own' WHERE enterprise_id = %d" % made.enterprise.id)
        self.admin.call("EnterprisesService.UpdateEnterprise", enterprise=dict(
            id=made.enterprise.id, name="Again", time_zone="UTC"))
        self.assertEqual([group.name for group in chief.call("OrgService.ListGroups").groups], ["Its own"])

    def test_an_update_is_checked_like_a_creation(self):
        one, other = self.create("One", "one").enterprise, self.create("Other", "other").enterprise
        fields = self.violations("UpdateEnterprise", enterprise=dict(id=one.id, name="Other", time_zone="Nowhere"))
        self.assertEqual(fields, {"enterprise.name": "NAME_TAKEN", "enterprise.time_zone": "TIME_ZONE_UNKNOWN"})
        self.admin.call("EnterprisesService.UpdateEnterprise", enterprise=dict(id=other.id, name="Other", time_zone="UTC"))
        error = self.refused("UpdateEnterprise", enterprise=dict(id=7, name="Nobody", time_zone="UTC"))
        self.assertEqual(error.reason, "ENTERPRISE_NOT_FOUND")
        self.assertEqual(self.violations("UpdateEnterprise"), {"enterprise": "FIELD_REQUIRED"})

    # ---- Deleting: what becomes of terminals, and of a killed server, is in tests/faults/test_deletion.py

    def delete(self, number, name, client=None):
        return (client or self.admin).call("EnterprisesService.DeleteEnterprise", id=number, confirm_name=name)

    def gone(self, number):
        def look():
            try:
                self.admin.call("EnterprisesService.GetEnterprise", id=number)
            except Refused as error:
                return error.reason == "ENTERPRISE_NOT_FOUND"
            return False
        wait_until(look, 60)

    def test_a_deletion_wants_the_name_typed_again(self):
        made = self.create("Precious", "precious").enterprise
        for typed in ("precious", "Precious ", "Preciou", "Precious2"):
            fields = self.violations("DeleteEnterprise", id=made.id, confirm_name=typed)
            self.assertEqual(fields, {"confirm_name": "NAME_DIFFERS"}, typed)
        self.assertEqual(self.audited(), ["delete enterprise", "enterprise Precious", "admin", "3"])
        self.assertFalse(self.admin.call("EnterprisesService.GetEnterprise", id=made.id).deleting)

    def test_the_home_of_the_super_administrator_cannot_be_deleted(self):
        home = [one for one in self.admin.call("EnterprisesService.ListEnterprises", page_size=100).enterprises if one.home][0]
        error = self.refused("DeleteEnterprise", id=home.id, confirm_name=home.name)
        self.assertEqual((error.code, error.reason), ("FAILED_PRECONDITION", "HOME_ENTERPRISE"))
        self.assertEqual(self.refused("DeleteEnterprise", id=5, confirm_name="x").reason, "ENTERPRISE_NOT_FOUND")

    def test_nobody_else_deletes_an_enterprise_not_even_his_own(self):
        made = self.create("Own", "own")
        chief = self.sign_in("own", made.one_time_password)
        error = self.refused("DeleteEnterprise", client=chief, id=made.enterprise.id, confirm_name="Own")
        self.assertEqual((error.code, error.reason), ("PERMISSION_DENIED", "PERMISSION_MISSING"))

    def test_a_deleted_enterprise_is_out_at_once_and_its_names_are_free_again(self):
        made = self.create("Brief", "brief")
        chief = self.sign_in("brief", made.one_time_password)
        token = chief.call("AccountService.CreateToken", token=dict(
            name="turnstile", permissions=["employees.view"], expire_time=dict(seconds=int(time.time()) + 86400))).secret
        self.server.public().with_token(token).call("PeopleService.ListEmployees")
        watching = chief.stream("ConsoleService.WatchEvents")
        before = self.server.sql("SELECT count(*) FROM audit_row WHERE enterprise_id = %d" % made.enterprise.id)
        operation = self.delete(made.enterprise.id, "Brief")
        self.assertEqual((operation.kind, operation.object, operation.operator), ("delete enterprise", "Brief", "admin"))
        self.assertEqual(self.refused("GetEnterprise", client=chief, id=1).code, "UNAUTHENTICATED")
        with self.assertRaises(Refused) as raised:
            self.server.public().with_token(token).call("PeopleService.ListEmployees")
        self.assertEqual(raised.exception.code, "UNAUTHENTICATED")
        self.gone(made.enterprise.id)
        self.assertEqual(self.audited(), ["delete enterprise", "enterprise Brief", "admin", "0"])
        shown = self.admin.call("OperationsService.GetOperation", id=operation.id)
        self.assertEqual((shown.error.reason, shown.progress), ("", shown.total))
        after = self.server.sql("SELECT count(*) FROM audit_row WHERE enterprise_id = %d" % made.enterprise.id)
        self.assertGreaterEqual(int(after[0][0]), int(before[0][0]))
        with self.assertRaises(grpc.RpcError) as ended:
            list(watching)
        self.assertEqual(ended.exception.code(), grpc.StatusCode.UNAUTHENTICATED)
        self.create("Brief", "brief")


if __name__ == "__main__":
    unittest.main()
