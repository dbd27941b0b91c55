"""Alarms that go on and end: raised by the watch over the terminals, shown to whoever sees the terminal, acknowledged; and
how the whole fleet is."""

import queue
import threading
import unittest

from fixture import MODULES, Refused, Server, wait_until
from terminal import Terminal, link

monitor = MODULES["monitor"]
DAY_S = 24 * 3600


def kind(alarm):
    return monitor.AlarmKind.Name(alarm.kind)[len("ALARM_KIND_"):]


class AlarmCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.close)
        cls.admin = cls.server.admin()
        # As if a server had run for a day: otherwise silence counts from its start only.
        wait_until(lambda: cls.server.sql("UPDATE watch_lease SET since = now() - interval '1 day' RETURNING name"))
        cls.server.sql("UPDATE enterprise SET device_approval = false")
        cls.numbers = iter(range(1, 999))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def terminal(self, **fields):
        serial = "A-%d" % next(self.numbers)
        made = Terminal(self.server, serial, "admin", Server.PASSWORD, name="Gate " + serial, **fields)
        self.server.sql("UPDATE device SET approved_at = now() WHERE id = %d" % made.id)
        return made

    def online(self, terminal, **hello):
        stream = terminal.online(**hello)
        self.addCleanup(stream.close)
        return stream

    def set(self, terminal, values):
        self.server.sql("UPDATE device_status SET %s WHERE device_id = %d" % (values, terminal.id))

    def alarms(self, client=None, **request):
        return (client or self.admin).call("MonitorService.ListAlarms", **{"page_size": 100, **request})

    def of(self, terminal, **request):
        """{kind: whether it goes on} of the newest of each kind."""
        found = {}
        for alarm in self.alarms(device_id=terminal.id, **request).alarms:
            found.setdefault(kind(alarm), not alarm.HasField("end_time"))
        return found

    def wait_for(self, terminal, **kinds):
        wait_until(lambda: self.of(terminal) == kinds, 40, 0.3)
        return {kind(alarm): alarm for alarm in reversed(self.alarms(device_id=terminal.id).alarms)}


class WatchTest(AlarmCase):
    def test_a_terminal_that_is_silent_for_too_long_alarms_until_it_returns(self):
        silent, quiet = self.terminal(), self.terminal()
        self.server.sql("UPDATE device SET approved_at = now() - interval '1 day' WHERE id IN (%d, %d)" % (silent.id, quiet.id))
        self.set(silent, "last_seen_at = now() - interval '301 seconds'")
        self.set(quiet, "last_seen_at = now() - interval '200 seconds'")
        alarm = self.wait_for(silent, DEVICE_OFFLINE=True)["DEVICE_OFFLINE"]
        self.assertEqual((alarm.device_id, alarm.device_name), (silent.id, "Gate " + silent.serial))
        self.assertRegex(alarm.detail, r"^last seen \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$")
        self.assertEqual(self.of(quiet), {})
        self.online(silent)
        ended = self.wait_for(silent, DEVICE_OFFLINE=False)["DEVICE_OFFLINE"]
        self.assertEqual(ended.id, alarm.id)
        self.assertGreaterEqual(ended.end_time.seconds, ended.raise_time.seconds)

    def test_a_backlog_ends_at_half_of_what_began_it(self):
        full = self.terminal()
        self.set(full, "unsent_records = 1000")
        other = self.terminal()
        self.set(other, "unsent_records = 1001")
        self.assertEqual(self.wait_for(other, BACKLOG=True)["BACKLOG"].detail, "1001 records")
        self.assertEqual(self.of(full), {})
        self.set(other, "unsent_records = 501")
        self.set(full, "clock_skew_ms = -60001")  # so that the watch has looked once more
        self.assertEqual(self.wait_for(full, CLOCK_SKEW=True)["CLOCK_SKEW"].detail, "-60.0 s")
        self.assertEqual(self.of(other), {"BACKLOG": True})
        self.set(other, "unsent_records = 500")
        self.wait_for(other, BACKLOG=False)

    def test_a_wrong_clock_and_an_old_certificate_alarm_and_each_kind_goes_on_once(self):
        terminal = self.terminal()
        self.set(terminal, "clock_skew_ms = 93500, unsent_records = 5000")
        self.server.sql("UPDATE device_certificate SET expires_at = now() + interval '13 days' WHERE device_id = %d" % terminal.id)
        shown = self.wait_for(terminal, CLOCK_SKEW=True, BACKLOG=True, CERTIFICATE_EXPIRY=True) \
            if self.look_at_certificates() else {}
        self.assertEqual(shown["CLOCK_SKEW"].detail, "+93.5 s")
        self.assertRegex(shown["CERTIFICATE_EXPIRY"].detail, r"^until \d{4}-\d\d-\d\d \d\d:\d\d UTC$")
        self.assertEqual(self.server.sql("SELECT count(*) FROM alarm WHERE device_id = %d" % terminal.id), [["3"]])
        terminal.renew()
        self.set(terminal, "clock_skew_ms = 0, unsent_records = 0")
        self.wait_for(terminal, CLOCK_SKEW=False, BACKLOG=False, CERTIFICATE_EXPIRY=False)
        self.set(terminal, "clock_skew_ms = 100000")
        self.wait_for(terminal, CLOCK_SKEW=True, BACKLOG=False, CERTIFICATE_EXPIRY=False)  # a new one
        self.assertEqual(self.server.sql("SELECT count(*) FROM alarm WHERE device_id = %d" % terminal.id), [["4"]])

    def look_at_certificates(self):
        """A watch that begins looks at them at once; this one has looked already."""
        self.server.stop()
        self.server.start()
        type(self).admin = self.server.admin()
        return True

    def test_a_terminal_that_waits_or_was_deleted_raises_nothing(self):
        waiting, deleted, third = self.terminal(), self.terminal(), self.terminal()
        for one in (waiting, deleted):
            self.set(one, "unsent_records = 2000")
        self.wait_for(deleted, BACKLOG=True)
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % waiting.id)
        self.wait_for(waiting, BACKLOG=False)
        self.admin.call("DevicesService.DeleteDevice", id=deleted.id)
        self.wait_for(deleted, BACKLOG=False)
        for one in (waiting, deleted):
            self.set(one, "clock_skew_ms = 1000000")
        self.set(third, "clock_skew_ms = 1000000")
        self.wait_for(third, CLOCK_SKEW=True)
        self.assertEqual((self.of(waiting), self.of(deleted)), ({"BACKLOG": False}, {"BACKLOG": False}))

    def test_the_policy_of_the_enterprise_decides(self):
        terminal = self.terminal()
        self.set(terminal, "unsent_records = 40")
        self.server.sql("UPDATE enterprise SET backlog_alarm_records = 39")
        self.addCleanup(self.server.sql, "UPDATE enterprise SET backlog_alarm_records = 1000")
        self.wait_for(terminal, BACKLOG=True)
        self.server.sql("UPDATE enterprise SET backlog_alarm_records = 1000")
        self.wait_for(terminal, BACKLOG=False)

    def test_silence_does_not_count_while_no_server_could_hear(self):
        terminal, other = self.terminal(), self.terminal()
        self.server.sql("UPDATE device SET approved_at = now() - interval '1 day' WHERE id = %d" % terminal.id)
        self.set(terminal, "last_seen_at = now() - interval '1 hour'")
        self.server.sql("UPDATE watch_lease SET expires_at = now() - interval '2 minutes', owner = 1")
        self.addCleanup(self.server.sql, "UPDATE watch_lease SET since = now() - interval '1 day'")
        wait_until(lambda: self.server.sql("SELECT FROM watch_lease WHERE since > now() - interval '1 minute' LIMIT 1") == [] and
                   self.server.sql("SELECT 1 FROM watch_lease WHERE since > now() - interval '1 minute'"))
        self.set(other, "unsent_records = 5000")
        self.wait_for(other, BACKLOG=True)
        self.assertEqual(self.of(terminal), {})
        self.server.sql("UPDATE watch_lease SET since = now() - interval '1 day'")
        self.wait_for(terminal, DEVICE_OFFLINE=True)


class ListTest(AlarmCase):
    """Alarms that no watch ends: events, put into the database."""

    def put(self, terminal, word="RECORD_GAP", seconds=0, device=None, enterprise=None):
        number = next(self.numbers) + 7000
        self.server.sql(
            "INSERT INTO alarm (enterprise_id, id, raised_at, ended_at, kind, device_id, detail)"
            " SELECT enterprise_id, %d, t, t, '%s', %s, 'put %d' FROM device, LATERAL (SELECT now() - interval '%d seconds' AS t) o"
            " WHERE id = %d" % (number, word, device or "id", number, seconds, terminal.id))
        return number

    def test_they_come_by_page_newest_first_and_filtered(self):
        terminal = self.terminal()
        numbers = [self.put(terminal, seconds=i) for i in range(5)] + [self.put(terminal, seconds=4)]
        order = numbers[:4] + [numbers[5], numbers[4]]  # of one moment, the higher id first
        seen, token = [], ""
        while True:
            page = self.alarms(device_id=terminal.id, page_size=2, page_token=token)
            seen += [alarm.id for alarm in page.alarms]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(seen[:4] + sorted(seen[4:], reverse=True), order)
        self.assertEqual(page.total_size, 6)
        self.assertEqual([alarm.id for alarm in self.alarms(device_id=terminal.id, skip=4).alarms], seen[4:])
        refused = self.put(terminal, "CERTIFICATE_REFUSED")
        self.assertEqual([alarm.id for alarm in self.alarms(device_id=terminal.id, kind="ALARM_KIND_CERTIFICATE_REFUSED").alarms],
                         [refused])
        self.assertEqual(self.alarms(device_id=77).alarms[:], [])

    def test_who_acknowledges_is_kept_and_the_second_changes_nothing(self):
        terminal = self.terminal()
        first, second = self.put(terminal), self.put(terminal)
        before = self.alarms().open_count
        done = self.admin.call("MonitorService.AcknowledgeAlarms", ids=[first, first, 77])
        self.assertEqual(done.acknowledged_count, 1)
        self.assertEqual(self.admin.call("MonitorService.AcknowledgeAlarms", ids=[first]).acknowledged_count, 0)
        self.assertEqual(self.alarms().open_count, before - 1)
        opened = self.alarms(device_id=terminal.id, filter="ALARM_FILTER_OPEN")
        self.assertEqual([alarm.id for alarm in opened.alarms], [second])
        closed, = self.alarms(device_id=terminal.id, filter="ALARM_FILTER_CLOSED").alarms
        self.assertEqual((closed.id, closed.acknowledged_by), (first, "admin"))
        self.assertTrue(closed.HasField("acknowledge_time") and closed.HasField("end_time"))

    def test_one_that_goes_on_is_open_although_it_was_acknowledged(self):
        terminal = self.terminal()
        self.set(terminal, "unsent_records = 7000")
        alarm = self.wait_for(terminal, BACKLOG=True)["BACKLOG"]
        self.admin.call("MonitorService.AcknowledgeAlarms", ids=[alarm.id])
        self.assertEqual(len(self.alarms(device_id=terminal.id, filter="ALARM_FILTER_OPEN").alarms), 1)
        self.set(terminal, "unsent_records = 0")
        self.wait_for(terminal, BACKLOG=False)
        self.assertEqual(len(self.alarms(device_id=terminal.id, filter="ALARM_FILTER_CLOSED").alarms), 1)

    def test_a_user_sees_the_alarms_of_his_groups_and_those_of_no_terminal_only_at_the_root(self):
        root = self.admin.call("OrgService.ListGroups").groups[0].id
        group = self.admin.call("OrgService.CreateGroup", group=dict(parent_id=root, name="West")).id
        made = self.admin.call("UsersService.CreateUser", user=dict(
            username="warden", display_name="Warden", group_id=group, group_administrator=True))
        first = self.server.public().call("SessionService.Login", username="warden", password=made.one_time_password).token
        warden = self.server.public().with_token(first)
        warden.call("SessionService.ChangePassword", old_password=made.one_time_password, new_password=Server.PASSWORD)
        inside, outside = self.terminal(), self.terminal()
        self.admin.call("DevicesService.UpdateDevice", id=inside.id, name="Inside", group_id=group)
        seen, hidden, nobody = self.put(inside), self.put(outside), self.put(outside, device="NULL")
        page = self.alarms(warden)
        self.assertEqual(([alarm.id for alarm in page.alarms], page.total_size, page.open_count), ([seen], 1, 1))
        self.assertIn(nobody, [alarm.id for alarm in self.alarms().alarms])
        done = warden.call("MonitorService.AcknowledgeAlarms", ids=[seen, hidden, nobody])
        self.assertEqual(done.acknowledged_count, 1)
        self.assertEqual(warden.call("MonitorService.GetFleetHealth").device_count, 1)
        with self.assertRaises(Refused) as raised:
            warden.call("MonitorService.GetFleetHealth", group_id=root)
        self.assertEqual(raised.exception.reason, "GROUP_NOT_FOUND")

    def test_watchers_hear_of_an_alarm_and_of_its_end(self):
        terminal = self.terminal()
        heard = queue.Queue()
        stream = self.admin.stream("ConsoleService.WatchEvents")
        self.addCleanup(stream.cancel)

        def gather():
            try:
                for event in stream:
                    if event.WhichOneof("event") == "alarm" and event.alarm.device_id == terminal.id:
                        heard.put(event.alarm)
            except Exception:  # cancelled
                pass
        threading.Thread(target=gather, daemon=True).start()
        self.set(terminal, "unsent_records = 1500")
        raised = heard.get(timeout=30)
        self.assertEqual((kind(raised), raised.HasField("end_time")), ("BACKLOG", False))
        self.admin.call("MonitorService.AcknowledgeAlarms", ids=[raised.id])
        self.assertEqual(heard.get(timeout=30).acknowledged_by, "admin")
        self.set(terminal, "unsent_records = 0")
        ended = heard.get(timeout=30)
        self.assertEqual((ended.id, ended.HasField("end_time")), (raised.id, True))


class HealthTest(AlarmCase):
    def assert_the_list_shows_what_is_counted(self):
        health = self.admin.call("MonitorService.GetFleetHealth")
        counted = [health.pending_settings_count, health.refused_settings_count, health.pending_people_count,
                   health.backlog_count, health.risk_count, health.alarm_count]
        listed = [self.admin.call("DevicesService.ListDevices", condition=condition) for condition in range(1, 7)]
        self.assertEqual([one.total_size for one in listed], counted)
        self.assertEqual([len(one.devices) for one in listed], counted)
        for one in health.software:
            found = self.admin.call("DevicesService.ListDevices", software_version=one.version)
            self.assertEqual({device.software_version for device in found.devices}, {one.version})
            self.assertEqual(found.total_size, one.device_count)
        self.assertEqual(self.admin.call("DevicesService.ListDevices", condition=7).total_size, 0)

    def test_the_fleet_is_counted_by_its_conditions(self):
        self.assertEqual(self.admin.call("MonitorService.GetFleetHealth").device_count, 0)
        online, silent, waiting = self.terminal(), self.terminal(), self.terminal()
        self.online(online, software_version="2.0")
        self.set(silent, "software_version = '1.9', unsent_records = 3000")
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % waiting.id)
        person = self.admin.call("PeopleService.CreateEmployee", employee=dict(number="1", name="Ann"))
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person.id], device_ids=[silent.id])
        insert = ("INSERT INTO device_setting (enterprise_id, device_id, key, version, edit, number, text, reported_version,"
                  " reported_number, reported_text, refused) SELECT enterprise_id, id, k.* FROM device,"
                  " (VALUES %s) AS k WHERE id = %d")
        self.server.sql("DELETE FROM device_setting")
        self.server.sql(insert % ("(23, 5, 0, 30, '', 4, 20, '', '')", silent.id))
        self.server.sql(insert % ("(38, 5, 0, 0, '1x1', 5, 0, '1280x720', 'NOT_OFFERED')", online.id))
        # All that is unsafe at first has been set right on one.
        self.server.sql(insert % ("(10, 1, 0, 2, '', 1, 2, '', ''), (22, 1, 0, 1, '', 1, 1, '', ''),"
                                  " (45, 1, 0, 0, 'hash', 1, 0, 'hash', '')", online.id))
        self.wait_for(silent, BACKLOG=True)
        health = self.admin.call("MonitorService.GetFleetHealth")
        self.assertEqual(
            {field.name: value for field, value in health.ListFields() if field.name != "software"},
            dict(device_count=3, online_count=1, waiting_count=1, pending_settings_count=1, refused_settings_count=1,
                 pending_people_count=1, backlog_count=1, risk_count=2, alarm_count=1))
        self.assertEqual({one.version: one.device_count for one in health.software}, {"2.0": 1, "1.9": 1})
        self.assert_the_list_shows_what_is_counted()
        self.server.sql(insert % ("(7, 1, 0, 1, '', 1, 1, '', '')", online.id))  # strangers pass there
        self.assertEqual(self.admin.call("MonitorService.GetFleetHealth").risk_count, 3)
        self.assert_the_list_shows_what_is_counted()


if __name__ == "__main__":
    unittest.main()
