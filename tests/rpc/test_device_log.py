"""What terminals tell of their own doings: a terminal of another make whose lines are stored once, and one that keeps to no
rule; and the agent, with its cable cut and its process killed."""

import os
import subprocess
import sys
import time
import unittest

from fixture import BIN, MODULES, PHOTOS, Refused, Server, wait_until
from terminal import Terminal, link, record

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from agent_process import Agent  # noqa: E402

commands = MODULES["commands"]
monitor = MODULES["monitor"]


def line(number, event="STARTED", **fields):
    return link.LogLine(**{**dict(number=number, at_ms=1700000000000 + number, level=1, event=event,
                                  detail="line %d" % number), **fields})


class LogCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.close)
        cls.admin = cls.server.admin()
        cls.numbers = iter(range(1, 999))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def list(self, device, client=None, **request):
        return (client or self.admin).call("MonitorService.ListDeviceLog", device_id=device, **{"page_size": 100, **request})

    def details(self, device, **request):
        return [one.detail for one in self.list(device, **request).lines]


class OtherMakeTest(LogCase):
    def setUp(self):
        self.terminal = Terminal(self.server, "L-%d" % next(self.numbers), "admin", Server.PASSWORD)
        self.stream = self.online()

    def online(self, **hello):
        stream = self.terminal.online(**hello)
        self.addCleanup(stream.close)
        return stream

    def send(self, *lines, stream=None, epoch=1):
        (stream or self.stream).send(log=link.LogBatch(store_epoch=epoch, lines=lines))

    def acked(self, stream=None):
        return (stream or self.stream).read("log_ack").number

    def tell(self, *lines):
        self.send(*lines)
        return self.acked()

    def stored(self):
        return [int(number) for number, in self.server.sql(
            "SELECT number FROM device_log WHERE device_id = %d ORDER BY id" % self.terminal.id)]

    def test_lines_are_stored_before_they_are_acknowledged_and_once(self):
        self.assertEqual(self.tell(*(line(number) for number in range(1, 17))), 16)
        self.assertEqual(self.stored(), list(range(1, 17)))
        self.assertEqual(self.tell(line(15), line(16), line(18)), 18)
        self.assertEqual(self.stored(), [*range(1, 17), 18])
        newest = self.list(self.terminal.id).lines[0]
        self.assertEqual((newest.event, newest.detail, newest.level, newest.time.ToMilliseconds()),
                         ("STARTED", "line 18", monitor.LOG_LEVEL_INFO, 1700000000018))
        second = self.online()
        self.send(line(18, detail="told otherwise"), line(19), stream=second)
        self.assertEqual(self.acked(second), 19)
        self.assertEqual(self.details(self.terminal.id, page_size=2), ["line 19", "line 18"])

    def test_what_makes_no_sense_is_dropped_and_the_others_stay(self):
        number = self.tell(
            line(1), line(2, event="no word"), line(3, event=""), line(4, level=4), line(5, level=0), line(6, at_ms=-1),
            line(7, at_ms=2 ** 62), line(7), line(9), line(8), line(0), line(2 ** 63, at_ms=1), line(10, detail="a\nb\x07c\x7f"))
        self.assertEqual(number, 10)
        self.assertEqual(self.stored(), [1, 9, 10])
        self.assertEqual(self.details(self.terminal.id)[0], "a b c ")
        self.stream.close()
        wait_until(lambda: "lines of a terminal's log were dropped" in self.server.log())

    def test_lines_that_are_too_long_or_too_many_end_the_stream(self):
        self.send(line(1, event="X" * 33))
        self.assertEqual(self.stream.end()[0], "INVALID_ARGUMENT")
        stream = self.online()
        self.send(*(line(number) for number in range(1, 18)), stream=stream)
        self.assertEqual(stream.end()[0], "INVALID_ARGUMENT")
        self.assertEqual(self.stored(), [])

    def test_lines_of_another_epoch_end_the_stream(self):
        self.send(line(1), epoch=2)
        self.assertEqual(self.stream.end(), ("INVALID_ARGUMENT", "LINK_EPOCH_UNKNOWN"))

    def test_one_that_sends_and_sends_does_not_fill_the_disk(self):
        """4 096 lines at once, then two a second; and whoever does not wait for the acknowledgement is not waited for."""
        for first in range(1, 4700, 16):
            self.tell(*(line(number) for number in range(first, first + 16)))
        count = len(self.stored())
        self.assertTrue(4096 <= count < 4096 + 200, count)
        self.stream.close()
        self.stream = self.online()  # a new stream is no new allowance
        self.tell(*(line(number) for number in range(5001, 5017)))
        self.assertLess(len(self.stored()), count + 200)

    def test_only_the_latest_ten_thousand_stay(self):
        self.server.sql(
            "INSERT INTO device_log SELECT enterprise_id, id, g, 1, g, now(), now() - g * interval '1 second', 1, 'STARTED', 'x'"
            " FROM device, generate_series(1, 12000) g WHERE id = %d" % self.terminal.id)
        self.tell(line(20001), line(20002))
        stored = self.stored()
        self.assertLessEqual(len(stored), 10000)
        self.assertGreater(len(stored), 9000)
        self.assertEqual(stored[-2:], [20001, 20002])

    def test_a_terminal_that_waits_is_heard_too(self):
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % self.terminal.id)
        self.assertEqual(self.tell(line(1)), 1)
        self.assertEqual(self.stored(), [1])

    def test_pages_filters_and_following(self):
        words = ("STARTED", "LINK_UP", "CLOCK_SET", "LINK_DOWN", "STORAGE_FULL")
        for start in (0, 5):
            self.tell(*(line(start + i + 1, event=words[i], level=(1, 1, 1, 2, 3)[i]) for i in range(5)))
        device, seen, token = self.terminal.id, [], ""
        while True:
            page = self.list(device, page_size=3, page_token=token)
            seen += [int(one.detail.split()[1]) for one in page.lines]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(seen, list(range(10, 0, -1)))
        self.assertEqual(page.device_state, 1)
        self.assertEqual(self.details(device, at_least="LOG_LEVEL_WARNING"), ["line 10", "line 9", "line 5", "line 4"])
        self.assertEqual(self.details(device, at_least="LOG_LEVEL_ERROR", query="storage"), ["line 10", "line 5"])
        self.assertEqual(self.details(device, query="line 1"), ["line 10", "line 1"])
        self.assertEqual(self.details(device, query="%"), [])
        last = self.list(device, page_size=1).lines[0].id
        self.assertEqual(self.details(device, after=last), [])
        self.tell(*(line(number) for number in range(11, 16)))
        page = self.list(device, after=last, page_size=3)
        self.assertEqual([one.detail for one in page.lines], ["line 11", "line 12", "line 13"])
        rest = self.details(device, after=last, page_size=3, page_token=page.next_page_token)
        self.assertEqual(rest, ["line 14", "line 15"])
        with self.assertRaises(Refused) as raised:
            self.list(77)
        self.assertEqual(raised.exception.reason, "DEVICE_NOT_FOUND")
        with self.assertRaises(Refused) as raised:
            self.list(device, after=-1)
        self.assertEqual(raised.exception.fields, {"after": "OUT_OF_RANGE"})


class RealTerminalTest(LogCase):
    def setUp(self):
        self.folder = os.path.join(self.server.folder, "agent-%d" % next(self.numbers))
        done = subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server",
                               "localhost:%d" % self.server.port, "--username", "admin", "--serial",
                               os.path.basename(self.folder), "--data", self.folder],
                              input=Server.PASSWORD, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.agent = Agent(os.path.join(BIN, "smartpass-agent"), self.folder)
        self.addCleanup(self.agent.close)

    def start(self):
        self.agent.start()
        self.device = int(self.agent.wait(lambda status: status["link"] == "online")["deviceId"])

    def events(self):
        """The oldest first."""
        return [one.event for one in reversed(self.list(self.device).lines)]

    def test_the_agent_tells_how_it_started_and_how_its_link_came_and_went(self):
        self.start()
        wait_until(lambda: self.events()[:2] == ["STARTED", "LINK_UP"], 30)
        self.assertRegex(self.list(self.device).lines[-1].detail, r"^version \S+, start 1, with a new store$")
        self.agent.ask("cut on")
        self.agent.wait(lambda status: status["link"] != "online")
        self.agent.ask("cut off")
        self.agent.wait(lambda status: status["link"] == "online")
        wait_until(lambda: self.events() == ["STARTED", "LINK_UP", "LINK_DOWN", "LINK_UP"], 30)
        self.agent.stop()
        self.start()
        self.agent.kill()
        self.start()
        wait_until(lambda: self.events().count("STARTED") == 3, 30)
        started = [one.detail for one in self.list(self.device, query="started").lines]
        self.assertIn("start 3, after it was cut off", started[0])
        self.assertIn("start 2, after it was stopped", started[1])

    def test_lines_wait_while_it_is_cut_off_and_for_records_and_come_once(self):
        self.start()
        wait_until(lambda: "LINK_UP" in self.events(), 30)
        self.agent.ask("cut on")
        self.agent.wait(lambda status: status["link"] != "online")
        self.agent.see(os.path.join(PHOTOS, "nobody-has-this.jpg"))  # the camera fails
        self.agent.see(os.path.join(PHOTOS, "person-01.jpg"))  # and works
        self.agent.kill()
        self.start()
        wait_until(lambda: "CAMERA_FAILED" in self.events() and self.events()[-1] == "LINK_UP", 30)
        failed, = self.list(self.device, at_least="LOG_LEVEL_ERROR").lines
        self.assertEqual((failed.event, failed.level), ("CAMERA_FAILED", monitor.LOG_LEVEL_ERROR))
        self.assertLess(abs(failed.time.seconds - time.time()), 120)
        numbers = self.server.sql("SELECT count(*), count(DISTINCT number) FROM device_log WHERE device_id = %d" % self.device)
        self.assertEqual(numbers[0][0], numbers[0][1])

    def test_settings_and_commands_are_lines_and_a_password_is_none(self):
        self.start()
        change = dict(settings=dict(volume=55, password="4711"), update_mask=dict(paths=["volume", "password"]))
        self.admin.call("DevicesService.UpdateDeviceSettings", id=self.device, **change)
        wait_until(lambda: len(self.list(self.device, query="SETTING_CHANGED").lines) == 2, 30)
        self.assertEqual({one.detail for one in self.list(self.device, query="SETTING_CHANGED").lines}, {"volume = 55", "password"})
        self.admin.call("CommandsService.MoveDoors", commands.MoveDoorsRequest(device_ids=[self.device]))
        wait_until(lambda: self.details(self.device, query="COMMAND") == ["open the door"], 30)
        stays = self.list(self.device, query="DOOR_OPENED").lines  # as the factory has it
        self.assertEqual([(one.level, one.detail) for one in stays], [(monitor.LOG_LEVEL_WARNING, "it stays open")])
        self.admin.call("CommandsService.MoveDoors", commands.MoveDoorsRequest(device_ids=[self.device], close=True))
        wait_until(lambda: "DOOR_CLOSED" in self.events(), 30)

    def test_the_last_error_stands_at_the_terminal_until_the_next_start(self):
        def last_error():
            return self.admin.call("DevicesService.GetDevice", id=self.device).last_error

        self.start()
        self.agent.wait(lambda status: status["link"] == "online")
        self.agent.see(os.path.join(PHOTOS, "nobody-has-this.jpg"))
        wait_until(lambda: last_error() == "CAMERA_FAILED: it gives no picture")
        self.agent.see(os.path.join(PHOTOS, "person-01.jpg"))
        self.agent.stop()
        self.assertEqual(last_error(), "CAMERA_FAILED: it gives no picture")
        self.start()
        self.agent.wait(lambda status: status["link"] == "online")
        wait_until(lambda: last_error() == "", 40)

    def test_people_that_come_are_a_line_of_counts_without_names(self):
        self.start()
        person = self.admin.call("PeopleService.CreateEmployee", employee=dict(number="900", name="Zacharias", card_number="Z1"))
        self.server.sql("UPDATE device SET approved_at = now() WHERE id = %d" % self.device)
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person.id], device_ids=[self.device])
        changed, = wait_until(lambda: self.list(self.device, query="PEOPLE_CHANGED").lines, 30)
        self.assertEqual(changed.detail, "1 changes, 1 people")


if __name__ == "__main__":
    unittest.main()
