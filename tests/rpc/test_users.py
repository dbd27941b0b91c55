"""Users: who may make, change and end whom."""

import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import grpc

from fixture import MODULES, Refused, Server
from terminal import Terminal


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
        role = self.role("employees.view")
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
        self.assertEqual(list(client.call("SessionService.GetSession").permissions), ["employees.view"])

    def test_without_a_password_a_random_one_is_shown_once(self):
        role = self.role("employees.view")
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
                                                                "role_id": self.role("employees.view").id})
        self.assertEqual(refused.fields, {"user.role_id": "VALUE_INVALID"})

    # ---- Finding

    def test_users_are_listed_by_name_with_filters_and_pages(self):
        role = self.role("employees.view")
        for stem, group in (("list-a", 71), ("list-b", 72), ("list-c", 73)):
            self.create(username=stem, display_name="Listed " + stem[-1], group_id=group, role_id=role.id)
        self.create(username="list-d", role_id=role.id, disabled=True, display_name="Other")

        def names(**fields):
            return [user.username for user in self.admin.call("UsersService.ListUsers", **fields).users]

        self.assertEqual(names(role_id=role.id), ["list-a", "list-b", "list-c", "list-d"])
        self.assertEqual(names(role_id=role.id, group_id=71), ["list-a", "list-c"])
        self.assertEqual(names(query="lisTED"), ["list-a", "list-b", "list-c"])
        self.assertEqual(names(query="LIST-"), ["list-a", "list-b", "list-c", "list-d"])
        self.assertEqual(names(role_id=role.id, disabled=True), ["list-d"])
        first = self.admin.call("UsersService.ListUsers", role_id=role.id, page_size=3)
        self.assertEqual((len(first.users), first.total_size), (3, 4))
        self.assertEqual(names(role_id=role.id, page_size=3, page_token=first.next_page_token), ["list-d"])

    def test_whoever_sees_a_part_of_the_tree_finds_its_users_alone(self):
        _, north = self.user_with(group_id=71)
        below = self.create(group_id=73, group_administrator=True)
        beside = self.create(group_id=72, group_administrator=True)
        self.assertEqual(north.call("UsersService.GetUser", id=below.id).group_name, "North-West")
        names = [user.username for user in north.call("UsersService.ListUsers", page_size=100).users]
        self.assertIn(below.username, names)
        self.assertFalse({beside.username, "admin"} & set(names))
        for method, fields in (("GetUser", {"id": beside.id}), ("DeleteUser", {"id": beside.id}),
                               ("UpdateUser", {"user": {"id": beside.id, "group_administrator": True}})):
            refused = self.refused("UsersService." + method, client=north, **fields)
            self.assertEqual((refused.code, refused.reason), ("NOT_FOUND", "USER_NOT_FOUND"))
        refused = self.refused("UsersService.ListUsers", client=north, group_id=72)
        self.assertEqual(refused.reason, "GROUP_NOT_FOUND")
        refused = self.refused("UsersService.CreateUser", client=north,
                               user={"username": self.name(), "group_id": self.root, "group_administrator": True})
        self.assertEqual(refused.fields, {"user.group_id": "GROUP_UNKNOWN"})

    # ---- Nobody gives more than he has

    def test_a_normal_user_gives_roles_within_his_own(self):
        _, editor = self.user_with("users.view", "users.edit", "users.delete", "employees.view")
        small, large = self.role("employees.view"), self.role("employees.view", "employees.edit")
        user = self.create(client=editor, role_id=small.id)
        for fields in ({"role_id": large.id}, {"group_administrator": True}):
            refused = self.refused("UsersService.CreateUser", client=editor, user={"username": self.name(), **fields})
            self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "RIGHTS_EXCEEDED"))
            refused = self.refused("UsersService.UpdateUser", client=editor, user={"id": user.id, **fields})
            self.assertEqual(refused.reason, "RIGHTS_EXCEEDED")

    def test_a_normal_user_touches_nobody_who_has_more(self):
        _, editor = self.user_with("users.view", "users.edit", "users.delete")
        for user in (self.create(group_administrator=True), self.create(role_id=self.role("employees.view").id)):
            fields = {"id": user.id, "role_id": user.role_id, "group_administrator": user.group_administrator}
            for method, request in (("UpdateUser", {"user": {**fields, "disabled": True}}),
                                    ("DeleteUser", {"id": user.id})):
                refused = self.refused("UsersService." + method, client=editor, **request)
                self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "RIGHTS_EXCEEDED"))

    def test_a_group_administrator_makes_others_of_his_group_and_below(self):
        _, north = self.user_with(group_id=71)
        for group in (71, 73):
            self.assertTrue(self.create(client=north, group_id=group, group_administrator=True).group_administrator)
        self.assertEqual(self.create(client=north, group_id=0, group_administrator=True).group_id, 71)

    def test_the_super_administrator_is_touched_by_nobody(self):
        _, administrator = self.user_with()
        admin = next(user for user in self.admin.call("UsersService.ListUsers", query="admin").users
                     if user.username == "admin")
        for method, request in (("UpdateUser", {"user": {"id": admin.id, "role_id": self.role("employees.view").id}}),
                                ("DeleteUser", {"id": admin.id}), ("ResetUserPassword", {"id": admin.id})):
            refused = self.refused("UsersService." + method, client=administrator, **request)
            self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "USER_PROTECTED"))

    def test_nobody_changes_his_own_rights_nor_ends_himself(self):
        user, client = self.user_with()
        own = {"id": user.id, "group_administrator": True, "display_name": "Myself"}
        self.assertEqual(client.call("UsersService.UpdateUser", user=own).display_name, "Myself")
        for change in ({"group_administrator": False, "role_id": self.role("employees.view").id}, {"group_id": 71}):
            refused = self.refused("UsersService.UpdateUser", client=client, user={**own, **change})
            self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "OWN_RIGHTS"))
        for method, request in (("UpdateUser", {"user": {**own, "disabled": True}}), ("DeleteUser", {"id": user.id}),
                                ("ResetUserPassword", {"id": user.id})):
            refused = self.refused("UsersService." + method, client=client, **request)
            self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "OWN_ACCOUNT"))

    def branch(self, name):
        """An enterprise with an administrator of its own: (id, the user's id, his client)."""
        code, enterprise = self.server.command("add-enterprise", "--name", name)
        self.assertEqual(code, 0, enterprise)
        code, said = self.server.command("add-user", "--username", name, "--enterprise", enterprise, "--password-stdin",
                                         password="the branch's password")
        self.assertEqual(code, 0, said)
        client = self.sign_in(name, "the branch's password")
        session = client.call("SessionService.GetSession")
        self.assertTrue(session.enterprise_administrator and not session.super_admin)
        return int(enterprise), session.user_id, client

    def test_two_administrators_who_end_each_other_at_once_leave_one(self):
        enterprise, first_id, first = self.branch("branch-1")
        for method, end in (("DeleteUser", lambda id: {"id": id}),
                            ("UpdateUser", lambda id: {"user": {"id": id, "group_administrator": True,
                                                                "disabled": True}})):
            second_user = self.create(client=first, group_id=0, group_administrator=True)
            second = self.sign_in(second_user.username)
            holder = threading.Thread(target=self.server.sql, args=(
                "BEGIN; SELECT id FROM enterprise WHERE id = %d FOR UPDATE; SELECT pg_sleep(1.5); COMMIT" % enterprise,))
            holder.start()
            time.sleep(0.5)  # both calls have been let in when the first of them may go on
            with ThreadPoolExecutor(2) as pool:
                ends = [pool.submit(first.call, "UsersService." + method, **end(second_user.id)),
                        pool.submit(second.call, "UsersService." + method, **end(first_id))]
                failures = [end.exception() for end in ends]
            holder.join()
            self.assertEqual([failure.reason for failure in failures if failure], ["LAST_ADMINISTRATOR"])
            if failures[0]:
                first_id, first = second_user.id, second

    def test_another_enterprise_is_never_seen(self):
        _, other_id, other = self.branch("branch-2")
        self.assertEqual(self.refused("UsersService.GetUser", id=other_id).reason, "USER_NOT_FOUND")
        self.assertEqual([user.username for user in other.call("UsersService.ListUsers").users], ["branch-2"])
        refused = self.refused("UsersService.CreateUser", client=other,
                               user={"username": self.name(), "role_id": self.role("employees.view").id})
        self.assertEqual(refused.fields, {"user.role_id": "ROLE_UNKNOWN"})
        self.assertEqual(len(other.call("UsersService.ListRoles").roles), 0)

    # ---- The end of sessions

    def watch(self, client):
        """A stream of events that has begun."""
        events = client.stream("ConsoleService.WatchEvents", timeout=60)
        next(events)
        return events

    def end_of(self, events):
        with self.assertRaises(grpc.RpcError) as raised:
            for _ in events:
                pass
        return raised.exception.code().name

    def test_disabling_ends_sessions_and_streams(self):
        role = self.role("employees.view", "console.view")
        user = self.create(role_id=role.id)
        client = self.sign_in(user.username)
        events = self.watch(client)
        disabled = self.admin.call("UsersService.UpdateUser",
                                   user={"id": user.id, "role_id": role.id, "disabled": True})
        self.assertTrue(disabled.disabled)
        self.assertEqual(self.refused("SessionService.GetSession", client=client).reason, "SESSION_EXPIRED")
        began = time.monotonic()
        self.assertEqual(self.end_of(events), "UNAUTHENTICATED")
        self.assertLess(time.monotonic() - began, 30)  # looked at every 20 seconds

    def test_a_change_of_rights_ends_sessions_and_any_other_change_does_not(self):
        role, other = self.role("employees.view"), self.role("employees.edit")
        user = self.create(role_id=role.id)
        client = self.sign_in(user.username)
        self.admin.call("UsersService.UpdateUser",
                        user={"id": user.id, "role_id": role.id, "display_name": "Renamed"})
        self.assertEqual(client.call("SessionService.GetSession").display_name, "Renamed")
        for fields in ({"role_id": other.id}, {"role_id": other.id, "group_id": 71}, {"group_administrator": True,
                                                                                      "group_id": 71}):
            client = self.sign_in(user.username, "another long password")
            self.admin.call("UsersService.UpdateUser", user={"id": user.id, **fields})
            self.assertEqual(self.refused("SessionService.GetSession", client=client).reason, "SESSION_EXPIRED")

    def test_deleting_ends_sessions_and_leaves_the_name_in_the_log(self):
        user, client = self.user_with("employees.view")
        self.admin.call("UsersService.DeleteUser", id=user.id)
        self.assertEqual(self.refused("SessionService.GetSession", client=client).reason, "SESSION_EXPIRED")
        self.assertEqual(self.refused("UsersService.GetUser", id=user.id).reason, "USER_NOT_FOUND")
        rows = self.admin.call("AuditService.ListAuditRows", page_size=100).rows
        self.assertIn(("delete user", "user " + user.username), [(row.action, row.object) for row in rows])

    # ---- Signing in

    def work_done(self):
        """CPU ticks of the server since it began: what an answer costs, however busy the machine is."""
        with open("/proc/%d/stat" % self.server.process.pid) as stat:
            return sum(int(ticks) for ticks in stat.read().rpartition(")")[2].split()[11:13])

    def test_a_disabled_account_answers_as_a_wrong_password_and_for_as_much_work(self):
        role = self.role("employees.view")
        user = self.create(role_id=role.id, disabled=True)
        active = self.create(role_id=role.id)
        answers, work = {}, {}
        for kind, username, password in (("disabled", user.username, "the user's own password"),
                                         ("wrong", active.username, "not the password at all"),
                                         ("unknown", self.name("nobody"), "the user's own password")):
            took = []
            for _ in range(4):
                before = self.work_done()
                refused = self.refused("SessionService.Login", client=self.server.public(), username=username,
                                       password=password)
                took.append(self.work_done() - before)
                answers[kind] = (refused.code, refused.reason, refused.message, refused.facts, refused.fields)
            work[kind] = min(took)
        self.assertEqual(answers["disabled"], answers["wrong"])
        self.assertEqual(answers["unknown"], answers["wrong"])
        self.assertEqual(answers["wrong"][1], "BAD_CREDENTIALS")
        self.assertLess(max(work.values()), 2 * min(work.values()), work)

    def test_an_expired_one_time_password_is_told_to_whoever_has_it_alone(self):
        role = self.role("employees.view")
        answer = self.admin.call("UsersService.CreateUser", user={"username": self.name(), "role_id": role.id})
        self.server.sql("UPDATE app_user SET password_expires_at = now() WHERE id = %d" % answer.user.id)
        refused = self.refused("SessionService.Login", client=self.server.public(), username=answer.user.username,
                               password=answer.one_time_password)
        self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", "PASSWORD_EXPIRED"))
        refused = self.refused("SessionService.Login", client=self.server.public(), username=answer.user.username,
                               password="something else")
        self.assertEqual(refused.reason, "BAD_CREDENTIALS")
        again = self.admin.call("UsersService.ResetUserPassword", id=answer.user.id)
        self.sign_in(answer.user.username, again.one_time_password)
        self.assertEqual(self.server.sql("SELECT count(*) FROM app_user WHERE id = %d AND password_expires_at IS NULL"
                                         % answer.user.id), [["1"]])

    def test_the_last_sign_in_is_noted(self):
        user = self.create(role_id=self.role("employees.view").id)
        self.assertEqual(self.admin.call("UsersService.GetUser", id=user.id).last_login_time.seconds, 0)
        self.sign_in(user.username)
        found = self.admin.call("UsersService.GetUser", id=user.id)
        self.assertAlmostEqual(found.last_login_time.seconds, time.time(), delta=60)
        self.assertFalse(found.must_change_password)

    def test_a_terminal_is_enrolled_by_whoever_may_edit_devices(self):
        for permissions, reason in ((["employees.view"], "PERMISSION_MISSING"), (["devices.edit"], "CSR_MALFORMED")):
            user, _ = self.user_with(*permissions)
            request = MODULES["link"].EnrolRequest(username=user.username, password="another long password",
                                                   serial_number="T-" + user.username, certificate_request="x")
            refused = self.refused("LinkService.Enrol", client=self.server.public(), request=request)
            self.assertEqual(refused.reason, reason, permissions)

    def test_a_terminal_is_enrolled_again_by_whoever_sees_its_group(self):
        users = {group: self.user_with(group_id=group)[0].username for group in (71, 72, 73)}
        first = Terminal(self.server, "T-north", users[71], "another long password")
        for group in (72, 73):
            with self.assertRaises(Refused) as raised:
                Terminal(self.server, "T-north", users[group], "another long password")
            self.assertEqual((raised.exception.code, raised.exception.reason),
                             ("PERMISSION_DENIED", "LINK_DEVICE_ELSEWHERE"))
        self.assertEqual(Terminal(self.server, "T-north", users[71], "another long password").id, first.id)
        self.assertEqual(Terminal(self.server, "T-north", "admin", self.server.PASSWORD).id, first.id)

    # ---- Reset

    def test_a_reset_gives_a_one_time_password_and_ends_sessions(self):
        user, client = self.user_with("employees.view")
        self.server.sql("UPDATE app_user SET totp_sealed = 'x', totp_confirmed_at = now() WHERE id = %d" % user.id)
        self.assertTrue(self.admin.call("UsersService.GetUser", id=user.id).second_factor)
        answer = self.admin.call("UsersService.ResetUserPassword", id=user.id)
        self.assertEqual(len(answer.one_time_password), 16)
        self.assertAlmostEqual(answer.expire_time.seconds, time.time() + 24 * 3600, delta=60)
        self.assertEqual(self.refused("SessionService.GetSession", client=client).reason, "SESSION_EXPIRED")
        self.assertEqual(self.refused("SessionService.Login", client=self.server.public(), username=user.username,
                                      password="another long password").reason, "BAD_CREDENTIALS")
        found = self.admin.call("UsersService.GetUser", id=user.id)
        self.assertTrue(found.must_change_password and not found.second_factor)
        self.sign_in(user.username, answer.one_time_password, "yet another long password")

    def test_a_reset_lifts_the_lock_of_that_account_alone(self):
        user, other = self.user_with("employees.view")[0], self.user_with("employees.view")[0]
        cafe = self.server.gateway("203.0.113.90", cookie=False)
        for name in (user.username, other.username):
            self.server.sql("INSERT INTO login_failure VALUES"
                            " (sha256('%s'), '', 100, now() + interval '1 hour', now())" % name)
            for _ in range(5):
                self.server.sql("UPDATE login_failure SET locked_until = now() WHERE address <> ''")
                self.refused("SessionService.Login", client=self.server.public(), username=name, password="guess")
            self.assertEqual(self.refused("SessionService.Login", client=cafe, username=name,
                                          password="another long password").reason, "LOGIN_LOCKED")
        answer = self.admin.call("UsersService.ResetUserPassword", id=user.id)
        for client in (self.server.public(), cafe):
            client.call("SessionService.Login", username=user.username, password=answer.one_time_password)
            self.assertEqual(self.refused("SessionService.Login", client=client, username=other.username,
                                          password="another long password").reason, "LOGIN_LOCKED")

    def test_a_reset_that_is_refused_lifts_no_lock(self):
        user, client = self.user_with("employees.view")
        own = self.server.gateway("203.0.113.91", cookie=False)
        for _ in range(5):
            self.refused("SessionService.Login", client=own, username=user.username, password="guess")
        self.refused("UsersService.ResetUserPassword", client=client, id=user.id)
        self.assertEqual(self.refused("SessionService.Login", client=own, username=user.username,
                                      password="another long password").reason, "LOGIN_LOCKED")

    def test_a_reset_is_not_undone_by_a_change_of_the_old_password_that_is_under_way(self):
        user, client = self.user_with("employees.view")
        holder = threading.Thread(target=self.server.sql, args=(
            "BEGIN; SELECT id FROM app_user WHERE id = %d FOR UPDATE; SELECT pg_sleep(3); "
            "UPDATE app_user SET password_phc = 'reset' WHERE id = %d; COMMIT" % (user.id, user.id),))
        holder.start()
        time.sleep(0.5)
        refused = self.refused("SessionService.ChangePassword", client=client, old_password="another long password",
                               new_password="a third long password")
        holder.join()
        self.assertEqual((refused.code, refused.reason), ("ABORTED", "DB_CONFLICT"))

    def test_nobody_signs_in_to_an_account_that_is_disabled_at_that_moment(self):
        user, _ = self.user_with("employees.view")
        holder = threading.Thread(target=self.server.sql, args=(
            "BEGIN; SELECT id FROM app_user WHERE id = %d FOR UPDATE; SELECT pg_sleep(3); "
            "UPDATE app_user SET disabled_at = now() WHERE id = %d; COMMIT" % (user.id, user.id),))
        holder.start()
        time.sleep(0.5)
        refused = self.refused("SessionService.Login", client=self.server.public(), username=user.username,
                               password="another long password")
        holder.join()
        self.assertEqual((refused.code, refused.reason), ("ABORTED", "DB_CONFLICT"))
        self.assertEqual(self.server.sql("SELECT count(*) FROM session WHERE user_id = %d AND created_at > "
                                         "now() - interval '2 s'" % user.id), [["0"]])

    def test_administrators_of_the_enterprise_alone_reset_passwords(self):
        user = self.create(group_id=73, role_id=self.role("employees.view").id)
        for client in (self.user_with(group_id=71)[1], self.user_with("users.view", "users.edit", "users.delete")[1]):
            refused = self.refused("UsersService.ResetUserPassword", client=client, id=user.id)
            self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "PERMISSION_MISSING"))

    def test_a_user_of_a_provider_has_no_password_to_reset(self):
        user = self.create(role_id=self.role("employees.view").id)
        self.server.sql("UPDATE app_user SET external_issuer = 'https://id', external_subject = '%d' WHERE id = %d"
                        % (user.id, user.id))
        self.assertTrue(self.admin.call("UsersService.GetUser", id=user.id).external)
        self.assertEqual(self.refused("UsersService.ResetUserPassword", id=user.id).reason, "USER_IS_EXTERNAL")


class WellKnownResetTest(unittest.TestCase):
    """With reset_password = 123456."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--reset-password", "123456")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()

    def create(self, **fields):
        return self.admin.call("UsersService.CreateUser", user=fields).user

    def test_a_reset_gives_the_well_known_password_for_an_hour_but_to_no_administrator(self):
        role = self.admin.call("UsersService.CreateRole", role={"name": "Staff", "permissions": ["employees.view"]})
        normal, administrator = self.create(username="normal", role_id=role.id), self.create(
            username="administrator", group_administrator=True)
        answer = self.admin.call("UsersService.ResetUserPassword", id=normal.id)
        self.assertEqual(answer.one_time_password, "123456")
        self.assertAlmostEqual(answer.expire_time.seconds, time.time() + 3600, delta=60)
        token = self.server.public().call("SessionService.Login", username="normal", password="123456").token
        with self.assertRaises(Refused) as raised:
            self.server.public().with_token(token).call("PeopleService.ListEmployees")
        self.assertEqual(raised.exception.reason, "PASSWORD_CHANGE_REQUIRED")
        answer = self.admin.call("UsersService.ResetUserPassword", id=administrator.id)
        self.assertEqual(len(answer.one_time_password), 16)


if __name__ == "__main__":
    unittest.main()
