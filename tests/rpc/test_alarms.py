"""Alarms that go on and end: raised by the watch over the terminals, shown to whoever sees the terminal, acknowledged; and
how the whole fleet is."""

import queue
import threading
import time
import unittest

from fixture import MODULES, Refused, Server, wait_until
from terminal import Terminal, link

monitor = MODULES["monitor"]


def kind(alarm):
    return monitor.AlarmKind.Name(alarm.kind)[len("ALARM_KIND_"):]


class AlarmCase(unittest.TestCase):
    """One server for all; what one test does to its terminals concerns no other."""

    @classmethod
    def setUpClass(cls):
        cls.numbers = iter(range(1, 999))
        cls.start_server()

    @classmethod
    def start_server(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.close)
        cls.admin = cls.server.admin()
        # As if a server had run for a day: otherwise silence counts from its start only.
        wait_until(lambda: cls.server.sql("UPDATE watch_lease SET since = now() - interval '1 day' RETURNING name"))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def terminal(self, values=None, approved="now()"):
        """values: columns of its status."""
        serial = "A-%d" % next(self.numbers)
        made = Terminal(self.server, serial, "admin", Server.PASSWORD, name="Gate " + serial)
        self.server.sql("UPDATE device SET approved_at = %s WHERE id = %d" % (approved, made.id))
        if values:
            self.set(made, values)
        return made

    def online(self, terminal, **hello):
        stream = terminal.online(**hello)
        self.addCleanup(stream.close)
        return stream

    def set(self, terminal, values):
        self.server.sql("UPDATE device_status SET %s WHERE device_id = %d" % (values, terminal.id))

    def alarms(self, client=None, **request):
        return (client or self.admin).call("MonitorService.ListAlarms", **{"page_size": 100, **request})

    def newest(self, terminal):
        """{kind: the newest of it}."""
        return {kind(alarm): alarm for alarm in reversed(self.alarms(device_id=terminal.id).alarms)}

    def of(self, terminal):
        """{kind: whether it goes on}."""
        return {word: not alarm.HasField("end_time") for word, alarm in self.newest(terminal).items()}

    def wait_for(self, terminal, **kinds):
        wait_until(lambda: self.of(terminal) == kinds, 40, 0.3)
        return self.newest(terminal)

    def look(self):
        """The watch has looked since; it does so every five seconds."""
        marker = self.terminal("unsent_records = 100000")
        self.wait_for(marker, BACKLOG=True)


class WatchTest(AlarmCase):
    """tests/unit/monitor looks at each condition by itself."""

    def test_alarms_begin_with_their_condition_go_on_once_and_end_with_it(self):
        day_ago = "now() - interval '1 day'"
        silent = self.terminal("last_seen_at = now() - interval '301 seconds'", day_ago)
        accepted = self.terminal("last_seen_at = now() - interval '1 hour'")  # a moment ago
        full = self.terminal("clock_skew_ms = 93500, unsent_records = 5000")
        late = self.terminal("clock_skew_ms = -60001")
        waiting = self.terminal("unsent_records = 5000", "NULL")
        wrong = self.terminal()
        self.online(wrong, clock_ms=int(time.time() * 1000) + 3600000).send(heartbeat=link.Heartbeat(unsent_records=1234))
        self.look()
        self.assertRegex(self.wait_for(wrong, CLOCK_SKEW=True, BACKLOG=True)["CLOCK_SKEW"].detail, r"^\+(3599|3600)\.\d s$")
        self.assertEqual(self.newest(wrong)["BACKLOG"].detail, "1234 records")
        seen = self.newest(silent)["DEVICE_OFFLINE"]
        self.assertEqual((seen.device_id, seen.device_name), (silent.id, "Gate " + silent.serial))
        self.assertEqual(self.of(full), {"CLOCK_SKEW": True, "BACKLOG": True})
        self.assertEqual(self.newest(full)["CLOCK_SKEW"].detail, "+93.5 s")
        self.assertEqual((self.of(accepted), self.of(waiting)), ({}, {}))
        self.online(silent)
        self.set(full, "clock_skew_ms = 0")
        self.admin.call("DevicesService.DeleteDevice", id=late.id)
        self.look()
        ended = self.newest(silent)["DEVICE_OFFLINE"]
        self.assertEqual((ended.id, ended.HasField("end_time")), (seen.id, True))
        self.assertEqual((self.of(full), self.of(late)), ({"CLOCK_SKEW": False, "BACKLOG": True}, {"CLOCK_SKEW": False}))


class ListTest(AlarmCase):
    """Alarms that no watch ends: events, put into the database."""

    def put(self, terminal, word="RECORD_GAP", seconds=0, device=None):
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
