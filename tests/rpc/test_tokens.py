"""Tokens for integrations: what they may do, for how long, and what is said of them."""

import http.client
import json
import os
import re
import signal
import subprocess
import time
import unittest

from account_case import AccountCase
from fixture import BIN, MODULES

Token = MODULES["account"].Token
Profile = MODULES["account"].Profile
DAY = 24 * 3600


def in_seconds(seconds):
    return {"seconds": int(time.time()) + seconds}


class TokenTest(AccountCase):
    def create(self, client, name="gate-import", permissions=("employees.view",), expire_time=None):
        return client.call("AccountService.CreateToken", token=Token(
            name=name, permissions=permissions, expire_time=expire_time or in_seconds(DAY)))

    def refused_fields(self, client, **fields):
        token = {"name": "x", "permissions": ["employees.view"], "expire_time": in_seconds(DAY), **fields}
        return self.refused(client, "AccountService.CreateToken", token=Token(**token)).fields

    def owner_with_token(self, username, *permissions, of=("employees.view",)):
        self.add_user(username, *permissions)
        owner = self.login(username)
        made = self.create(owner, permissions=of)
        return owner, made.token, self.server.public().with_token(made.secret)

    # ---- Making and deleting

    def test_the_secret_is_shown_once(self):
        self.add_user("maker")
        owner = self.login("maker")
        made = self.create(owner, permissions=["employees.view", "employees.edit", "employees.view"])
        self.assertRegex(made.secret, r"^spt_[A-Za-z0-9_-]{43}$")
        self.assertEqual(list(made.token.permissions), ["employees.edit", "employees.view"])
        listed = owner.call("AccountService.ListTokens").tokens
        self.assertEqual([one.id for one in listed], [made.token.id])
        self.assertEqual(listed[0].expire_time, made.token.expire_time)
        dump = str(self.server.sql("SELECT t::text FROM api_token t UNION ALL SELECT a::text FROM audit_payload a"))
        self.assertNotIn(made.secret[4:], dump)
        self.assertEqual(self.audit("create token", "maker"), [["0", "", "token gate-import"]])

    def test_faults_are_named_at_their_fields(self):
        self.add_user("clumsy", "employees.view")
        owner = self.login("clumsy")
        for fields, faults in (
                ({"name": "  "}, {"token.name": "FIELD_REQUIRED"}),
                ({"name": "a\nb"}, {"token.name": "VALUE_INVALID"}),
                ({"permissions": []}, {"token.permissions": "FIELD_REQUIRED"}),
                ({"permissions": ["employees.edit"]}, {"token.permissions": "PERMISSION_NOT_HELD"}),
                ({"permissions": ["no.such"]}, {"token.permissions": "PERMISSION_NOT_HELD"}),
                ({"expire_time": None}, {"token.expire_time": "FIELD_REQUIRED"}),
                ({"expire_time": in_seconds(-1)}, {"token.expire_time": "VALUE_INVALID"}),
                ({"expire_time": in_seconds(367 * DAY)}, {"token.expire_time": "VALUE_INVALID"}),
                ({"name": "", "permissions": []},
                 {"token.name": "FIELD_REQUIRED", "token.permissions": "FIELD_REQUIRED"})):
            self.assertEqual(self.refused_fields(owner, **fields), faults)
        self.create(owner)
        self.assertEqual(self.refused_fields(owner, name="gate-import"), {"token.name": "NAME_TAKEN"})

    def test_another_user_may_use_the_same_name(self):
        for username in ("same-1", "same-2"):
            self.add_user(username)
            self.create(self.login(username), name="same")

    def test_a_user_has_twenty_tokens_at_most(self):
        from concurrent.futures import ThreadPoolExecutor
        self.add_user("hoarder")
        owner = self.login("hoarder")
        for i in range(18):
            self.create(owner, name="token %d" % i)

        def one_more(i):
            try:
                self.create(owner, name="more %d" % i)
                return "made"
            except Exception as refused:
                return refused.reason
        with ThreadPoolExecutor(7) as pool:
            # Held until all six have come: they would all have counted eighteen.
            held = pool.submit(self.server.sql, "BEGIN; SELECT id FROM app_user WHERE username = 'hoarder' FOR UPDATE;"
                                                " SELECT pg_sleep(2); COMMIT")
            time.sleep(0.5)
            outcomes = sorted(pool.map(one_more, range(6)))
            held.result()
        self.assertEqual(outcomes, ["TOKENS_TOO_MANY"] * 4 + ["made"] * 2)
        self.assertEqual(len(owner.call("AccountService.ListTokens").tokens), 20)

    def test_a_deleted_token_is_good_for_nothing(self):
        owner, token, client = self.owner_with_token("deleter")
        client.call("PeopleService.ListEmployees")
        owner.call("AccountService.DeleteToken", id=token.id)
        refused = self.refused(client, "PeopleService.ListEmployees")
        self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", "SESSION_EXPIRED"))
        self.assertEqual(self.refused(owner, "AccountService.DeleteToken", id=token.id).reason, "TOKEN_NOT_FOUND")

    def test_nobody_deletes_the_token_of_another(self):
        _, token, client = self.owner_with_token("keeper")
        self.add_user("thief")
        self.assertEqual(self.refused(self.login("thief"), "AccountService.DeleteToken", id=token.id).code, "NOT_FOUND")
        client.call("PeopleService.ListEmployees")

    # ---- What it may do

    def test_a_token_has_its_permissions_and_no_others(self):
        _, token, client = self.owner_with_token("owner")
        client.call("PeopleService.ListEmployees")
        refused = self.refused(client, "DevicesService.ListDevices")
        self.assertEqual((refused.code, refused.reason, refused.facts["permission"]),
                         ("PERMISSION_DENIED", "PERMISSION_MISSING", "devices.view"))
        session = client.call("SessionService.GetSession")
        self.assertEqual((session.username, list(session.permissions)), ("owner", ["employees.view"]))
        self.assertEqual(session.expire_time, token.expire_time)

    def test_what_the_owner_has_lost_counts_no_more(self):
        _, _, client = self.owner_with_token("demoted", of=("employees.view", "devices.view"))
        client.call("DevicesService.ListDevices")
        self.set_role("demoted", "employees.view")
        client.call("PeopleService.ListEmployees")
        self.assertEqual(self.refused(client, "DevicesService.ListDevices").reason, "PERMISSION_MISSING")

    def test_a_token_changes_nothing_of_its_owners_account(self):
        owner, _, client = self.owner_with_token("guarded")
        for method, fields in (("AccountService.CreateToken", {}), ("AccountService.RevokeSession", {"id": 1}),
                               ("AccountService.UpdateProfile", {"profile": Profile(display_name="x")}),
                               ("AccountService.StartSecondFactor", {"password": self.password("guarded")}),
                               ("SessionService.Logout", {}),
                               ("SessionService.ChangePassword", {"old_password": self.password("guarded"),
                                                                  "new_password": "quite another password"})):
            refused = self.refused(client, method, **fields)
            self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "TOKEN_NOT_ACCEPTED"), method)
        self.assertEqual(client.call("AccountService.GetProfile").username, "guarded")
        self.assertEqual([one.current for one in client.call("AccountService.ListSessions").sessions], [False])

    def test_a_token_of_the_super_administrator_does_nothing_that_is_his_alone(self):
        secret = self.create(self.admin, name="super").secret
        client = self.server.public().with_token(secret)
        for method, fields in (("EnterprisesService.ListEnterprises", {}),
                               ("UsersService.ResetUserPassword", {"id": 1})):
            self.assertEqual(self.refused(client, method, **fields).reason, "TOKEN_NOT_ACCEPTED", method)
        self.assertFalse(client.call("SessionService.GetSession").super_admin)

    # ---- For how long

    def test_an_expired_token_is_refused(self):
        _, token, client = self.owner_with_token("expired")
        self.server.sql("UPDATE api_token SET expires_at = now() WHERE id = %d" % token.id)
        self.assertEqual(self.refused(client, "PeopleService.ListEmployees").reason, "SESSION_EXPIRED")

    def test_a_token_rests_while_its_owner_may_not_sign_in(self):
        _, _, client = self.owner_with_token("resting")
        self.server.sql("UPDATE app_user SET disabled_at = now() WHERE username = 'resting'")
        self.assertEqual(self.refused(client, "PeopleService.ListEmployees").reason, "SESSION_EXPIRED")
        self.server.sql("UPDATE app_user SET disabled_at = NULL, must_change_password = true"
                        " WHERE username = 'resting'")
        for method in ("PeopleService.ListEmployees", "SessionService.GetSession"):
            self.assertEqual(self.refused(client, method).reason, "PASSWORD_CHANGE_REQUIRED")
        self.server.sql("UPDATE app_user SET must_change_password = false WHERE username = 'resting'")
        client.call("PeopleService.ListEmployees")

    def test_a_token_is_over_when_its_enterprise_is_being_deleted(self):
        _, token, client = self.owner_with_token("closing")
        of_it = " FROM api_token t WHERE t.enterprise_id = e.id AND t.id = %d" % token.id
        self.server.sql("UPDATE enterprise e SET deleting_at = now()" + of_it)
        self.addCleanup(self.server.sql, "UPDATE enterprise SET deleting_at = NULL")
        self.assertEqual(self.refused(client, "PeopleService.ListEmployees").reason, "SESSION_EXPIRED")

    def test_an_open_stream_ends_with_its_token(self):
        owner, token, client = self.owner_with_token("watcher", of=("console.view",))
        stream = client.stream("ConsoleService.WatchEvents", timeout=60)
        next(stream)
        owner.call("AccountService.DeleteToken", id=token.id)
        with self.assertRaises(Exception) as raised:
            for _ in stream:
                pass
        self.assertEqual(raised.exception.code().name, "UNAUTHENTICATED")

    # ---- What is said of it

    def last_used(self, token):
        return self.server.sql("SELECT last_used_at, last_used_address FROM api_token WHERE id = %d" % token.id)[0]

    def test_the_last_use_is_noted_once_a_minute(self):
        _, token, client = self.owner_with_token("noted")
        self.assertEqual(self.last_used(token), ["", ""])
        client.call("PeopleService.ListEmployees")
        first = self.last_used(token)
        self.assertTrue(first[0] and first[1] == "127.0.0.1")
        elsewhere = self.server.gateway("203.0.113.4", cookie=False).with_token(client.metadata["authorization"][7:])
        elsewhere.call("PeopleService.ListEmployees")
        self.assertEqual(self.last_used(token), first)
        self.server.sql("UPDATE api_token SET last_used_at = last_used_at - interval '1 min'")
        elsewhere.call("PeopleService.ListEmployees")
        self.assertEqual(self.last_used(token)[1], "203.0.113.4")

    def test_the_audit_log_names_the_token(self):
        _, _, client = self.owner_with_token("ann", of=("employees.edit",))
        employee = MODULES["people"].Employee(number="T-1", name="By a token")
        client.call("PeopleService.CreateEmployee", employee=employee)
        rows = self.audit("create employee", "ann (token gate-import)")
        self.assertEqual([row[:2] for row in rows], [["0", ""]])

    def test_it_works_through_the_gateway(self):
        _, _, client = self.owner_with_token("remote")
        ready, theirs = os.pipe()
        gateway = subprocess.Popen([os.path.join(BIN, "smartpass-gateway"), "--web-listen", "127.0.0.1:0", "--ready-fd",
                                    str(theirs), "--data", self.server.data], pass_fds=[theirs],
                                   stdout=subprocess.DEVNULL)
        self.addCleanup(gateway.wait, 30)
        self.addCleanup(gateway.send_signal, signal.SIGTERM)
        os.close(theirs)
        with os.fdopen(ready) as lines:
            port = int(re.search(r"port=(\d+)", lines.readline()).group(1))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.addCleanup(connection.close)
        headers = {"Authorization": client.metadata["authorization"]}
        answers = []
        for path in ("/v1/employees", "/v1/devices"):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answers.append((answer.status, json.loads(answer.read())))
        self.assertEqual([status for status, _ in answers], [200, 403])
        self.assertIn("employees", answers[0][1])


if __name__ == "__main__":
    unittest.main()
