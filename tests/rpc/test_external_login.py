"""Signing in at an identity provider: a real one as a browser walks through it, and one that lies."""

import os
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from fixture import MODULES, Refused, Server
from identity_providers import PACKAGE, REDIRECT, Browser, Hostile, Process, order, parameters

session = MODULES["session"]


class ExternalLoginTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.real = Process("oidc_provider.mjs", PACKAGE, REDIRECT)
        cls.addClassCleanup(cls.real.close)
        cls.hostile = Hostile()
        cls.addClassCleanup(cls.hostile.close)
        code, cls.second = cls.server.command("add-enterprise", "--name", "Second")
        assert code == 0, cls.second
        cls.second = int(cls.second.split()[-1])
        cls.own = cls.admin.call("SessionService.GetSession")
        cls.root = cls.group_of(cls.own.enterprise_id)
        cls.role = 7000001
        cls.server.sql("INSERT INTO role (enterprise_id, id, name, permissions, created_at) VALUES (%d, %d, 'Front desk',"
                       " ARRAY['employees.view'], now())" % (cls.own.enterprise_id, cls.role))
        cls.branch = 7000002
        cls.server.sql("INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (%d, %d, %d, 'Branch')"
                       % (cls.own.enterprise_id, cls.branch, cls.root))

    @classmethod
    def group_of(cls, enterprise):
        return int(cls.server.sql("SELECT id FROM org_group WHERE enterprise_id = %d AND parent_id IS NULL"
                                  % enterprise)[0][0])

    def setUp(self):
        self.server.sql("DELETE FROM app_user WHERE external_issuer IS NOT NULL; DELETE FROM external_login")

    # ---- What every test needs

    def configure(self, facts, mappings=None, **more):
        mappings = mappings if mappings is not None else [dict(value="managers", group_administrator=True),
                                                          dict(value="staff", role_id=self.role, group_id=self.branch)]
        provider = session.IdentityProvider(**{**dict(
            enabled=True, name="Contoso", issuer=facts["issuer"], client_id=facts["client_id"],
            client_secret=facts["client_secret"],
            mappings=[session.IdentityMapping(**{**dict(enterprise_id=self.own.enterprise_id, group_id=self.root),
                                                 **mapping}) for mapping in mappings]), **more})
        return self.admin.call("SessionService.UpdateIdentityProvider", provider=provider)

    def configure_hostile(self, **more):
        return self.configure(dict(issuer=self.hostile.issuer, client_id="console", client_secret="s"), **more)

    def start(self, client=None):
        return (client or self.server.public()).call("SessionService.StartExternalLogin", redirect_uri=REDIRECT)

    def finish(self, client=None, **fields):
        return (client or self.server.public()).call("SessionService.FinishExternalLogin", **fields)

    def walk(self, name, client=None):
        begun = self.start(client)
        back = Browser().sign_in(begun.authorization_uri, name)
        return self.finish(client, state=back["state"], code=back["code"], binding=begun.binding)

    def refused(self, call, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            call(*arguments, **fields)
        return raised.exception

    def lie(self, **wanted):
        """A sign-in at the hostile provider."""
        begun = self.start()
        asked = parameters(begun.authorization_uri)
        return self.finish(state=asked["state"], binding=begun.binding, code=order(asked["nonce"], **wanted))

    def assert_lie_is_refused(self, reason="ID_TOKEN_REFUSED", **wanted):
        refused = self.refused(self.lie, **wanted)
        self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", reason), wanted)
        self.assertEqual(self.server.sql("SELECT count(*) FROM app_user WHERE external_issuer IS NOT NULL"), [["0"]])

    def account(self, name):
        return self.server.sql("SELECT u.username, u.display_name, u.enterprise_id, u.group_id, u.group_administrator,"
                               " coalesce(u.role_id, 0), u.password_phc FROM app_user u"
                               " WHERE external_subject = '%s'" % name)

    # ---- The real provider

    def test_the_first_sign_in_makes_the_account_and_the_next_one_finds_it(self):
        for variant in ("rs", "es", "ed"):
            with self.subTest(variant):
                self.setUp()
                self.configure(self.real.facts[variant])
                first = self.walk("kim+staff")
                self.assertEqual(first.session.username, "kim")
                self.assertEqual(first.session.display_name, "Kim Example")
                self.assertEqual(first.session.group_name, "Branch")
                self.assertEqual(list(first.session.permissions), ["employees.view"])
                self.assertFalse(first.session.must_change_password)
                again = self.walk("kim+staff")
                self.assertEqual(again.session.user_id, first.session.user_id)
                self.assertEqual(self.server.public().with_token(again.token).call(
                    "SessionService.GetSession").username, "kim")
                self.assertEqual(self.account("sub-kim"), [["kim", "Kim Example", str(self.own.enterprise_id),
                                                            str(self.branch), "f", str(self.role), ""]])

    def test_the_page_learns_of_the_provider(self):
        self.configure(self.real.facts["rs"])
        options = self.server.public().call("SessionService.GetSignInOptions")
        self.assertEqual(options.external_name, "Contoso")
        self.configure(self.real.facts["rs"], enabled=False)
        self.assertEqual(self.server.public().call("SessionService.GetSignInOptions").external_name, "")
        self.assertEqual(self.refused(self.start).reason, "EXTERNAL_LOGIN_OFF")

    def test_a_browser_gets_its_token_as_a_cookie(self):
        self.configure(self.real.facts["rs"])
        browser = self.server.gateway()
        answer = self.walk("kim+staff", browser)
        self.assertEqual(answer.token, "")
        token = browser.trailing["smartpass-session-token"]
        self.assertEqual(self.server.public().with_token(token).call("SessionService.GetSession").username, "kim")

    def test_rights_follow_the_mapping_at_the_next_sign_in(self):
        self.configure(self.real.facts["rs"])
        first = self.walk("kim+staff")
        promoted = self.walk("kim+staff+managers")
        self.assertEqual(promoted.session.user_id, first.session.user_id)
        self.assertTrue(promoted.session.group_administrator)
        self.assertIn("users.edit", promoted.session.permissions)
        back = self.walk("kim+staff")
        self.assertFalse(back.session.group_administrator)
        self.assertEqual(list(back.session.permissions), ["employees.view"])

    def test_whoever_moves_to_another_enterprise_leaves_everything_behind(self):
        self.configure(self.real.facts["rs"])
        first = self.walk("kim+staff")
        there = self.group_of(self.second)
        self.configure(self.real.facts["rs"], [dict(value="staff", group_administrator=True, enterprise_id=self.second,
                                                    group_id=there)])
        moved = self.walk("kim+staff")
        self.assertEqual((moved.session.enterprise_id, moved.session.username), (self.second, "kim"))
        refused = self.refused(self.server.public().with_token(first.token).call, "SessionService.GetSession")
        self.assertEqual(refused.reason, "SESSION_EXPIRED")

    def test_nobody_gets_in_whom_no_mapping_fits(self):
        self.configure(self.real.facts["rs"])
        refused = self.refused(self.walk, "kim+visitors")
        self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "NOT_MAPPED"))
        self.assertEqual(self.account("sub-kim"), [])
        self.configure(self.real.facts["rs"], [dict(value="*", role_id=self.role)])
        self.assertEqual(self.walk("kim+visitors").session.username, "kim")

    def test_a_mapping_whose_group_is_gone_lets_nobody_in(self):
        gone = 7000003
        self.server.sql("INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (%d, %d, %d, 'Gone')"
                        % (self.own.enterprise_id, gone, self.root))
        self.configure(self.real.facts["rs"], [dict(value="staff", group_id=gone, role_id=self.role),
                                               dict(value="*", group_administrator=True)])
        self.server.sql("UPDATE org_group SET deleted_at = now() WHERE id = %d" % gone)
        self.assertEqual(self.refused(self.walk, "kim+staff").reason, "NOT_MAPPED")

    def test_a_disabled_account_stays_out(self):
        self.configure(self.real.facts["rs"])
        self.walk("kim+staff")
        self.server.sql("UPDATE app_user SET disabled_at = now() WHERE external_subject = 'sub-kim'")
        refused = self.refused(self.walk, "kim+staff")
        self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "ACCOUNT_DISABLED"))

    def test_a_local_account_is_never_taken_over_by_its_name(self):
        self.configure(self.real.facts["rs"])
        taken = self.walk("admin+staff")
        self.assertEqual(taken.session.username, "admin-2")
        self.assertFalse(taken.session.super_admin)
        self.assertEqual(self.admin.call("SessionService.GetSession").user_id, self.own.user_id)

    def test_an_account_of_the_provider_has_no_password_here(self):
        self.configure(self.real.facts["rs"])
        token = self.walk("kim+staff").token
        for password in ("", "x", "a long enough password"):
            refused = self.refused(self.server.public().call, "SessionService.Login", username="kim",
                                   password=password or " ")
            self.assertEqual(refused.reason, "BAD_CREDENTIALS")
        refused = self.refused(self.server.public().with_token(token).call, "SessionService.ChangePassword",
                               old_password="x", new_password="a long enough password")
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "PASSWORD_ELSEWHERE"))

    # ---- State, nonce, browser

    def test_each_sign_in_is_good_once_and_in_its_own_browser(self):
        self.configure(self.real.facts["rs"])
        begun, other = self.start(), self.start()
        back = Browser().sign_in(begun.authorization_uri, "kim+staff")
        fields = dict(state=back["state"], code=back["code"])
        self.assertEqual(self.refused(self.finish, **fields, binding=other.binding).reason, "EXTERNAL_LOGIN_UNKNOWN")
        # It is used up now, even for the right browser.
        self.assertEqual(self.refused(self.finish, **fields, binding=begun.binding).reason, "EXTERNAL_LOGIN_UNKNOWN")
        begun = self.start()
        back = Browser().sign_in(begun.authorization_uri, "kim+staff")
        fields = dict(state=back["state"], code=back["code"], binding=begun.binding)
        self.finish(**fields)
        self.assertEqual(self.refused(self.finish, **fields).reason, "EXTERNAL_LOGIN_UNKNOWN")

    def test_a_code_of_another_sign_in_is_refused(self):
        self.configure(self.real.facts["rs"])
        mine, theirs = self.start(), self.start()
        back = Browser().sign_in(theirs.authorization_uri, "kim+staff")
        refused = self.refused(self.finish, state=parameters(mine.authorization_uri)["state"], code=back["code"],
                               binding=mine.binding)
        self.assertEqual(refused.reason, "EXTERNAL_CODE_REFUSED")  # its verifier does not fit

    def test_a_sign_in_that_takes_too_long_is_over(self):
        self.configure(self.real.facts["rs"])
        begun = self.start()
        back = Browser().sign_in(begun.authorization_uri, "kim+staff")
        self.server.sql("UPDATE external_login SET expires_at = now() - interval '1 second'")
        self.assertEqual(self.refused(self.finish, state=back["state"], code=back["code"],
                                      binding=begun.binding).reason, "EXTERNAL_LOGIN_UNKNOWN")

    def test_only_hashes_of_what_the_browser_keeps_are_stored(self):
        self.configure(self.real.facts["rs"])
        begun = self.start()
        state = parameters(begun.authorization_uri)["state"]
        row = " ".join(self.server.sql("SELECT * FROM external_login")[0])
        self.assertNotIn(state, row)
        self.assertNotIn(begun.binding, row)
        self.assertEqual(parameters(begun.authorization_uri)["code_challenge_method"], "S256")

    def test_one_address_cannot_fill_the_table(self):
        self.configure(self.real.facts["rs"])
        client = self.server.gateway("203.0.113.9")
        for _ in range(100):
            self.start(client)
        self.assertEqual(self.refused(self.start, client).reason, "TOO_MANY_SIGN_INS")
        self.start(self.server.gateway("203.0.113.10"))
        self.server.sql("UPDATE external_login SET expires_at = now() - interval '1 second'")
        self.start(client)

    def test_the_browser_is_sent_back_to_the_sign_in_page_alone(self):
        self.configure(self.real.facts["rs"])
        for uri in ("https://console.example/elsewhere", "http://console.example/sign-in/external", "javascript:alert(1)",
                    "https://a@console.example/sign-in/external", "https://console.example/sign-in/external?x=1",
                    "https://console.example/sign-in/external#x", "//console.example/sign-in/external", "x"):
            refused = self.refused(self.server.public().call, "SessionService.StartExternalLogin", redirect_uri=uri)
            self.assertEqual(refused.fields, {"redirect_uri": "VALUE_INVALID"}, uri)
        for uri in ("https://console.example/sign-in/external", "http://127.0.0.1:9000/sign-in/external",
                    "http://localhost:9000/sign-in/external", "http://[::1]:9000/sign-in/external"):
            self.server.public().call("SessionService.StartExternalLogin", redirect_uri=uri)

    # ---- A provider that lies

    def test_an_honest_token_of_each_algorithm_is_taken(self):
        self.configure_hostile()
        for key in ("rsa", "ec", "ed"):
            with self.subTest(key):
                drop = ["at_hash"] if key == "ed" else []
                self.assertEqual(self.lie(key=key, drop=drop, claims=dict(sub="s-" + key)).session.display_name, "")

    def test_a_signature_that_proves_nothing_is_refused(self):
        self.configure_hostile()
        self.assert_lie_is_refused(key="none")
        self.assert_lie_is_refused(key="none", header=dict(alg="None"))
        self.assert_lie_is_refused(key="public")
        self.assert_lie_is_refused(key="public", header=dict(alg="RS256"))
        self.assert_lie_is_refused(key="stranger")
        self.assert_lie_is_refused(key="small")
        self.assert_lie_is_refused(key="rsa", header=dict(kid="exponent-1"))
        self.assert_lie_is_refused(key="rsa", header=dict(kid="ec-1"))
        self.assert_lie_is_refused(key="rsa", header=dict(alg="ES256", kid="ec-1"))
        self.assert_lie_is_refused(key="ec", header=dict(alg="RS256"))
        self.assert_lie_is_refused(key="rsa", header=dict(crit=["b64"], b64=False))
        self.assert_lie_is_refused(key="rsa", payload=["no", "object"])

    def test_a_token_that_is_not_for_us_or_not_for_now_is_refused(self):
        self.configure_hostile()
        now = int(self.server.sql("SELECT extract(epoch FROM now())::bigint")[0][0])
        for claims in (dict(iss="https://other.example"), dict(iss=self.hostile.issuer + "/"), dict(aud="somebody"),
                       dict(aud=["console", "somebody"]), dict(aud=["console"], azp="somebody"), dict(aud=7),
                       dict(exp=now - 61), dict(exp="soon"), dict(exp=1e300), dict(iat=now + 120), dict(nbf=now + 120),
                       dict(nonce="another"), dict(sub=""), dict(sub="x" * 256), dict(sub=7), dict(sub="a\0b"),
                       dict(at_hash="AAAA")):
            self.assert_lie_is_refused(claims=claims)
        for name in ("iss", "aud", "exp", "iat", "nonce", "sub"):
            self.assert_lie_is_refused(drop=[name])
        self.assertTrue(self.lie(claims=dict(aud=["console", "other"], azp="console", exp=now - 30)).session.username)

    def test_userinfo_counts_for_the_proved_subject_alone(self):
        self.configure_hostile()
        bare = dict(drop=["groups", "at_hash"])
        self.assert_lie_is_refused(**bare, userinfo=dict(sub="victim", groups=["managers"]))
        self.assert_lie_is_refused(**bare, userinfo=dict(groups=["managers"]))
        answer = self.lie(**bare, userinfo=dict(sub="mallory", groups="staff"))
        self.assertEqual(list(answer.session.permissions), ["employees.view"])

    def test_an_answer_that_is_none_is_refused(self):
        self.configure_hostile()
        self.assert_lie_is_refused("EXTERNAL_CODE_REFUSED", status=400, body='{"error":"invalid_grant"}')
        for body in ("", "[]", "{", '{"id_token":7}', '{"id_token":"a.b"}', '{"id_token":"a.b.c","id_token":"d.e.f"}',
                     '{"id_token":"a.b.c","access_token":"x\\r\\nX-Evil: 1"}'):
            refused = self.refused(self.lie, status=200, body=body)
            self.assertIn(refused.reason, ("PROVIDER_MALFORMED", "PROVIDER_UNREACHABLE", "ID_TOKEN_REFUSED"), body[:80])
        self.assertEqual(self.refused(self.lie, status=500, body="{}").reason, "PROVIDER_MALFORMED")
        self.assertEqual(self.refused(self.lie, huge=2 << 20).reason, "PROVIDER_UNREACHABLE")

    def test_unknown_keys_are_asked_for_once_a_minute(self):
        self.configure_hostile()
        self.refused(self.lie, key="stranger")
        before = self.hostile.get("/counts")["/keys"]
        for _ in range(5):
            self.assert_lie_is_refused(header=dict(kid="never seen"))
        self.assertEqual(self.hostile.get("/counts")["/keys"], before)

    def test_names_from_the_provider_are_made_fit(self):
        self.configure_hostile()
        for name, made in (("Kim Lee", "KimLee"), ("  ", "kim@example.org"), ("a\u202eb\u200bc", "abc"),
                           ("ü" * 40, "ü" * 32), ("李雷", "李雷")):
            with self.subTest(name):
                self.setUp()
                answer = self.lie(claims=dict(preferred_username=name, email="kim@example.org", name="K\nL"))
                self.assertEqual((answer.session.username, answer.session.display_name), (made, ""))

    def test_two_with_one_name_who_come_at_once_get_an_account_each(self):
        self.configure_hostile()
        def come(subject):
            while True:
                try:
                    return self.lie(claims=dict(sub=subject, preferred_username="twin")).session.username
                except Refused as refused:
                    self.assertEqual(refused.reason, "PROVIDER_BUSY")
                    time.sleep(0.1)
        with ThreadPoolExecutor(6) as pool:
            names = list(pool.map(come, ["twin-%d" % number for number in range(6)]))
        self.assertEqual(sorted(names), ["twin"] + ["twin-%d" % number for number in range(2, 7)])

    # ---- The settings

    def test_the_issuer_is_asked_before_anything_is_stored(self):
        self.configure(self.real.facts["rs"])
        facts = dict(client_id="c", client_secret="s")
        for issuer, reason in ((self.hostile.issuer + "/other", "ISSUER_MISMATCH"),
                               (self.hostile.issuer + "/", "ISSUER_MISMATCH"),
                               (self.hostile.issuer + "/plain", "PROVIDER_MALFORMED"),
                               (self.hostile.issuer + "/moved", "PROVIDER_MALFORMED"),
                               (self.hostile.issuer + "/huge", "PROVIDER_UNREACHABLE"),
                               (self.hostile.issuer + "/none", "PROVIDER_MALFORMED"),
                               ("http://127.0.0.1:1", "PROVIDER_UNREACHABLE"),
                               ("http://idp.example", "URL_INVALID"), ("file:///etc/passwd", "URL_INVALID"),
                               ("https://a:b@idp.example", "URL_INVALID"), ("https://", "URL_INVALID")):
            refused = self.refused(self.configure, dict(facts, issuer=issuer))
            self.assertEqual(refused.fields, {"provider.issuer": reason}, issuer)
        self.assertEqual(self.admin.call("SessionService.GetIdentityProvider").issuer, self.real.facts["rs"]["issuer"])

    def test_mappings_name_what_there_is(self):
        for mapping, fields in ((dict(enterprise_id=1), {"provider.mappings[0].enterprise_id": "ENTERPRISE_UNKNOWN"}),
                                (dict(group_id=1), {"provider.mappings[0].group_id": "GROUP_UNKNOWN",
                                                    "provider.mappings[0].role_id": "ROLE_UNKNOWN"}),
                                (dict(role_id=1), {"provider.mappings[0].role_id": "ROLE_UNKNOWN"}),
                                (dict(role_id=self.role, enterprise_id=self.second),
                                 {"provider.mappings[0].group_id": "GROUP_UNKNOWN",
                                  "provider.mappings[0].role_id": "ROLE_UNKNOWN"}),
                                (dict(role_id=self.role, group_administrator=True),
                                 {"provider.mappings[0].role_id": "VALUE_INVALID"}),
                                (dict(role_id=self.role, value=" "), {"provider.mappings[0].value": "FIELD_REQUIRED"})):
            refused = self.refused(self.configure, self.real.facts["rs"], [{"value": "x", **mapping}])
            self.assertEqual(refused.fields, fields, mapping)
        self.assertEqual(self.refused(self.configure, self.real.facts["rs"], scopes="profile openidx").fields,
                         {"provider.scopes": "VALUE_INVALID"})

    def test_the_secret_is_sealed_kept_and_shown_to_nobody(self):
        secret = self.real.facts["rs"]["client_secret"]
        stored = self.configure(self.real.facts["rs"])
        self.assertEqual((stored.client_secret, stored.has_client_secret), ("", True))
        kept = self.configure(dict(self.real.facts["rs"], client_secret=""))
        self.assertTrue(kept.has_client_secret)
        self.walk("kim+staff")
        dump = " ".join(" ".join(row) for table in ("identity_provider", "audit_row", "audit_payload")
                        for row in self.server.sql("SELECT * FROM %s" % table))
        self.assertNotIn(secret, dump)
        self.assertNotIn(secret.encode().hex(), dump)
        self.assertNotIn(secret, self.server.log())
        other = self.configure(dict(issuer=self.hostile.issuer, client_id="console", client_secret=""))
        self.assertFalse(other.has_client_secret)  # a secret is for one issuer

    def test_only_the_super_administrator_sees_the_settings(self):
        self.configure(self.real.facts["rs"])
        token = self.walk("kim+managers").token
        kim = self.server.public().with_token(token)
        self.assertEqual(self.refused(kim.call, "SessionService.GetIdentityProvider").reason, "PERMISSION_MISSING")
        self.assertEqual(self.refused(kim.call, "SessionService.UpdateIdentityProvider",
                                      provider=session.IdentityProvider()).reason, "PERMISSION_MISSING")

    # ---- The audit log

    def test_sign_ins_and_settings_are_audited(self):
        self.configure(self.real.facts["rs"])
        self.configure(self.real.facts["rs"], name="Fabrikam")
        self.walk("kim+staff")
        self.refused(self.walk, "lee+visitors")
        rows = self.server.sql("SELECT action, operator, object, reason FROM audit_row ORDER BY happened_at DESC, id DESC"
                               " LIMIT 3")
        subject = "sub-lee of " + self.real.facts["rs"]["issuer"]
        self.assertEqual(rows, [["sign in", "lee", subject, "NOT_MAPPED"], ["sign in", "kim", "user kim", ""],
                                ["change identity provider", "admin",
                                 "identity provider " + self.real.facts["rs"]["issuer"], ""]])
        payload = self.server.sql("SELECT p.before::text, p.after::text FROM audit_payload p JOIN audit_row r ON"
                                  " r.enterprise_id = p.enterprise_id AND r.id = p.row_id WHERE r.action ="
                                  " 'change identity provider' ORDER BY r.id DESC LIMIT 1")[0]
        self.assertIn("Contoso", payload[0])
        self.assertIn("Fabrikam", payload[1])


class CertificateTest(unittest.TestCase):
    """What certificate a provider has to show."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.authority = self.certificate("localhost")

    def certificate(self, name):
        """One that is its own authority; its path without the ending."""
        path = os.path.join(self.server.folder, "provider-" + name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:" + name, "-keyout", path + ".key",
                        "-out", path + ".crt"], check=True, stderr=subprocess.DEVNULL)
        return path

    def ask(self, path):
        """Why a provider with this certificate is refused; None when it is taken."""
        provider = Hostile(path + ".key", path + ".crt")
        self.addCleanup(provider.close)
        try:
            self.server.admin().call("SessionService.UpdateIdentityProvider", provider=session.IdentityProvider(
                issuer=provider.issuer, client_id="console"))
        except Refused as refused:
            return refused.fields
        return None

    def test_only_a_trusted_certificate_of_that_name_counts(self):
        unreachable = {"provider.issuer": "PROVIDER_UNREACHABLE"}
        self.server.start()
        self.assertEqual(self.ask(self.authority), unreachable)
        self.server.stop()
        self.server.start("--identity-authorities", self.authority + ".crt")
        self.assertIsNone(self.ask(self.authority))
        self.assertEqual(self.ask(self.certificate("elsewhere.example")), unreachable)
        self.server.stop()
        self.server.start("--identity-authorities", self.certificate("elsewhere.example") + ".crt")
        self.assertEqual(self.ask(self.certificate("elsewhere.example")), unreachable)


if __name__ == "__main__":
    unittest.main()
