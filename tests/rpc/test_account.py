"""Profile, preferences and sessions of the own account."""

import unittest

from account_case import AccountCase
from fixture import MODULES

Preferences = MODULES["account"].Preferences
Profile = MODULES["account"].Profile


class ProfileTest(AccountCase):
    def update(self, client, **fields):
        return client.call("AccountService.UpdateProfile", profile=Profile(**fields))

    def refused_preferences(self, client, **fields):
        return self.refused(client, "AccountService.UpdateProfile",
                            profile=Profile(preferences=Preferences(**fields))).fields

    def test_a_profile_says_who_one_is(self):
        self.add_user("profile", "employees.view")
        profile = self.login("profile").call("AccountService.GetProfile")
        self.assertEqual((profile.username, profile.role_name, profile.second_factor, profile.recovery_codes,
                          profile.external), ("profile", "profile", False, 0, False))
        self.assertTrue(profile.enterprise_name and profile.group_name)
        self.assertTrue(profile.HasField("preferences"))

    def test_preferences_follow_the_user_to_his_next_session(self):
        self.add_user("wanderer")
        wanted = Preferences(language="zh", theme="dark", temperature_unit="F",
                             lists=[{"list": "employees", "columns": ["number", "name"], "page_size": 50}])
        profile = self.update(self.login("wanderer"), display_name=" Ann 王 ", preferences=wanted)
        self.assertEqual((profile.display_name, profile.preferences), ("Ann 王", wanted))
        later = self.login("wanderer")
        self.assertEqual(later.call("AccountService.GetProfile"), profile)
        self.assertEqual(later.call("SessionService.GetSession").preferences, wanted)

    def test_preferences_that_are_left_out_stay(self):
        self.add_user("stayer")
        client = self.login("stayer")
        self.update(client, preferences=Preferences(language="en"))
        profile = self.update(client, display_name="Ben")
        self.assertEqual((profile.display_name, profile.preferences.language), ("Ben", "en"))
        profile = self.update(client, preferences=Preferences(theme="light"))
        self.assertEqual((profile.display_name, profile.preferences), ("", Preferences(theme="light")))

    def test_nothing_but_name_and_preferences_is_written(self):
        self.add_user("modest", "employees.view")
        client = self.login("modest")
        profile = self.update(client, username="admin", role_name="all", group_name="root", second_factor=True,
                              recovery_codes=9, external=True, display_name="M")
        self.assertEqual((profile.username, profile.role_name, profile.second_factor, profile.external),
                         ("modest", "modest", False, False))

    def test_preferences_that_the_console_does_not_know_are_refused(self):
        self.add_user("odd")
        client = self.login("odd")
        at = "profile.preferences."
        for field, fields in (("language", {"language": "fr"}), ("theme", {"theme": "blue"}),
                              ("temperature_unit", {"temperature_unit": "K"}),
                              ("lists[0].list", {"lists": [{"list": "a b"}]}),
                              ("lists[1].list", {"lists": [{"list": "a"}, {"list": "a"}]}),
                              ("lists[0].columns", {"lists": [{"list": "a", "columns": ["x", "x"]}]}),
                              ("lists[0].columns", {"lists": [{"list": "a", "columns": ["<x>"]}]}),
                              ("lists[0].page_size", {"lists": [{"list": "a", "page_size": 101}]})):
            self.assertEqual(self.refused_preferences(client, **fields), {at + field: "VALUE_INVALID"})
        refused = self.refused(client, "AccountService.UpdateProfile", profile=Profile(display_name="a\x07"))
        self.assertEqual(refused.fields, {"profile.display_name": "VALUE_INVALID"})

    def test_the_most_that_the_contract_allows_is_kept(self):
        self.add_user("collector")
        columns = ["column-%02d-%s" % (i, "x" * 22) for i in range(40)]
        wanted = Preferences(lists=[{"list": "list-%02d-%s" % (i, "y" * 24), "columns": columns} for i in range(40)])
        self.assertEqual(self.update(self.login("collector"), preferences=wanted).preferences, wanted)

    def test_a_change_is_audited_with_what_was_before(self):
        self.add_user("watched")
        client = self.login("watched")
        self.update(client, display_name="One")
        self.update(client, display_name="Two")
        rows = self.server.sql("SELECT p.before::json->>'displayName', p.after::json->>'displayName' FROM audit_row r"
                               " JOIN audit_payload p ON p.enterprise_id = r.enterprise_id AND p.row_id = r.id"
                               " WHERE r.action = 'update profile' AND r.operator = 'watched' ORDER BY r.id")
        self.assertEqual(rows, [["", "One"], ["One", "Two"]])


class SessionsTest(AccountCase):
    def sessions(self, client):
        return client.call("AccountService.ListSessions").sessions

    def test_ones_sessions_are_listed_the_last_used_first(self):
        self.add_user("lister")
        self.add_user("neighbour")
        self.login("neighbour")
        first = self.login("lister")
        browser = self.server.gateway("203.0.113.9", cookie=False)
        browser.metadata["smartpass-user-agent"] = "A browser/1.0"
        second = self.login("lister", browser)
        listed = self.sessions(first)
        self.assertEqual([(one.address, one.current) for one in listed], [("203.0.113.9", False), ("127.0.0.1", True)])
        self.assertEqual(listed[0].user_agent, "A browser/1.0")
        self.assertTrue(listed[0].create_time.seconds and listed[0].expire_time.seconds)
        self.assertEqual([one.current for one in self.sessions(second)], [True, False])

    def test_whoever_uses_a_revoked_session_is_signed_out(self):
        self.add_user("revoker")
        mine, stolen = self.login("revoker"), self.login("revoker")
        other = next(one for one in self.sessions(mine) if not one.current)
        mine.call("AccountService.RevokeSession", id=other.id)
        refused = self.refused(stolen, "SessionService.GetSession")
        self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", "SESSION_EXPIRED"))
        self.assertEqual(len(self.sessions(mine)), 1)
        self.assertEqual(self.audit("revoke session", "revoker"), [["0", "", "session of revoker from 127.0.0.1"]])

    def test_nobody_ends_the_session_of_another(self):
        self.add_user("target")
        self.add_user("meddler")
        target = self.login("target")
        session = self.sessions(target)[0].id
        refused = self.refused(self.login("meddler"), "AccountService.RevokeSession", id=session)
        self.assertEqual((refused.code, refused.reason), ("NOT_FOUND", "SESSION_NOT_FOUND"))
        self.assertEqual(len(self.sessions(target)), 1)

    def test_a_session_that_is_over_is_not_listed(self):
        self.add_user("sleeper")
        client = self.login("sleeper")
        self.login("sleeper")
        self.login("sleeper")
        ids = [one.id for one in self.sessions(client) if not one.current]
        self.server.sql("UPDATE session SET last_seen_at = last_seen_at - interval '30 min' WHERE id = %d" % ids[0])
        self.server.sql("UPDATE session SET expires_at = now() WHERE id = %d" % ids[1])
        self.assertEqual([one.current for one in self.sessions(client)], [True])

    def test_an_open_stream_ends_with_its_session(self):
        self.add_user("streamer")
        mine, other = self.login("streamer"), self.login("streamer")
        stream = other.stream("ConsoleService.WatchEvents", timeout=60)
        next(stream)
        mine.call("AccountService.RevokeSession", id=next(one.id for one in self.sessions(mine) if not one.current))
        with self.assertRaises(Exception) as raised:
            for _ in stream:
                pass
        self.assertEqual(raised.exception.code().name, "UNAUTHENTICATED")


if __name__ == "__main__":
    unittest.main()
