"""A second factor: setting it up, signing in with it, losing it. Codes are computed here, by RFC 6238."""

import base64
import hashlib
import hmac
import struct
import time
import unittest
import urllib.parse

from account_case import AccountCase
from fixture import MODULES, wait_until


def code_at(secret, seconds):
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">q", int(seconds) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


def code(secret, steps=0):
    return code_at(secret, time.time() + 30 * steps)


def wrong_code(secret):
    """One that is not good now, nor a minute before or after."""
    right = {code(secret, steps) for steps in range(-3, 4)}
    return next("%06d" % n for n in range(10) if "%06d" % n not in right)


class SecondFactorTest(AccountCase):
    def start(self, client, username):
        return client.call("AccountService.StartSecondFactor", password=self.password(username))

    def forget_steps(self):
        """Codes that were taken become good again, so that nobody waits for the next ones."""
        self.server.sql("UPDATE app_user SET totp_last_step = 0")

    def protected(self, username):
        """A new user with a second factor: his client, the secret, the recovery codes."""
        self.add_user(username)
        client = self.login(username)
        secret = self.start(client, username).secret
        answer = client.call("AccountService.FinishSecondFactor", code=code(secret))
        self.forget_steps()
        return client, secret, list(answer.recovery_codes)

    def refused_login(self, username, client=None, **fields):
        return self.refused(client or self.server.public(), "SessionService.Login", username=username,
                            **{"password": self.password(username), **fields})

    # ---- Setting it up

    def test_it_is_set_up_with_a_password_and_a_first_code(self):
        self.add_user("starter")
        client = self.login("starter")
        answer = self.start(client, "starter")
        self.assertEqual(len(base64.b32decode(answer.secret)), 20)
        uri = urllib.parse.urlsplit(answer.uri)
        self.assertEqual((uri.scheme, uri.netloc, urllib.parse.unquote(uri.path)),
                         ("otpauth", "totp", "/Smart Pass:starter"))
        self.assertEqual(dict(urllib.parse.parse_qsl(uri.query)),
                         {"secret": answer.secret, "issuer": "Smart Pass", "algorithm": "SHA1", "digits": "6",
                          "period": "30"})
        self.login("starter")  # nothing is asked for yet
        finished = client.call("AccountService.FinishSecondFactor", code=code(answer.secret))
        self.assertEqual(len(set(finished.recovery_codes)), 10)
        for one in finished.recovery_codes:
            self.assertRegex(one, r"^[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}$")
        profile = client.call("AccountService.GetProfile")
        self.assertEqual((profile.second_factor, profile.recovery_codes), (True, 10))

    def test_a_wrong_password_or_first_code_sets_nothing_up(self):
        self.add_user("fumbler")
        client = self.login("fumbler")
        refused = self.refused(client, "AccountService.FinishSecondFactor", code="123456")
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "SECOND_FACTOR_NOT_STARTED"))
        refused = self.refused(client, "AccountService.StartSecondFactor", password="wrong")
        self.assertEqual(refused.fields, {"password": "PASSWORD_WRONG"})
        secret = self.start(client, "fumbler").secret
        refused = self.refused(client, "AccountService.FinishSecondFactor", code=wrong_code(secret))
        self.assertEqual(refused.fields, {"code": "CODE_WRONG"})
        self.assertFalse(client.call("AccountService.GetProfile").second_factor)
        newer = self.start(client, "fumbler").secret
        refused = self.refused(client, "AccountService.FinishSecondFactor", code=code(secret))
        self.assertEqual(refused.fields, {"code": "CODE_WRONG"})
        client.call("AccountService.FinishSecondFactor", code=code(newer))

    def test_one_that_counts_is_not_replaced_by_starting_anew(self):
        client, secret, _ = self.protected("settled")
        refused = self.refused(client, "AccountService.StartSecondFactor", password=self.password("settled"))
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "SECOND_FACTOR_EXISTS"))
        refused = self.refused(client, "AccountService.FinishSecondFactor", code=code(secret))
        self.assertEqual(refused.reason, "SECOND_FACTOR_NOT_STARTED")
        self.login("settled", code=code(secret))

    def test_the_database_holds_neither_secret_nor_codes(self):
        _, secret, codes = self.protected("hidden")
        dump = str(self.server.sql("SELECT u::text FROM app_user u UNION ALL SELECT c::text FROM recovery_code c"
                                   " UNION ALL SELECT p::text FROM audit_payload p"))
        self.assertNotIn(base64.b32decode(secret).hex(), dump)
        self.assertNotIn(secret, dump)
        self.assertNotIn(hashlib.sha256(codes[0].replace("-", "").upper().encode()).hexdigest(), dump)

    def test_a_secret_of_another_row_opens_nothing(self):
        _, secret, _ = self.protected("copied")
        self.add_user("copier")
        self.server.sql("UPDATE app_user SET (totp_sealed, totp_confirmed_at) = (SELECT totp_sealed, totp_confirmed_at"
                        " FROM app_user WHERE username = 'copied') WHERE username = 'copier'")
        refused = self.refused_login("copier", code=code(secret))
        self.assertEqual((refused.code, refused.reason), ("DATA_LOSS", "SEAL_BROKEN"))

    # ---- Signing in

    def test_signing_in_asks_for_a_code_when_the_password_fits(self):
        _, secret, _ = self.protected("asked")
        refused = self.refused_login("asked")
        self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", "SECOND_FACTOR_REQUIRED"))
        for fields in ({"password": "wrong"}, {"password": "wrong", "code": code(secret)}):
            refused = self.refused_login("asked", **fields)
            self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", "BAD_CREDENTIALS"))
        self.assertEqual(self.login("asked", code=code(secret)).call("SessionService.GetSession").username, "asked")

    def test_a_clock_may_differ_by_one_step(self):
        _, secret, _ = self.protected("drifting")
        wait_until(lambda: 2 < time.time() % 30 < 22, 15)  # well inside a step
        for steps in (-1, 0, 1):
            self.login("drifting", code=code(secret, steps))
            self.forget_steps()
        for steps in (-2, 2):
            self.assertEqual(self.refused_login("drifting", code=code(secret, steps)).reason, "SECOND_FACTOR_WRONG")

    def test_a_code_is_good_once(self):
        _, secret, _ = self.protected("once")
        used = code(secret)
        self.login("once", code=used)
        self.assertEqual(self.refused_login("once", code=used).reason, "SECOND_FACTOR_WRONG")

    def test_a_code_that_comes_twice_at_once_is_taken_once(self):
        from concurrent.futures import ThreadPoolExecutor
        _, secret, _ = self.protected("twice")
        used = code(secret)

        def attempt(i):
            try:
                self.login("twice", self.server.gateway("203.0.113.%d" % (100 + i), cookie=False), code=used)
                return "in"
            except Exception as refused:
                return refused.reason
        with ThreadPoolExecutor(4) as pool:
            self.assertEqual(sorted(pool.map(attempt, range(4))), ["SECOND_FACTOR_WRONG"] * 3 + ["in"])

    def test_wrong_codes_lock_like_wrong_passwords(self):
        _, secret, _ = self.protected("guessed")
        attacker = self.server.gateway("203.0.113.20", cookie=False)
        for _ in range(4):
            self.assertEqual(self.refused_login("guessed", attacker, code=wrong_code(secret)).reason,
                             "SECOND_FACTOR_WRONG")
            self.assertEqual(self.refused_login("guessed", attacker).reason, "SECOND_FACTOR_REQUIRED")
        self.refused_login("guessed", attacker, code="no code at all")
        refused = self.refused_login("guessed", attacker, code=code(secret))
        self.assertEqual((refused.code, refused.reason), ("RESOURCE_EXHAUSTED", "LOGIN_LOCKED"))
        self.login("guessed", code=code(secret))

    def test_an_account_without_one_ignores_a_code(self):
        self.add_user("plain")
        self.login("plain", code="123456")

    def test_a_signed_in_user_changes_his_password_without_a_code(self):
        client, _, _ = self.protected("changing")
        client.call("SessionService.ChangePassword", old_password=self.password("changing"),
                    new_password="quite another password")

    # ---- Losing it

    def test_each_recovery_code_is_good_for_one_sign_in(self):
        client, _, codes = self.protected("forgetful")
        self.login("forgetful", code=codes[0])
        self.assertEqual(self.refused_login("forgetful", code=codes[0]).reason, "SECOND_FACTOR_WRONG")
        self.login("forgetful", code=codes[1].upper().replace("-", " "))
        self.login("forgetful", code=codes[2].replace("-", ""))
        self.assertEqual(client.call("AccountService.GetProfile").recovery_codes, 7)

    def test_a_recovery_code_of_another_is_none(self):
        _, _, codes = self.protected("giver")
        self.protected("taker")
        self.assertEqual(self.refused_login("taker", code=codes[0]).reason, "SECOND_FACTOR_WRONG")

    def test_it_is_removed_with_the_password(self):
        client, _, codes = self.protected("remover")
        refused = self.refused(client, "AccountService.RemoveSecondFactor", password="wrong")
        self.assertEqual(refused.fields, {"password": "PASSWORD_WRONG"})
        client.call("AccountService.RemoveSecondFactor", password=self.password("remover"))
        self.login("remover")
        self.login("remover", code=codes[0])  # it is looked at no more
        profile = client.call("AccountService.GetProfile")
        self.assertEqual((profile.second_factor, profile.recovery_codes), (False, 0))
        secret = self.start(client, "remover").secret
        client.call("AccountService.FinishSecondFactor", code=code(secret))

    # ---- Others who ask for a password

    def test_a_terminal_is_not_enrolled_by_an_account_with_a_second_factor(self):
        self.protected("installer")
        link = MODULES["link"]
        stub = self.server.public().channel.unary_unary("/smartpass.link.v1.LinkService/Enrol",
                                                        link.EnrolRequest.SerializeToString,
                                                        link.EnrolResponse.FromString)
        with self.assertRaises(Exception) as raised:
            stub(link.EnrolRequest(username="installer", password=self.password("installer"), serial_number="T-1",
                                   certificate_request="-"), timeout=60)
        self.assertEqual(raised.exception.code().name, "UNAUTHENTICATED")
        self.assertIn("second factor", raised.exception.details())

    def test_what_was_done_is_audited(self):
        client, secret, _ = self.protected("audited")
        self.refused_login("audited", code=wrong_code(secret))
        client.call("AccountService.RemoveSecondFactor", password=self.password("audited"))
        for action in ("start second factor", "set second factor", "remove second factor"):
            self.assertEqual(self.audit(action, "audited"), [["0", "", "user audited"]])
        self.assertIn(["16", "SECOND_FACTOR_WRONG", "user audited"], self.audit("sign in", "audited"))


if __name__ == "__main__":
    unittest.main()
