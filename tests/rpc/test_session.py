"""Signing in and out, as browsers (through a gateway) and SDK clients do it."""

import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from fixture import Refused, Server, wait_until


class SessionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        code, cls.enterprise = cls.server.command("add-user", "--username", "clerk", "--password-stdin",
                                                  password="a clerk's long password")
        assert code == 0, cls.enterprise

    def refused(self, *arguments, client=None, **fields):
        with self.assertRaises(Refused) as raised:
            (client or self.server.public()).call(*arguments, **fields)
        return raised.exception

    def login(self, username="clerk", password="a clerk's long password", client=None):
        return (client or self.server.public()).call("SessionService.Login", username=username, password=password)

    # ---- Who is calling

    def test_without_a_token_nothing_is_answered(self):
        refused = self.refused("OrgService.ListGroups")
        self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", "SESSION_MISSING"))

    def test_a_token_that_we_never_made_is_refused(self):
        for token in ("x", "A" * 43, "", "%s" % ("z" * 5000)):
            refused = self.refused("OrgService.ListGroups", client=self.server.public().with_token(token))
            self.assertEqual(refused.code, "UNAUTHENTICATED")

    def test_a_session_says_who_and_what(self):
        answer = self.login()
        session = self.server.public().with_token(answer.token).call("SessionService.GetSession")
        self.assertEqual(session.username, "clerk")
        self.assertEqual(str(session.enterprise_id), self.enterprise)
        self.assertFalse(session.super_admin or session.must_change_password)
        self.assertIn("employees.edit", session.permissions)
        self.assertEqual(list(session.permissions), sorted(session.permissions))
        self.assertEqual(session, answer.session)

    def test_wrong_password_and_unknown_user_look_the_same(self):
        wrong = self.refused("SessionService.Login", username="clerk", password="wrong")
        unknown = self.refused("SessionService.Login", username="nobody-1", password="wrong")
        self.assertEqual((wrong.code, wrong.reason, wrong.message, wrong.facts),
                         (unknown.code, unknown.reason, unknown.message, unknown.facts))
        self.assertEqual(wrong.reason, "BAD_CREDENTIALS")

    def test_logging_out_ends_the_session(self):
        client = self.server.public().with_token(self.login().token)
        client.call("SessionService.Logout")
        self.assertEqual(self.refused("SessionService.GetSession", client=client).reason, "SESSION_EXPIRED")

    def test_the_database_holds_neither_token_nor_password(self):
        token = self.login().token
        dump = str(self.server.sql("SELECT s::text FROM session s UNION ALL SELECT u::text FROM app_user u"))
        self.assertNotIn(token, dump)
        self.assertNotIn("long password", dump)
        self.assertIn("$argon2id$", dump)

    # ---- Browsers

    def test_a_browser_gets_its_token_beside_the_answer(self):
        browser = self.server.gateway("203.0.113.5")
        answer = self.login(client=browser)
        self.assertEqual(answer.token, "")
        token = browser.trailing["smartpass-session-token"]
        self.assertGreater(int(browser.trailing["smartpass-session-max-age"]), 11 * 3600)
        signed_in = self.server.gateway("203.0.113.5", token=token)
        self.assertEqual(signed_in.call("SessionService.GetSession").username, "clerk")
        signed_in.call("SessionService.Logout")
        self.assertEqual(signed_in.trailing["smartpass-session-max-age"], "0")

    def test_an_address_is_believed_from_the_gateway_alone(self):
        client = self.server.public()
        client.metadata["smartpass-client-address"] = "198.51.100.9"
        self.login(client=client)
        self.login(client=self.server.gateway("198.51.100.7", cookie=False))
        self.login(client=self.server.gateway("::ffff:198.51.100.8", cookie=False))
        addresses = [row[0] for row in self.server.sql("SELECT DISTINCT address FROM session")]
        self.assertIn("198.51.100.7", addresses)
        self.assertIn("198.51.100.8", addresses)
        self.assertNotIn("198.51.100.9", addresses)

    # ---- Lockout

    def test_five_failures_lock_the_account_for_that_address_alone(self):
        self.server.command("add-user", "--username", "victim", "--password-stdin", password="the victim's password")
        attacker = self.server.gateway("203.0.113.66", cookie=False)
        for _ in range(5):
            refused = self.refused("SessionService.Login", client=attacker, username="victim", password="guess")
            self.assertEqual(refused.reason, "BAD_CREDENTIALS")
        locked = self.refused("SessionService.Login", client=attacker, username="victim",
                              password="the victim's password")
        self.assertEqual((locked.code, locked.reason), ("RESOURCE_EXHAUSTED", "LOGIN_LOCKED"))
        self.assertTrue(20 <= int(locked.facts["retry_after_seconds"]) <= 30)
        self.login("victim", "the victim's password", self.server.gateway("203.0.113.67", cookie=False))

    def test_what_strangers_try_locks_nobody_out_of_a_place_he_has_signed_in_from(self):
        self.server.command("add-user", "--username", "besieged", "--password-stdin", password="a besieged password")
        home, cafe = (self.server.gateway(address, cookie=False) for address in ("2001:db8:1:2::3", "203.0.113.80"))
        self.login("besieged", "a besieged password", home)
        self.server.sql("INSERT INTO login_failure VALUES (sha256('besieged'), '', 100, now() + interval '1 hour', now())")
        refused = self.refused("SessionService.Login", client=cafe, username="besieged", password="a besieged password")
        self.assertEqual(refused.reason, "LOGIN_LOCKED")
        self.assertGreater(int(refused.facts["retry_after_seconds"]), 3000)
        neighbour = self.server.gateway("2001:db8:1:2:ffff::1", cookie=False)  # the same network
        self.login("besieged", "a besieged password", neighbour)
        # There his own failures count, there alone.
        for _ in range(5):
            self.refused("SessionService.Login", client=home, username="besieged", password="guess")
        self.assertEqual(self.refused("SessionService.Login", client=home, username="besieged",
                                      password="a besieged password").reason, "LOGIN_LOCKED")
        self.assertEqual(self.server.sql("SELECT failures FROM login_failure WHERE username_sha256 = sha256('besieged')"
                                         " AND address = ''"), [["100"]])
        self.server.sql("UPDATE login_place SET seen_at = now() - interval '31 days'")
        self.server.sql("DELETE FROM login_failure WHERE address <> ''")
        self.assertEqual(self.refused("SessionService.Login", client=home, username="besieged",
                                      password="a besieged password").reason, "LOGIN_LOCKED")

    def test_unknown_users_lock_too(self):
        attacker = self.server.gateway("203.0.113.70", cookie=False)
        reasons = [self.refused("SessionService.Login", client=attacker, username="nobody-2", password="guess").reason
                   for _ in range(6)]
        self.assertEqual(reasons, ["BAD_CREDENTIALS"] * 5 + ["LOGIN_LOCKED"])

    @staticmethod
    def heard(attempt):
        """What came of an attempt once it was not turned away for the crowd."""
        while (answer := attempt()) == "PASSWORD_BUSY":
            time.sleep(0.2)
        return answer

    def login_or_reason(self, client):
        try:
            return self.login(client=client)
        except Refused as refused:
            return refused.reason

    def test_attempts_at_the_same_time_do_not_get_past_the_limit(self):
        attacker = self.server.gateway("203.0.113.71", cookie=False)
        with ThreadPoolExecutor(12) as pool:
            reasons = list(pool.map(lambda _: self.heard(lambda: self.refused(
                "SessionService.Login", client=attacker, username="nobody-3", password="guess").reason), range(12)))
        self.assertEqual((reasons.count("BAD_CREDENTIALS"), reasons.count("LOGIN_LOCKED")), (5, 7))

    def test_right_passwords_at_the_same_time_lock_nobody_out(self):
        browser = self.server.gateway("203.0.113.73", cookie=False)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.heard(lambda: self.login_or_reason(browser)), range(16)))
        self.assertEqual(len({answer.token for answer in answers}), 16)

    def test_a_right_password_forgives_what_was_before(self):
        browser = self.server.gateway("203.0.113.72", cookie=False)
        for _ in range(2):
            for _ in range(4):
                self.refused("SessionService.Login", client=browser, username="clerk", password="guess")
            self.login(client=browser)

    # ---- The own password

    def test_a_new_password_must_be_fit(self):
        client = self.server.public().with_token(self.login().token)
        for new, reason in (("short", "PASSWORD_TOO_SHORT"), ("password1234", "PASSWORD_TOO_COMMON"),
                            ("a clerk's long password", "PASSWORD_UNCHANGED")):
            refused = self.refused("SessionService.ChangePassword", client=client,
                                   old_password="a clerk's long password", new_password=new)
            self.assertEqual((refused.code, refused.fields), ("INVALID_ARGUMENT", {"new_password": reason}))
        refused = self.refused("SessionService.ChangePassword", client=client, old_password="wrong",
                               new_password="quite another password")
        self.assertEqual(refused.fields, {"old_password": "PASSWORD_WRONG"})

    def test_a_new_password_ends_all_other_sessions(self):
        self.server.command("add-user", "--username", "changer", "--password-stdin", password="the first password")
        other = self.server.public().with_token(self.login("changer", "the first password").token)
        browser = self.server.gateway("203.0.113.80")
        self.login("changer", "the first password", browser)
        before = browser.trailing["smartpass-session-token"]
        signed_in = self.server.gateway("203.0.113.80", token=before)
        signed_in.call("SessionService.ChangePassword", old_password="the first password",
                       new_password="the second password")
        after = signed_in.trailing["smartpass-session-token"]
        self.assertNotEqual(before, after)
        for client in (other, signed_in):
            self.assertEqual(self.refused("SessionService.GetSession", client=client).reason, "SESSION_EXPIRED")
        self.assertEqual(self.server.gateway("203.0.113.80", token=after).call("SessionService.GetSession").username,
                         "changer")
        self.assertEqual(self.refused("SessionService.Login", username="changer", password="the first password").reason,
                         "BAD_CREDENTIALS")

    # ---- Audit

    def audit(self, action, operator):
        return self.server.sql("SELECT code, reason, object, address FROM audit_row WHERE action = '%s'"
                               " AND operator = '%s' ORDER BY id" % (action, operator))

    def test_signing_in_is_audited_whatever_comes_of_it(self):
        self.server.command("add-user", "--username", "audited", "--password-stdin", password="the audited password")
        self.refused("SessionService.Login", username="audited", password="guess")
        client = self.server.public().with_token(self.login("audited", "the audited password").token)
        client.call("SessionService.Logout")
        rows = wait_until(lambda: self.audit("sign out", "audited") and self.audit("sign in", "audited"))
        self.assertEqual(rows, [["16", "BAD_CREDENTIALS", "user audited", "127.0.0.1"],
                                ["0", "", "user audited", "127.0.0.1"]])

    def test_a_failure_is_logged_once(self):
        marker = "nobody-%d" % time.time_ns()
        client = self.server.public()
        self.refused("SessionService.Login", client=client, username=marker, password="guess")
        line = wait_until(lambda: [line for line in self.server.log().splitlines() if "BAD_CREDENTIALS" in line])
        self.assertTrue(all("guess" not in one for one in line))


class FirstLoginTest(unittest.TestCase):
    def test_the_manuals_password_is_good_for_changing_it_and_from_here_alone(self):
        server = Server()
        self.addCleanup(server.close)
        server.start()
        far = server.gateway("203.0.113.5", cookie=False)
        with self.assertRaises(Refused) as raised:
            far.call("SessionService.Login", username="admin", password="123456")
        self.assertEqual((raised.exception.code, raised.exception.reason),
                         ("PERMISSION_DENIED", "FIRST_LOGIN_LOOPBACK_ONLY"))

        near = server.gateway("127.0.0.1", cookie=False)
        answer = near.call("SessionService.Login", username="admin", password="123456")
        self.assertTrue(answer.session.must_change_password and answer.session.super_admin)
        signed_in = near.with_token(answer.token)
        for method in ("OrgService.ListGroups", "PeopleService.ListEmployees", "ConsoleService.GetSummary",
                       "DevicesService.ListDevices", "PassService.ListPasses"):
            with self.assertRaises(Refused) as raised:
                signed_in.call(method)
            self.assertEqual((raised.exception.code, raised.exception.reason),
                             ("PERMISSION_DENIED", "PASSWORD_CHANGE_REQUIRED"), method)
        self.assertTrue(signed_in.call("SessionService.GetSession").must_change_password)

        # A token that left the machine is no good elsewhere either.
        with self.assertRaises(Refused) as raised:
            far.with_token(answer.token).call("SessionService.GetSession")
        self.assertEqual(raised.exception.reason, "FIRST_LOGIN_LOOPBACK_ONLY")

        changed = signed_in.call("SessionService.ChangePassword", old_password="123456", new_password=Server.PASSWORD)
        self.assertFalse(changed.session.must_change_password)
        signed_in.call("OrgService.ListGroups")
        far.call("SessionService.Login", username="admin", password=Server.PASSWORD)

    def test_a_random_first_password_is_printed_once(self):
        server = Server("--session-default-password", "random")
        self.addCleanup(server.close)
        server.start()
        line = [line for line in server.log().splitlines() if line.startswith("First login: admin / ")][0]
        password = line.split(" / ")[1].split()[0]
        far = server.gateway("203.0.113.5", cookie=False)
        answer = far.call("SessionService.Login", username="admin", password=password)
        self.assertTrue(answer.session.must_change_password)
        with self.assertRaises(Refused):
            server.public().call("SessionService.Login", username="admin", password="123456")


class ExpiryTest(unittest.TestCase):
    def test_idle_and_old_sessions_are_over(self):
        server = Server()
        self.addCleanup(server.close)
        server.start()
        admin = server.admin()
        token = admin.metadata["authorization"]

        def later(minutes):
            server.stop()
            server.environment = {"SMARTPASS_CLOCK_SHIFT_MS": str(minutes * 60000)}
            server.start()
            return server.gateway(token=token.split()[1])  # no TLS there, whose certificates live by the real clock

        later(29).call("SessionService.GetSession")  # counts as activity
        later(29 + 29).call("SessionService.GetSession")
        with self.assertRaises(Refused) as raised:
            later(29 + 29 + 30).call("SessionService.GetSession")
        self.assertEqual(raised.exception.reason, "SESSION_EXPIRED")

        again = server.gateway(cookie=False).call("SessionService.Login", username="admin", password=Server.PASSWORD)
        token = "Bearer " + again.token
        start = 29 + 29 + 30
        server.sql("UPDATE session SET last_seen_at = expires_at")  # somebody was there all the time
        with self.assertRaises(Refused) as raised:
            later(start + 12 * 60 + 1).call("SessionService.GetSession")
        self.assertEqual(raised.exception.reason, "SESSION_EXPIRED")


if __name__ == "__main__":
    unittest.main()
