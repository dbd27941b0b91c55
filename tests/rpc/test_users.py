"""Users: who may make, change and end whom."""

import unittest

from fixture import MODULES, Refused, Server

User = MODULES["users"].User


class UsersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.root = cls.admin.call("SessionService.GetSession").group_id
        enterprise = cls.admin.call("SessionService.GetSession").enterprise_id
        cls.server.sql("INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (%d, 71, %d, 'North'), "
                       "(%d, 72, %d, 'South'), (%d, 73, 71, 'North-West')" % ((enterprise, cls.root) * 2
                                                                              + (enterprise,)))
        cls.enterprise = enterprise
        cls.number = 0

    # ---- Steps

    @classmethod
    def name(cls, stem="user"):
        cls.number += 1
        return "%s-%d" % (stem, cls.number)

    def refused(self, method, client=None, **fields):
        with self.assertRaises(Refused) as raised:
            (client or self.admin).call(method, **fields)
        return raised.exception

    def role(self, *permissions):
        return self.admin.call("UsersService.CreateRole", role={"name": self.name("role"), "permissions": permissions})

    def create(self, client=None, password="the user's own password", **fields):
        fields.setdefault("username", self.name())
        fields.setdefault("group_id", self.root)
        return (client or self.admin).call("UsersService.CreateUser", user=fields, password=password).user

    def sign_in(self, username, password="the user's own password", new="another long password"):
        """With the first password changed."""
        client = self.server.public()
        token = client.call("SessionService.Login", username=username, password=password).token
        client = client.with_token(token)
        if client.call("SessionService.GetSession").must_change_password:
            client.call("SessionService.ChangePassword", old_password=password, new_password=new)
        return client

    def user_with(self, *permissions, group_id=None, **fields):
        if permissions:
            fields["role_id"] = self.role(*permissions).id
        else:
            fields["group_administrator"] = True
        user = self.create(group_id=group_id or self.root, **fields)
        return user, self.sign_in(user.username)

    # ---- Creating

    def test_a_user_is_created_with_a_password_that_must_be_changed(self):
        role = self.role("people.view")
        answer = self.admin.call("UsersService.CreateUser", password="the user's own password",
                                 user={"username": "first", "display_name": " First User ", "role_id": role.id})
        self.assertEqual((answer.user.display_name, answer.user.group_id, answer.user.role_name),
                         ("First User", self.root, role.name))
        self.assertTrue(answer.user.must_change_password)
        self.assertEqual(answer.one_time_password, "")
        refused = self.refused("UsersService.ListUsers", client=self.server.public().with_token(
            self.server.public().call("SessionService.Login", username="first",
                                      password="the user's own password").token))
        self.assertEqual(refused.reason, "PASSWORD_CHANGE_REQUIRED")
        client = self.sign_in("first")
        self.assertEqual(list(client.call("SessionService.GetSession").permissions), ["people.view"])

    def test_without_a_password_a_random_one_is_shown_once(self):
        role = self.role("people.view")
        answers = [self.admin.call("UsersService.CreateUser", user={"username": self.name(), "role_id": role.id})
                   for _ in range(2)]
        self.assertEqual({len(answer.one_time_password) for answer in answers}, {16})
        self.assertNotEqual(answers[0].one_time_password, answers[1].one_time_password)
        self.assertFalse(set("0o1li") & set(answers[0].one_time_password))
        left = answers[0].one_time_password_expire_time.seconds - answers[0].user.create_time.seconds
        self.assertEqual(left, 24 * 3600)
        self.sign_in(answers[0].user.username, answers[0].one_time_password)
        self.assertEqual(self.server.sql("SELECT count(*) FROM audit_payload p WHERE p::text LIKE "
                                         "'%%%s%%'" % answers[0].one_time_password), [["0"]])

    def test_a_user_name_is_one_word_and_unique_in_the_installation(self):
        for name, reason in (("", "FIELD_REQUIRED"), ("two words", "VALUE_INVALID"), ("tab\there", "VALUE_INVALID"),
                             ("no\u00a0break", "VALUE_INVALID"), ("un\u200bseen", "VALUE_INVALID"),
                             ("turned\u202e", "VALUE_INVALID"), ("admin", "USERNAME_TAKEN")):
            refused = self.refused("UsersService.CreateUser", user={"username": name, "group_administrator": True})
            self.assertEqual(refused.fields, {"user.username": reason}, repr(name))
        user = self.create(username="王伟", group_administrator=True)
        self.assertEqual(self.admin.call("UsersService.GetUser", id=user.id).username, "王伟")

    def test_all_faults_are_told_at_once(self):
        refused = self.refused("UsersService.CreateUser", user={"username": "a b", "display_name": "x\ny"})
        self.assertEqual(refused.fields, {"user.username": "VALUE_INVALID", "user.display_name": "VALUE_INVALID",
                                          "user.role_id": "FIELD_REQUIRED"})
        refused = self.refused("UsersService.CreateUser", password="short",
                               user={"username": self.name(), "group_administrator": True})
        self.assertEqual(refused.fields, {"password": "PASSWORD_TOO_SHORT"})

    def test_role_and_group_must_exist(self):
        refused = self.refused("UsersService.CreateUser", user={"username": self.name(), "role_id": 5})
        self.assertEqual(refused.fields, {"user.role_id": "ROLE_UNKNOWN"})
        refused = self.refused("UsersService.CreateUser", user={"username": self.name(), "group_id": 5,
                                                                "group_administrator": True})
        self.assertEqual(refused.fields, {"user.group_id": "GROUP_UNKNOWN"})
        refused = self.refused("UsersService.CreateUser", user={"username": self.name(), "group_administrator": True,
                                                                "role_id": self.role("people.view").id})
        self.assertEqual(refused.fields, {"user.role_id": "VALUE_INVALID"})


if __name__ == "__main__":
    unittest.main()
