"""An enterprise is deleted: its people leave its terminals, everything it stored goes, its terminals stay with the super
administrator; whatever is killed meanwhile."""
import os
import unittest

from doomed import KEPT, STATE, Doomed
from fixture import wait_until
from locks import Lock, kill_and_forget


class Deletion(unittest.TestCase):
    def setUp(self):
        self.site = Doomed()
        self.addCleanup(self.site.close)
        self.server = self.site.server

    def cleared(self, terminal, seconds=60):
        """Online in its new enterprise, and empty."""
        home = self.server.sql("SELECT name FROM enterprise e WHERE EXISTS (SELECT FROM app_user u WHERE u.enterprise_id = e.id"
                               " AND u.super_admin)")[0][0]
        terminal.wait(lambda s: s["link"] == "online" and s["companyName"] == home and s["people"] == 0 and s["faces"] == 0
                      and s["unsentRecords"] == 0, seconds)

    def pending(self):
        return [int(device) for device, in self.server.sql("SELECT id FROM device WHERE wipe_order IS NOT NULL ORDER BY id")]

    def nothing_is_left(self):
        self.assertEqual(self.site.left(), {})

    def test_every_table_of_the_enterprise_is_emptied_and_no_other(self):
        full = self.site.rows(self.site.enterprise.id)
        self.assertEqual([table for table, count in full.items() if count == 0], [], "tables that this test says nothing of")
        home = int(self.server.sql("SELECT enterprise_id FROM app_user WHERE username = 'admin'")[0][0])
        before = self.site.rows(home)
        done = self.site.ended(self.site.delete().id)
        self.assertEqual((done.state, done.progress), (STATE.Value("OPERATION_STATE_SUCCEEDED"), done.total))
        self.nothing_is_left()
        after = self.site.rows(home)
        moved = {"device", "device_status", "device_feed", "device_certificate", "operation"}
        told = {"audit_payload", "device_log"}  # of what was done, by the terminals themselves as soon as they are back
        self.assertEqual({table for table in before if after[table] != before[table]} - KEPT - told, moved)
        for table in KEPT:
            self.assertGreater(self.site.rows(self.site.enterprise.id)[table], 0, table)

    def test_a_terminal_that_was_away_is_cleared_before_anything_else_when_it_returns(self):
        online, away = self.site.terminals
        away.ask("cut on")
        self.site.passes(away)
        self.assertEqual(away.status()["unsentRecords"], 1)
        done = self.site.ended(self.site.delete().id)
        self.assertEqual(done.state, STATE.Value("OPERATION_STATE_SUCCEEDED"))
        self.cleared(online)
        self.nothing_is_left()
        self.assertEqual(self.pending(), [self.site.devices[1]])
        # Without the server, the gate goes on as it was.
        self.assertEqual(self.site.passes(away)["result"], "ALLOWED")
        self.assertEqual(away.status()["people"], 2)
        away.kill()
        away.start()
        self.cleared(away)
        self.assertEqual(self.pending(), [])
        self.assertEqual(self.site.passes(away)["result"], "DENIED")
        away.wait(lambda s: s["unsentRecords"] == 0)
        self.nothing_is_left()
        records = self.server.sql("SELECT device_id, person_id IS NULL, person_name FROM pass_record")
        self.assertEqual(records, [[str(self.site.devices[1]), "t", ""]])
        shown = self.site.admin.call("DevicesService.ListDevices").devices
        self.assertCountEqual([device.id for device in shown], self.site.devices)
        self.assertEqual(self.site.refusal(self.site.admin, "EnterprisesService.GetEnterprise", id=self.site.enterprise.id),
                         "ENTERPRISE_NOT_FOUND")

    def test_its_users_are_out_at_once_and_its_terminals_can_be_used_by_the_super_administrator(self):
        lock = self.hold("person")
        operation = self.site.delete()
        self.assertEqual(self.site.refusal(self.site.chief, "PeopleService.ListEmployees"), "SESSION_EXPIRED")
        self.assertEqual(self.site.refusal(self.server.public(), "SessionService.Login", username="doomed",
                                           password="the password of the doomed"), "BAD_CREDENTIALS")
        self.assertIn("do not fit", self.site.enrol(os.path.join(self.site.folder, "late"), "D-3").stderr)
        self.assertEqual(self.site.delete().id, operation.id)  # again: the one that is at work
        self.assertTrue(self.site.admin.call("EnterprisesService.GetEnterprise", id=self.site.enterprise.id).deleting)
        self.assertEqual(self.site.refusal(self.site.admin, "EnterprisesService.UpdateEnterprise", enterprise=dict(
            id=self.site.enterprise.id, name="Saved", time_zone="UTC")), "ENTERPRISE_DELETING")
        lock.release()
        self.assertEqual(self.site.ended(operation.id).state, STATE.Value("OPERATION_STATE_SUCCEEDED"))
        for terminal in self.site.terminals:
            self.cleared(terminal)
        with open(os.path.join(os.environ["SMARTPASS_SHARE"], "photos", "person-01.jpg"), "rb") as file:
            picture = self.site.admin.upload(file.read())
        person = self.site.admin.call("PeopleService.CreateEmployee",
                                      employee=dict(number="1", name="New", photo_id=picture.id))
        self.site.admin.call("PassService.BatchCreateGrants", person_ids=[person.id], device_ids=self.site.devices)
        for terminal in self.site.terminals:
            terminal.wait(lambda status: status["faces"] == 1, 60)
            self.assertEqual(self.site.passes(terminal)["person"]["name"], "New")

    def test_a_serial_number_that_the_super_administrator_has_already_stays_his(self):
        first, second = self.site.terminals
        second.stop()
        done = self.site.enrol(os.path.join(self.site.folder, "twin"), "D-2", "admin", self.server.PASSWORD)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.site.ended(self.site.delete().id).state, STATE.Value("OPERATION_STATE_SUCCEEDED"))
        self.cleared(first)
        second.start()
        second.wait(lambda s: s["link"] == "not enrolled" and s["people"] == 0)
        self.nothing_is_left()
        shown = {device.serial_number: device.id for device in self.site.admin.call("DevicesService.ListDevices").devices}
        self.assertEqual(sorted(shown), ["D-1", "D-2"])
        self.assertNotEqual(shown["D-2"], self.site.devices[1])

    # ---- kill -9

    def hold(self, table):
        """Keeps everybody from writing the table until it is released."""
        return Lock(self.server, table)

    def stuck(self, table):
        return wait_until(lambda: self.server.sql(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ '(DELETE FROM|INSERT INTO|UPDATE) %s '" % table), 60)

    def restart(self):
        self.server.start()
        self.site.admin = self.server.admin()

    def test_a_server_killed_at_any_stage_leaves_a_deletion_that_another_completes(self):
        stages = ["device_certificate", "pass_snapshot", "blob_key", "pass_record"]
        lock = self.hold(stages[0])
        operation = self.site.delete()
        for here, there in zip(stages, stages[1:] + ["enterprise"]):
            self.stuck(here)
            kill_and_forget(self.server)
            following = self.hold(there)
            lock.release()
            lock = following
            self.restart()
        self.stuck("enterprise")
        self.assertNotEqual(self.site.left(), {})
        lock.release()
        done = self.site.ended(operation.id)
        self.assertEqual(done.state, STATE.Value("OPERATION_STATE_SUCCEEDED"), done)
        self.nothing_is_left()
        for terminal in self.site.terminals:
            self.cleared(terminal)

    def test_a_deletion_that_failed_is_started_again(self):
        lock = self.hold("person")
        operation = self.site.delete()
        self.stuck("person")
        self.site.admin.call("OperationsService.CancelOperation", id=operation.id)
        lock.release()
        self.assertEqual(self.site.ended(operation.id).state, STATE.Value("OPERATION_STATE_CANCELLED"))
        self.assertNotEqual(self.site.left(), {})
        self.assertEqual(self.site.refusal(self.server.public(), "SessionService.Login", username="doomed",
                                           password="the password of the doomed"), "BAD_CREDENTIALS")
        again = self.site.delete()
        self.assertNotEqual(again.id, operation.id)
        self.assertEqual(self.site.ended(again.id).state, STATE.Value("OPERATION_STATE_SUCCEEDED"))
        self.nothing_is_left()


if __name__ == "__main__":
    unittest.main()
