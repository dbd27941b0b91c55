"""What the tests of the own account share: a server, and accounts of one enterprise to sign in with."""

import unittest

from fixture import Refused, Server


class AccountCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()

    @staticmethod
    def password(username):
        return "the password of " + username

    def add_user(self, username, *permissions):
        """A group administrator, or with permissions a user whose role has them; his enterprise."""
        code, enterprise = self.server.command("add-user", "--username", username, "--password-stdin",
                                               password=self.password(username))
        self.assertEqual(code, 0, enterprise)
        if permissions:
            self.set_role(username, *permissions)
        return enterprise

    def set_role(self, username, *permissions):
        self.server.sql("WITH r AS (INSERT INTO role SELECT enterprise_id, id, username, ARRAY['%s'], created_at"
                        " FROM app_user WHERE username = '%s' ON CONFLICT (enterprise_id, id)"
                        " DO UPDATE SET permissions = excluded.permissions RETURNING enterprise_id, id)"
                        " UPDATE app_user u SET group_administrator = false, role_id = r.id FROM r"
                        " WHERE u.username = '%s'" % ("','".join(permissions), username, username))

    def login(self, username, client=None, **fields):
        """Who is signed in, as a client."""
        client = client or self.server.public()
        answer = client.call("SessionService.Login", username=username, password=self.password(username), **fields)
        return client.with_token(answer.token)

    def refused(self, client, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            client.call(*arguments, **fields)
        return raised.exception

    def audit(self, action, operator):
        return self.server.sql("SELECT code, reason, object FROM audit_row WHERE action = '%s' AND operator = '%s'"
                               " ORDER BY id" % (action, operator))
