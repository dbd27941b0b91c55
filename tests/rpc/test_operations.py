"""Operations as their callers see them: the own ones, listed, cancelled and dismissed, and pushed while they move."""

import os
import subprocess
import threading
import unittest

from fixture import BIN, MODULES, Refused, Server, wait_until
from operation_rows import put_operation

STATE = MODULES["operations"].OperationState.Value


class OperationsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.ann, cls.bob, cls.chief = cls.user("ann"), cls.user("bob"), cls.user("chief")
        cls.server.sql("INSERT INTO role SELECT id, 1, 'guard', '{console.view}', now() FROM enterprise")
        cls.server.sql("UPDATE app_user SET group_administrator = false, role_id = 1 WHERE username IN ('ann', 'bob')")
        code, cls.elsewhere = cls.server.command("add-enterprise", "--name", "elsewhere")
        assert code == 0, cls.elsewhere
        cls.stranger = cls.user("stranger", "--enterprise", cls.elsewhere)

    @classmethod
    def user(cls, name, *flags):
        password = "the password of " + name
        code, output = cls.server.command("add-user", "--username", name, "--password-stdin", *flags, password=password)
        assert code == 0, output
        client = cls.server.public()
        return client.with_token(client.call("SessionService.Login", username=name, password=password).token)

    def setUp(self):
        self.server.sql("DELETE FROM operation")

    def refused(self, client, method, **fields):
        with self.assertRaises(Refused) as raised:
            client.call("OperationsService." + method, **fields)
        return raised.exception.code, raised.exception.reason

    def listed(self, client, **fields):
        page = client.call("OperationsService.ListOperations", **fields)
        return [operation.id for operation in page.operations]

    def audited(self):
        return self.server.sql("SELECT action, object, operator, code FROM audit_row WHERE action LIKE '%operation'"
                               " ORDER BY id DESC LIMIT 1")[0]

    # ---- Seeing

    def test_an_operation_is_shown_whole(self):
        number = put_operation(self.server, "ann", state="failed", object="Gate 7")
        shown = self.ann.call("OperationsService.GetOperation", id=number)
        self.assertEqual((shown.kind, shown.object, shown.operator, shown.stage), ("test", "Gate 7", "ann", "wiping"))
        self.assertEqual((shown.progress, shown.total, shown.failures), (3, 10, 1))
        self.assertEqual((shown.state, shown.done), (STATE("OPERATION_STATE_FAILED"), True))
        self.assertEqual((shown.error.code, shown.error.reason), (10, "INTERRUPTED"))
        self.assertFalse(shown.HasField("result"))
        self.assertGreater(shown.finish_time.ToMilliseconds(), shown.create_time.ToMilliseconds())

    def test_everybody_sees_his_own_and_administrators_all(self):
        anns, bobs = put_operation(self.server, "ann"), put_operation(self.server, "bob")
        self.assertEqual(self.listed(self.ann), [anns])
        self.assertEqual(self.listed(self.bob), [bobs])
        self.assertEqual(self.listed(self.chief), [bobs, anns])
        self.assertEqual(self.listed(self.admin), [bobs, anns])
        self.assertEqual(self.listed(self.stranger), [])

    def test_what_one_does_not_see_is_as_what_does_not_exist(self):
        anns = put_operation(self.server, "ann", state="failed")
        for method in ("GetOperation", "CancelOperation", "DeleteOperation"):
            for client in (self.bob, self.stranger):
                for number in (anns, 5, 0, -1, 2 ** 63 - 1):
                    self.assertEqual(self.refused(client, method, id=number), ("NOT_FOUND", "OPERATION_NOT_FOUND"))
        self.assertEqual(self.listed(self.ann), [anns])

    def test_pages_are_newest_first_and_filtered_by_state(self):
        numbers = [put_operation(self.server, "ann", state="failed" if i % 2 else "queued") for i in range(25)]
        seen, token = [], ""
        while True:
            page = self.ann.call("OperationsService.ListOperations", page_size=10, page_token=token)
            self.assertEqual(page.total_size, 25)
            seen += [operation.id for operation in page.operations]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(seen, numbers[::-1])
        self.assertEqual(self.listed(self.ann, page_size=100, state=STATE("OPERATION_STATE_FAILED")), numbers[::-1][1::2])
        self.assertEqual(self.listed(self.ann, page_size=2, skip=3), numbers[::-1][3:5])

    # ---- Changing

    def test_one_that_waits_is_cancelled_at_once(self):
        number = put_operation(self.server, "ann", object="Gate 7")
        for _ in range(2):
            shown = self.ann.call("OperationsService.CancelOperation", id=number)
            self.assertEqual((shown.state, shown.done), (STATE("OPERATION_STATE_CANCELLED"), True))
        self.assertEqual(self.audited(), ["cancel operation", "test: Gate 7", "ann", "0"])

    def test_one_that_runs_is_asked_to_stop(self):
        number = put_operation(self.server, "ann", state="running")
        shown = self.admin.call("OperationsService.CancelOperation", id=number)
        self.assertEqual((shown.state, shown.cancel_requested, shown.done),
                         (STATE("OPERATION_STATE_RUNNING"), True, False))

    def test_what_has_ended_can_be_dismissed_and_nothing_else(self):
        waits, runs, ended = (put_operation(self.server, "ann", state=state) for state in ("queued", "running", "succeeded"))
        for number in (waits, runs):
            self.assertEqual(self.refused(self.ann, "DeleteOperation", id=number),
                             ("FAILED_PRECONDITION", "OPERATION_NOT_ENDED"))
        self.ann.call("OperationsService.DeleteOperation", id=ended)
        self.assertEqual(self.audited()[0], "dismiss operation")
        self.assertEqual(self.listed(self.ann), [runs, waits])

    # ---- The stream of events

    def events_of(self, client):
        stream = client.stream("ConsoleService.WatchEvents")
        self.addCleanup(stream.cancel)
        return (event for event in stream if event.HasField("operation"))

    def test_whoever_may_see_an_operation_hears_of_it(self):
        streams = {name: self.events_of(getattr(self, name)) for name in ("ann", "bob", "admin")}
        for stream in streams.values():
            self.open(stream)
        anns, bobs = put_operation(self.server, "ann"), put_operation(self.server, "bob")
        self.ann.call("OperationsService.CancelOperation", id=anns)
        self.bob.call("OperationsService.CancelOperation", id=bobs)
        self.assertEqual(self.next(streams["ann"]).id, anns)
        self.assertEqual(self.next(streams["bob"]).id, bobs)  # and not ann's, which came before
        event = self.next(streams["admin"])
        self.assertEqual((event.id, event.state), (anns, STATE("OPERATION_STATE_CANCELLED")))

    def next(self, stream):
        return next(event.operation for event in stream if event.operation.object != "poke")

    def open(self, stream):
        """Until an event comes through: a stream that is being opened misses what happens meanwhile."""
        came = threading.Event()
        threading.Thread(target=lambda: (next(stream), came.set()), daemon=True).start()

        def poke():
            for name in ("ann", "bob"):
                getattr(self, name).call("OperationsService.CancelOperation",
                                         id=put_operation(self.server, name, object="poke"))
            return came.wait(0.3)
        wait_until(poke)

    # ---- The command line

    def test_smartpassctl_lists_gets_and_cancels(self):
        number = put_operation(self.server, "ann", object="Gate 7")
        token = os.path.join(self.server.folder, "ann.token")
        with open(token, "w") as file:
            file.write(self.ann.metadata["authorization"].split()[1])

        def run(*arguments):
            done = subprocess.run([os.path.join(BIN, "smartpassctl"), *arguments, "--server",
                                   "localhost:%d" % self.server.port, "--authority", self.server.data + "/authority.crt",
                                   "--token-file", token], text=True, capture_output=True, timeout=60)
            return done.returncode, done.stdout + done.stderr
        code, said = run("operation", "list")
        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"%d +\S+ queued +3/10 test Gate 7 by ann, 1 failures, wiping\n" % number)
        self.assertEqual(run("operation", "get", "--operation", str(number)), (0, said))
        code, said = run("operation", "cancel", "--operation", str(number))
        self.assertIn("cancelled", said)
        self.assertEqual(run("operation", "get", "--operation", "7")[0], 1)


if __name__ == "__main__":
    unittest.main()
