"""Starting, stopping, killing: the server, its database, and both."""

import os
import signal
import subprocess
import threading
import time
import unittest

import grpc

from fixture import BIN, Refused, Server, wait_until


class LifecycleTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.server.start()

    def employees(self, client):
        return {employee.number for employee in client.call("PeopleService.ListEmployees", page_size=100).employees}

    def test_a_restart_keeps_data_authority_and_sessions(self):
        admin = self.server.admin()
        admin.call("PeopleService.CreateEmployee", employee=dict(number="1", name="Ann"))
        for _ in range(2):
            self.assertEqual(self.server.stop(), 0)
            self.assertIsNone(self.server.postmaster())
            self.server.start()
            self.assertEqual(self.employees(self.server.admin()), {"1"})

    def test_a_killed_server_finds_its_running_database_again(self):
        self.server.admin().call("PeopleService.CreateEmployee", employee=dict(number="1", name="Ann"))
        self.server.kill()
        left = self.server.postmaster()
        self.assertIsNotNone(left)
        self.server.start()
        self.assertEqual(self.server.postmaster(), left)
        self.assertEqual(self.employees(self.server.admin()), {"1"})
        self.assertEqual(self.server.stop(), 0)
        wait_until(lambda: not os.path.exists(self.server.data + "/postgres/postmaster.pid"))

    def test_calls_go_on_after_the_database_was_killed(self):
        admin = self.server.admin()
        acknowledged, stop = [], threading.Event()

        def write():
            number = 0
            while not stop.is_set():
                number += 1
                try:
                    admin.call("PeopleService.CreateEmployee", timeout=20,
                               employee=dict(number="w%04d" % number, name="Ann"))
                    acknowledged.append("w%04d" % number)
                except Refused as refused:
                    assert refused.code in ("UNAVAILABLE", "DEADLINE_EXCEEDED"), refused
                    time.sleep(0.05)
        writer = threading.Thread(target=write)
        writer.start()
        for _ in range(4):
            time.sleep(0.3)
            os.kill(wait_until(self.server.postmaster), signal.SIGKILL)
            count = len(acknowledged)
            wait_until(lambda: len(acknowledged) > count + 3, seconds=60)
        stop.set()
        writer.join()
        found, token = set(), ""
        while True:
            page = admin.call("PeopleService.ListEmployees", page_size=100, page_token=token)
            found |= {employee.number for employee in page.employees}
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(set(acknowledged) - found, set())

    def test_a_second_server_in_the_same_folder_is_refused(self):
        done = subprocess.run([os.path.join(BIN, "smartpass-server"), "--data", self.server.data,
                               "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("DATA_FOLDER_IN_USE", done.stdout)
        self.server.admin()

    def test_a_port_that_is_taken_is_named(self):
        other = Server()
        self.addCleanup(other.close)
        other.port = self.server.port
        with self.assertRaises(RuntimeError) as raised:
            other.start()
        self.assertIn(str(self.server.port), str(raised.exception))
        other.process.wait(timeout=30)
        other.process = None
        self.assertIsNone(other.postmaster())

    def test_an_interrupt_ends_it_cleanly_with_streams_open(self):
        stream = self.server.admin().stream("ConsoleService.WatchEvents")
        time.sleep(0.2)
        started = time.time()
        self.assertEqual(self.server.process.send_signal(signal.SIGINT), None)
        with self.assertRaises(grpc.RpcError):
            for _ in stream:
                pass
        self.assertEqual(self.server.process.wait(timeout=30), 0)
        self.server.process = None
        self.assertLess(time.time() - started, 10)
        self.assertIsNone(self.server.postmaster())

    def test_health_and_reflection_are_served(self):
        health = self.server.public()
        answer = health.channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=10)
        self.assertEqual(answer, b"\x08\x01")

    def test_secrets_are_for_the_server_alone(self):
        for name in ("authority.key", "master.key", "pepper"):
            self.assertEqual(os.stat(os.path.join(self.server.data, "secrets", name)).st_mode & 0o777, 0o600, name)
        self.assertEqual(os.stat(self.server.data + "/secrets").st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(self.server.socket).st_mode & 0o077, 0)


class PlacesTest(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_it_runs_as_an_ordinary_user_too(self):
        server = Server(user="nobody")
        self.addCleanup(server.close)
        server.start()
        server.admin().call("PeopleService.CreateEmployee", employee=dict(number="1", name="Ann"))
        self.assertEqual(os.stat(server.data).st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(server.data + "/postgres").st_uid, os.stat(server.data).st_uid)
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(server.admin().call("PeopleService.ListEmployees").total_size, 1)

    def test_any_other_postgresql_will_do(self):
        theirs = Server()
        self.addCleanup(theirs.close)
        theirs.start()
        theirs.sql("CREATE DATABASE elsewhere")
        ours = Server("--database-url",
                      "host=%s/postgres-socket port=3306 user=smartpass dbname=elsewhere" % theirs.data)
        self.addCleanup(ours.close)
        ours.start()
        ours.admin().call("PeopleService.CreateEmployee", employee=dict(number="1", name="Ann"))
        self.assertEqual(theirs.sql("SELECT name FROM person", database="elsewhere"), [["Ann"]])
        self.assertFalse(os.path.exists(ours.data + "/postgres"))
        self.assertEqual(ours.stop(), 0)
        self.assertIsNotNone(theirs.postmaster())

    def test_a_database_that_would_lose_records_is_refused(self):
        theirs = Server()
        self.addCleanup(theirs.close)
        theirs.start()
        theirs.sql("CREATE DATABASE careless")
        theirs.sql("ALTER DATABASE careless SET synchronous_commit = off")
        ours = Server()
        self.addCleanup(ours.close)
        with self.assertRaises(RuntimeError) as raised:
            ours.start("--database-url",
                       "host=%s/postgres-socket port=3306 user=smartpass dbname=careless" % theirs.data)
        self.assertIn("DATABASE_NOT_DURABLE", str(raised.exception))

    def test_a_newer_schema_is_left_alone(self):
        server = Server()
        self.addCleanup(server.close)
        server.start()
        server.sql("INSERT INTO schema_migration VALUES (9999, '9999_future.sql', 'x', now())")
        server.stop()
        with self.assertRaises(RuntimeError) as raised:
            server.start()
        self.assertIn("SCHEMA_NEWER", str(raised.exception))


class CommandTest(unittest.TestCase):
    def test_accounts_can_be_made_with_and_without_a_running_server(self):
        server = Server()
        self.addCleanup(server.close)
        code, enterprise = server.command("add-user", "--username", "before", "--password-stdin",
                                          password="a long password")
        self.assertEqual(code, 0, enterprise)
        self.assertIsNone(server.postmaster())
        server.start()
        code, again = server.command("add-user", "--username", "after", "--password-stdin", password="a long password")
        self.assertEqual((code, again), (0, enterprise))
        for name in ("before", "after"):
            session = server.public().call("SessionService.Login", username=name, password="a long password").session
            self.assertFalse(session.must_change_password)

    def test_what_cannot_be_is_refused(self):
        server = Server()
        self.addCleanup(server.close)
        server.start()
        for arguments, password, reason in (
                (("add-user", "--username", "admin", "--password-stdin"), "a long password", "ACCOUNT_NAME_TAKEN"),
                (("add-user", "--username", "x", "--password-stdin"), "short", "PASSWORD_UNFIT"),
                (("add-user", "--username", "x", "--enterprise", "7", "--password-stdin"), "a long password",
                 "ENTERPRISE_NOT_FOUND"),
                (("add-enterprise", "--name", "Smart Pass"), None, "ENTERPRISE_NAME_TAKEN"),
                (("add-enterprise", "--name", "Mars", "--enterprise-time-zone", "Mars/Olympus"), None,
                 "TIME_ZONE_UNKNOWN")):
            code, output = server.command(*arguments, password=password)
            self.assertEqual(code, 1, output)
            self.assertIn(reason, output)
        code, output = server.command("add-nothing")
        self.assertEqual(code, 2, output)


if __name__ == "__main__":
    unittest.main()
