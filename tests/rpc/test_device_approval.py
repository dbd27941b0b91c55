"""A new terminal waits until somebody accepts it; one that is revoked is cut off, and comes back by enrolling again."""

import subprocess
import time
import unittest

from device_case import DeviceCase
from fixture import Refused, Server, wait_until
from terminal import Terminal, link, record

GIVEN = {"people", "settings", "setting_changes", "command", "capture", "photo", "package_offer", "display_plan",
         "display_chunk"}


class DeviceApprovalTest(DeviceCase):
    def policy(self, **fields):
        values = dict(approval=True, offline_alarm_seconds=300, clock_alarm_seconds=60, backlog_alarm_records=1000,
                      certificate_alarm_days=14)
        return self.admin.call("DevicesService.UpdateDevicePolicy", policy=dict(values, **fields))

    def given(self, stream):
        return GIVEN & set(stream.kept())

    def still_waits(self, stream):
        """Everything that was said to the terminal so far has been read when the answer to this is here."""
        stream.send(heartbeat=link.Heartbeat())
        stream.read("heartbeat_ack")
        self.assertEqual(self.given(stream), set())

    # ---- Waiting

    def test_one_that_waits_gets_nothing_and_its_records_are_taken(self):
        terminal, ann = self.terminal(), self.employee()
        self.grant(terminal, ann)
        self.assertTrue(self.device(terminal).waiting)
        stream = self.online(terminal)
        self.assertTrue(stream.welcome.waiting)
        stream.send_records(record(1))
        stream.acked(1)
        # What it wants or reports all the same goes nowhere.
        stream.send(settings=link.SettingsReport(version=7))
        stream.send(photo_request=link.PhotoRequest(person_id=ann.id, sha256=b"x" * 32))
        stream.send(people=link.PeopleReport(outcomes=[link.PersonOutcome(revision=1, person_id=ann.id)]))
        self.grant(terminal, self.employee())  # pokes it
        time.sleep(0.3)
        self.still_waits(stream)
        self.assertEqual(self.device(terminal).pending_people, 2)

        device = self.approve(terminal)
        self.assertFalse(device.waiting)
        changes = stream.read("people").changes
        self.assertEqual({change.person_id for change in changes}, self.granted(terminal))
        self.confirm(stream, changes)
        wait_until(lambda: self.device(terminal).pending_people == 0)

    def test_one_that_was_accepted_is_told_so_when_it_comes(self):
        terminal = self.accepted()
        stream = self.online(terminal)
        self.assertFalse(stream.welcome.waiting)
        self.assertTrue(stream.read("people").complete)

    def test_a_lost_notification_is_made_good(self):
        terminal = self.terminal()
        stream = self.online(terminal)
        self.server.sql("UPDATE device SET approved_at = now() WHERE id = %d" % terminal.id)
        stream.read("people", seconds=15)

    def test_accepting_twice_changes_nothing(self):
        terminal = self.accepted()
        before = self.server.sql("SELECT approved_at, approved_by FROM device WHERE id = %d" % terminal.id)
        self.approve(terminal)
        self.assertEqual(self.server.sql("SELECT approved_at, approved_by FROM device WHERE id = %d" % terminal.id), before)
        self.assertEqual(before[0][1], self.server.sql("SELECT id FROM app_user WHERE username = 'admin'")[0][0])
        self.assertIn(["device " + self.device(terminal).name, ""], self.audited("approve device"))

    def test_those_that_wait_can_be_listed_alone(self):
        waiting, accepted = self.terminal(), self.accepted()
        answer = self.admin.call("DevicesService.ListDevices", waiting=True, page_size=100)
        ids = [device.id for device in answer.devices]
        self.assertIn(waiting.id, ids)
        self.assertNotIn(accepted.id, ids)
        self.assertTrue(all(device.waiting for device in answer.devices))
        self.assertEqual(answer.total_size, len(ids))

    def test_no_photo_is_taken_by_one_that_waits(self):
        terminal = self.terminal()
        self.online(terminal)
        refused = self.refused(self.admin.call, "CaptureService.CreateCapture", device_id=terminal.id)
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "DEVICE_WAITING"))

    def test_enrolling_again_keeps_what_was_decided(self):
        for accept in (False, True):
            terminal = self.terminal()
            if accept:
                self.approve(terminal)
            again = Terminal(self.server, terminal.serial, "admin", Server.PASSWORD)
            self.assertEqual((again.id, self.device(again).waiting), (terminal.id, not accept))

    def test_who_does_not_see_it_does_not_accept_it(self):
        terminal = self.terminal()
        elsewhere = self.account(self.group("Elsewhere"))
        for method in ("ApproveDevice", "RevokeDevice"):
            refused = self.refused(elsewhere.call, "DevicesService." + method, id=terminal.id)
            self.assertEqual((refused.code, refused.reason), ("NOT_FOUND", "DEVICE_NOT_FOUND"))
        self.assertTrue(self.device(terminal).waiting)

    # ---- The policy

    def test_without_approval_nobody_waits(self):
        self.addCleanup(self.policy)
        self.assertFalse(self.policy(approval=False).approval)
        self.assertFalse(self.device(self.terminal()).waiting)
        self.assertTrue(self.policy(approval=True).approval)
        self.assertTrue(self.device(self.terminal()).waiting)

    def test_the_policy_has_bounds(self):
        self.addCleanup(self.policy)
        first = self.admin.call("DevicesService.GetDevicePolicy")
        self.assertEqual((first.approval, first.offline_alarm_seconds, first.clock_alarm_seconds,
                          first.backlog_alarm_records, first.certificate_alarm_days), (True, 300, 60, 1000, 14))
        for field, low, high in (("offline_alarm_seconds", 60, 86400), ("clock_alarm_seconds", 5, 3600),
                                 ("backlog_alarm_records", 1, 1000000), ("certificate_alarm_days", 1, 60)):
            for value in (low, high):
                self.policy(**{field: value})
                self.assertEqual(getattr(self.admin.call("DevicesService.GetDevicePolicy"), field), value)
            for value in (low - 1, high + 1, -1):
                self.assertEqual(self.refused(self.policy, **{field: value}).fields, {"policy." + field: "OUT_OF_RANGE"})
        both = self.refused(self.policy, clock_alarm_seconds=0, certificate_alarm_days=0).fields
        self.assertEqual(set(both), {"policy.clock_alarm_seconds", "policy.certificate_alarm_days"})

    def test_who_sees_a_part_reads_the_policy_and_does_not_change_it(self):
        part = self.account(self.group("Part"))
        policy = part.call("DevicesService.GetDevicePolicy")
        refused = self.refused(part.call, "DevicesService.UpdateDevicePolicy", policy=policy)
        self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", "DEVICE_POLICY_ELSEWHERE"))

    # ---- Revoking

    def test_a_revoked_terminal_is_cut_off_and_comes_back_by_enrolling(self):
        terminal, ann = self.accepted(), self.employee()
        self.grant(terminal, ann)
        stream = self.online(terminal)
        device = self.admin.call("DevicesService.RevokeDevice", id=terminal.id)
        self.assertFalse(device.HasField("certificate_expire_time"))
        self.assertEqual(stream.end(5), ("UNAUTHENTICATED", "CERTIFICATE_REVOKED"))
        for attempt in (terminal.renew, terminal.online):
            with self.assertRaises((Refused, AssertionError)) as raised:
                attempt()
            self.assertIn("CERTIFICATE_REVOKED", str(raised.exception))
        self.assertIn(["device " + device.name, ""], self.audited("revoke device"))

        again = Terminal(self.server, terminal.serial, "admin", Server.PASSWORD)
        self.assertEqual(again.id, terminal.id)
        back = self.online(again)
        self.assertFalse(back.welcome.waiting)
        self.assertEqual({change.person_id for change in back.read("people").changes}, {ann.id})

    def test_a_renewal_on_its_way_does_not_outlive_the_revocation(self):
        """The renewal waits for a revocation that has begun, and finds it."""
        terminal = self.accepted()
        revoking = subprocess.Popen(
            ["psql", "-X", "-q", "-h", self.server.data + "/postgres-socket", "-p", "3306", "-U", "smartpass", "-c",
             "BEGIN; SELECT FROM device WHERE id = %d FOR NO KEY UPDATE; UPDATE device_certificate SET revoked_at = now()"
             " WHERE device_id = %d; SELECT pg_sleep(2); COMMIT" % (terminal.id, terminal.id), "smartpass"],
            stdout=subprocess.DEVNULL)
        self.addCleanup(revoking.wait)
        wait_until(lambda: self.server.sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))
        self.assertEqual(self.refused(terminal.renew).reason, "CERTIFICATE_REVOKED")
        self.assertEqual(self.server.sql("SELECT count(*) FROM device_certificate WHERE device_id = %d"
                                         " AND revoked_at IS NULL" % terminal.id), [["0"]])

    # ---- How it is

    def test_the_condition_is_as_the_terminal_says(self):
        terminal = self.accepted(model="Old")
        self.admin.call("DevicesService.UpdateDevice", id=terminal.id, name="Gate", place=" Gate 3, ground floor ")
        stream = self.online(terminal, clock_ms=int(time.time() * 1000) - 3600_000, people_capacity=5000, model="New")
        device = self.device(terminal)
        self.assertEqual((device.place, device.model, device.people_capacity), ("Gate 3, ground floor", "New", 5000))
        self.assertAlmostEqual(device.clock_skew_ms, -3600_000, delta=20_000)
        self.assertLess(abs(time.time() - device.connect_time.seconds), 30)
        stream.send(heartbeat=link.Heartbeat(unsent_records=2, unsent_snapshots=9, free_bytes=5 << 30, total_bytes=8 << 30,
                                             last_error="camera: no picture"))
        device = wait_until(lambda: [d for d in [self.device(terminal)] if d.unsent_snapshots == 9])[0]
        self.assertEqual((device.unsent_records, device.free_bytes, device.total_bytes, device.last_error),
                         (2, 5 << 30, 8 << 30, "camera: no picture"))
        # The next stream says nothing at first: what it said before stays.
        self.leave(terminal, stream)
        stream = self.online(terminal)
        time.sleep(6)
        device = self.device(terminal)
        self.assertEqual((device.free_bytes, device.last_error, device.clock_skew_ms), (5 << 30, "camera: no picture", 0))
        stream.send(heartbeat=link.Heartbeat(unsent_snapshots=2 ** 64 - 1, free_bytes=2 ** 64 - 1))
        device = wait_until(lambda: [d for d in [self.device(terminal)] if d.last_error == ""])[0]
        self.assertEqual((device.unsent_snapshots, device.free_bytes), (2 ** 63 - 1, 2 ** 63 - 1))


if __name__ == "__main__":
    unittest.main()
