"""Roles, the permissions that they are made of, and when they take effect."""

import time
import unittest

import grpc

from fixture import METHODS, MODULES, Refused, Server

OPTIONS = next(file for file in MODULES["users"].DESCRIPTOR.dependencies if file.name.endswith("options.proto"))
POLICY = OPTIONS.extensions_by_name["policy"]


def contract():
    """{permission: its methods}, as the contract states them."""
    found = {}
    for name, method in METHODS.items():
        permission = method.GetOptions().Extensions[POLICY].permission
        if permission:
            found.setdefault(permission, []).append(name)
    return found


class RolesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        session = cls.admin.call("SessionService.GetSession")
        cls.root, cls.enterprise = session.group_id, session.enterprise_id
        cls.server.sql("INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (%d, 71, %d, 'North'), "
                       "(%d, 72, %d, 'South')" % ((cls.enterprise, cls.root) * 2))
        cls.number = 0

    # ---- Steps

    @classmethod
    def name(cls, stem):
        cls.number += 1
        return "%s-%d" % (stem, cls.number)

    def refused(self, method, client=None, **fields):
        with self.assertRaises(Refused) as raised:
            (client or self.admin).call(method, **fields)
        return raised.exception

    def role(self, *permissions, client=None):
        return (client or self.admin).call("UsersService.CreateRole",
                                           role={"name": self.name("role"), "permissions": permissions})

    def user(self, **fields):
        """A user and his client, signed in."""
        user = self.admin.call("UsersService.CreateUser", password="the user's own password",
                               user={"username": self.name("user"), **fields}).user
        client = self.server.public()
        client = client.with_token(client.call("SessionService.Login", username=user.username,
                                               password="the user's own password").token)
        client.call("SessionService.ChangePassword", old_password="the user's own password",
                    new_password="another long password")
        return user, client

    # ---- Permissions

    def test_the_permissions_are_those_of_the_contract(self):
        answer = self.admin.call("UsersService.ListPermissions")
        self.assertEqual({permission.name: sorted(permission.methods) for permission in answer.permissions},
                         {name: sorted(methods) for name, methods in contract().items()})
        names = [permission.name for permission in answer.permissions]
        self.assertEqual(names, sorted(names))
        for permission in answer.permissions:
            self.assertEqual(permission.name, permission.module + "." + permission.operation)
            self.assertTrue(permission.held)

    def test_what_is_the_super_administrators_own_cannot_be_given(self):
        for name, method in METHODS.items():
            if method.GetOptions().Extensions[POLICY].caller == 6:
                self.assertEqual(method.GetOptions().Extensions[POLICY].permission, "", name)
        for permission in ("enterprises.edit", "settings.edit", "", "people", "employees.view "):
            refused = self.refused("UsersService.CreateRole", role={"name": "x", "permissions": [permission]})
            self.assertEqual(refused.fields, {"role.permissions": "PERMISSION_UNKNOWN"}, permission)

    def test_everybody_sees_what_he_holds(self):
        _, client = self.user(role_id=self.role("employees.view", "pass.view").id)
        held = [permission.name for permission in client.call("UsersService.ListPermissions").permissions
                if permission.held]
        self.assertEqual(held, ["employees.view", "pass.view"])
        self.assertEqual(list(client.call("SessionService.GetSession").permissions), held)

    # ---- Writing

    def test_a_role_keeps_its_permissions_sorted_and_once(self):
        role = self.admin.call("UsersService.CreateRole", role={
            "name": "  Front desk ", "permissions": ["employees.view", "pass.view", "employees.view"]})
        self.assertEqual((role.name, list(role.permissions)), ("Front desk", ["employees.view", "pass.view"]))
        role = self.admin.call("UsersService.UpdateRole", role={"id": role.id, "name": "Desk"})
        self.assertEqual((role.name, list(role.permissions)), ("Desk", []))
        self.admin.call("UsersService.DeleteRole", id=role.id)
        self.assertEqual(self.refused("UsersService.DeleteRole", id=role.id).reason, "ROLE_NOT_FOUND")

    def test_a_name_is_unique_within_the_enterprise(self):
        role, other = self.role(), self.role()
        for method, fields in (("CreateRole", {}), ("UpdateRole", {"id": other.id})):
            refused = self.refused("UsersService." + method, role={"name": role.name, **fields})
            self.assertEqual(refused.fields, {"role.name": "NAME_TAKEN"})
        self.assertEqual(self.refused("UsersService.CreateRole", role={"name": " "}).fields,
                         {"role.name": "FIELD_REQUIRED"})

    def test_a_role_in_use_is_counted_and_not_deleted(self):
        role = self.role("employees.view")
        self.user(role_id=role.id)
        found = next(found for found in self.admin.call("UsersService.ListRoles").roles if found.id == role.id)
        self.assertEqual(found.user_count, 1)
        refused = self.refused("UsersService.DeleteRole", id=role.id)
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "ROLE_IN_USE"))

    def test_nobody_makes_a_role_of_more_than_he_has(self):
        _, client = self.user(role_id=self.role("users.view", "roles.edit", "employees.view").id)
        small, large = self.role("employees.view"), self.role("employees.view", "employees.edit")
        self.assertEqual(list(self.role("employees.view", client=client).permissions), ["employees.view"])
        for method, request in (
                ("CreateRole", {"role": {"name": self.name("role"), "permissions": ["employees.edit"]}}),
                ("UpdateRole", {"role": {"id": small.id, "name": small.name, "permissions": ["employees.edit"]}}),
                ("UpdateRole", {"role": {"id": large.id, "name": large.name, "permissions": ["employees.view"]}}),
                ("DeleteRole", {"id": large.id})):
            refused = self.refused("UsersService." + method, client=client, **request)
            self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "RIGHTS_EXCEEDED"), method)

    def test_nobody_changes_what_his_own_role_permits(self):
        role = self.role("users.view", "roles.edit", "employees.view")
        _, client = self.user(role_id=role.id)
        refused = self.refused("UsersService.UpdateRole", client=client,
                               role={"id": role.id, "name": role.name, "permissions": ["roles.edit"]})
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "OWN_RIGHTS"))
        renamed = client.call("UsersService.UpdateRole", role={"id": role.id, "name": self.name("renamed"),
                                                               "permissions": role.permissions})
        self.assertEqual(renamed.user_count, 1)

    def test_a_role_of_users_beyond_the_own_groups_is_left_alone(self):
        role = self.role("employees.view")
        _, north = self.user(group_id=71, group_administrator=True)
        self.user(group_id=72, role_id=role.id)
        change = {"id": role.id, "name": role.name, "permissions": ["employees.view", "employees.edit"]}
        refused = self.refused("UsersService.UpdateRole", client=north, role=change)
        self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "ROLE_USED_ELSEWHERE"))
        self.admin.call("UsersService.UpdateRole", role=change)

    def test_the_log_tells_what_a_role_was_and_became(self):
        role = self.role("employees.view")
        self.admin.call("UsersService.UpdateRole",
                        role={"id": role.id, "name": role.name, "permissions": ["employees.edit"]})
        rows = self.admin.call("AuditService.ListAuditRows", page_size=20).rows
        row = next(row for row in rows if row.action == "update role" and row.object == "role " + role.name)
        row = self.admin.call("AuditService.GetAuditRow", id=row.id)
        self.assertIn("employees.view", row.before)
        self.assertIn("employees.edit", row.after)

    # ---- Taking effect

    def test_a_change_takes_effect_with_the_next_call(self):
        role = self.role("employees.view", "pass.view")
        _, client = self.user(role_id=role.id)
        client.call("PeopleService.ListEmployees")
        self.admin.call("UsersService.UpdateRole",
                        role={"id": role.id, "name": role.name, "permissions": ["pass.view"]})
        refused = self.refused("PeopleService.ListEmployees", client=client)
        self.assertEqual((refused.code, refused.reason, refused.facts["permission"]),
                         ("PERMISSION_DENIED", "PERMISSION_MISSING", "employees.view"))
        self.assertEqual(list(client.call("SessionService.GetSession").permissions), ["pass.view"])
        self.admin.call("UsersService.UpdateRole",
                        role={"id": role.id, "name": role.name, "permissions": ["employees.view"]})
        client.call("PeopleService.ListEmployees")

    def test_a_stream_ends_when_its_permission_is_taken(self):
        role = self.role("console.view")
        _, client = self.user(role_id=role.id)
        events = client.stream("ConsoleService.WatchEvents", timeout=60)
        next(events)
        self.admin.call("UsersService.UpdateRole", role={"id": role.id, "name": role.name, "permissions": []})
        began = time.monotonic()
        with self.assertRaises(grpc.RpcError) as raised:
            for _ in events:
                pass
        self.assertEqual(raised.exception.code().name, "PERMISSION_DENIED")
        self.assertLess(time.monotonic() - began, 30)  # looked at every 20 seconds


if __name__ == "__main__":
    unittest.main()
