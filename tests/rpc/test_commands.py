"""What terminals are told to do at once: a real terminal does it, and a terminal of another make that loses acknowledgements,
hangs up and comes back."""

import os
import subprocess
import sys
import threading
import time
import unittest

from fixture import BIN, MODULES, PHOTOS, Refused, Server, wait_until
from terminal import Terminal, link

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from agent_process import Agent  # noqa: E402

commands = MODULES["commands"]
types = MODULES["types"]
RECEIVED, DONE = link.COMMAND_EVENT_RECEIVED, link.COMMAND_EVENT_DONE
FAILED, EXPIRED = link.COMMAND_EVENT_FAILED, link.COMMAND_EVENT_EXPIRED


def name(state):
    return commands.CommandState.Name(state)[len("COMMAND_STATE_"):]


class CommandsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.numbers = iter(range(1, 9999))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def give(self, method, **fields):
        return self.admin.call("CommandsService." + method, **fields)

    def one(self, method, device, **fields):
        """The command that one terminal is given."""
        answer = self.give(method, device_ids=[device], **fields)
        self.assertEqual([c.device_id for c in answer.commands], [device])
        self.assertEqual(answer.commands[0].batch_id, answer.batch_id)
        return answer.commands[0]

    def get(self, number, device=0):
        listed = self.admin.call("CommandsService.ListCommands", page_size=100, device_id=device).commands
        return next(c for c in listed if c.id == number)

    def state(self, number):
        shown = self.get(number)
        return name(shown.state), shown.reason

    def wait(self, number, state, reason="", seconds=30):
        try:
            wait_until(lambda: self.state(number) == (state, reason), seconds)
        except AssertionError:
            self.assertEqual(self.state(number), (state, reason))
        return self.get(number)

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    def sql(self, statement, *values):
        return self.server.sql(statement % values if values else statement)

    def later(self, number, seconds):
        """Moves a command's whole time into the past, instead of waiting."""
        self.sql("UPDATE device_command SET created_at = created_at - interval '%d s', expires_at = expires_at - interval '%d s',"
                 " told_at = told_at - interval '%d s' WHERE id = %d", seconds, seconds, seconds, number)


class RealTerminalTest(CommandsCase):
    def setUp(self):
        self.folder = os.path.join(self.server.folder, "agent-%d" % next(self.numbers))
        self.enrol()
        self.agent = Agent(os.path.join(BIN, "smartpass-agent"), self.folder, "--reset-wait", "5")
        self.addCleanup(self.agent.close)
        self.start()

    def enrol(self):
        done = subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server",
                               "localhost:%d" % self.server.port, "--username", "admin", "--serial",
                               os.path.basename(self.folder), "--name", "Gate", "--data", self.folder],
                              input=Server.PASSWORD, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def start(self):
        self.agent.start()
        self.device = int(self.online()["deviceId"])

    def online(self):
        return self.agent.wait(lambda status: status["link"] == "online")

    def set(self, **values):
        self.admin.call("DevicesService.UpdateDeviceSettings", id=self.device, settings=values,
                        update_mask=dict(paths=list(values)))

    def movements(self):
        with open(os.path.join(self.folder, "relay.log")) as log:
            return [line.split()[1] for line in log]

    def test_a_door_opens_and_closes(self):
        given = self.one("MoveDoors", self.device)
        self.assertEqual((name(given.state), given.kind, given.device_name, given.operator),
                         ("SENT", types.COMMAND_KIND_OPEN_DOOR, "Gate", "admin"))
        self.assertEqual(given.expire_time.seconds - given.create_time.seconds, 10)
        over = self.wait(given.id, "DONE")
        self.assertTrue(over.HasField("receive_time") and over.HasField("end_time"))
        self.assertEqual(self.movements(), ["open"])
        self.wait(self.one("MoveDoors", self.device, close=True).id, "DONE")
        self.assertEqual(self.movements(), ["open", "closed"])

    def test_a_restart_is_done_when_the_terminal_is_back(self):
        before = self.agent.status()["boots"]
        given = self.one("ControlPower", self.device)
        self.wait(given.id, "DONE")
        self.assertEqual(self.online()["boots"], before + 1)
        self.assertIsNone(self.agent.process.poll())

    def test_a_terminal_that_is_shut_down_has_said_so_before(self):
        given = self.one("ControlPower", self.device, shut_down=True)
        self.wait(given.id, "DONE")
        self.assertEqual(self.agent.process.wait(20), 0)
        self.start()
        self.assertEqual(self.state(given.id), ("DONE", ""))

    def test_a_reset_begins_the_next_epoch_and_people_come_again(self):
        person = self.admin.call("PeopleService.CreateEmployee", employee=dict(number="r1", name="Ann", card_number="4711")).id
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person], device_ids=[self.device])
        before = self.agent.wait(lambda status: status["people"] == 1)
        self.set(volume=63, password="2468", relay_seconds=9)
        self.agent.wait(lambda status: (status["settings"]["volume"], status["settings"]["password"]) == (63, "set"))
        given = self.one("ResetDevices", self.device, confirm_count=1)
        self.wait(given.id, "DONE")
        after = self.agent.wait(lambda status: status["link"] == "online" and status["people"] == 1)
        self.assertEqual((after["epoch"], after["boots"]), (before["epoch"] + 1, 1))
        self.assertEqual(self.agent.ask("relay")["count"], 0)
        kept = self.agent.wait(lambda status: status["settings"]["volume"] == 20)["settings"]
        self.assertEqual((kept["relaySeconds"], kept["password"]), (5, "set"))
        wait_until(lambda: self.admin.call("DevicesService.GetDevice", id=self.device).pending_settings == 0)
        shown = self.admin.call("DevicesService.GetDevice", id=self.device)
        self.assertEqual((shown.settings.volume, shown.settings.relay_seconds, shown.name), (20, 5, "Gate"))

    def test_a_reset_waits_for_what_was_not_sent_and_gives_up_without_clearing_anything(self):
        self.set(stranger_mode=True)
        self.agent.wait(lambda status: status["settings"]["strangerMode"])
        busy = threading.Thread(target=self.sql, args=(
            "BEGIN; LOCK TABLE pass_record IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(9); COMMIT",))
        busy.start()
        self.addCleanup(busy.join)
        wait_until(lambda: self.sql("SELECT count(*) FROM pg_locks WHERE relation = 'pass_record'::regclass AND granted"
                                    " AND mode = 'AccessExclusiveLock'") == [["1"]])
        self.agent.see(os.path.join(PHOTOS, "person-01.jpg"))
        before = self.agent.wait(lambda status: status["unsentRecords"] > 0)
        given = self.one("ResetDevices", self.device, confirm_count=1)
        self.wait(given.id, "FAILED", "RECORDS_UNSENT")
        after = self.agent.wait(lambda status: status["unsentRecords"] == 0, 40)
        self.assertEqual((after["epoch"], after["lastSeq"]), (before["epoch"], before["lastSeq"]))
        self.assertTrue(after["settings"]["strangerMode"])

    def test_a_reset_that_signs_out_needs_an_enrolment_after_it(self):
        given = self.one("ResetDevices", self.device, confirm_count=1, sign_out=True)
        self.wait(given.id, "DONE")
        self.agent.wait(lambda status: status["link"] == "not enrolled")
        self.agent.stop()
        self.enrol()
        self.start()
        self.wait(self.one("MoveDoors", self.device).id, "DONE")
        self.assertEqual(self.online()["link"], "online")

    def test_whoever_is_offline_fails_at_once_and_is_never_told_later(self):
        self.agent.stop()
        wait_until(lambda: self.sql("SELECT connected FROM device_status WHERE device_id = %d", self.device) == [["f"]], 30)
        given = self.one("MoveDoors", self.device)
        self.assertEqual((name(given.state), given.reason), ("FAILED", "DEVICE_OFFLINE"))
        self.start()
        time.sleep(1)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "relay.log")) and self.movements())
        self.assertEqual(self.state(given.id), ("FAILED", "DEVICE_OFFLINE"))


class ForeignTerminalTest(CommandsCase):
    """A terminal whose every word is the test's."""

    def setUp(self):
        self.terminal = Terminal(self.server, "F-%d" % next(self.numbers), "admin", Server.PASSWORD, name="Hall")
        self.device = self.terminal.id

    def online(self):
        stream = self.terminal.online()
        self.addCleanup(stream.close)
        wait_until(lambda: self.sql("SELECT connected FROM device_status WHERE device_id = %d", self.device) == [["t"]])
        return stream

    def ordered(self, **fields):
        """A stream, and a command that has come down on it."""
        stream = self.online()
        given = self.one(*fields.pop("call", ["MoveDoors"]), self.device, **fields)
        self.assertEqual(stream.read("command").id, given.id)
        return stream, given.id

    def report(self, stream, number, event, reason=""):
        stream.send(command=link.CommandReport(id=number, event=event, reason=reason))

    def ended(self, stream, number, event, reason=""):
        """Reported and acknowledged: then it is stored."""
        self.report(stream, number, event, reason)
        self.assertEqual(stream.read("command_ack").id, number)

    def quiet(self, stream):
        """No order is on its way: what is asked for now is answered after it."""
        stream.send(heartbeat=link.Heartbeat())
        stream.read("heartbeat_ack")
        time.sleep(0.3)
        self.assertNotIn("command", stream.kept())
        with self.assertRaises(Exception):
            stream.read("command", 0.2)

    # ---- States

    def test_the_states_follow_what_the_terminal_says(self):
        stream = self.online()
        given = self.one("MoveDoors", self.device)
        order = stream.read("command")
        self.assertEqual((order.id, order.kind, order.sign_out), (given.id, types.COMMAND_KIND_OPEN_DOOR, False))
        self.assertTrue(0 < order.left_ms <= 10000)
        self.assertEqual(order.not_after_ms // 1000, given.expire_time.seconds)
        self.assertEqual(self.state(given.id), ("SENT", ""))
        self.report(stream, given.id, RECEIVED)
        received = self.wait(given.id, "RECEIVED")
        self.assertTrue(received.HasField("receive_time") and not received.HasField("end_time"))
        self.ended(stream, given.id, DONE)
        self.assertEqual(self.state(given.id), ("DONE", ""))
        self.assertEqual(self.get(given.id).receive_time, received.receive_time)

    def test_kinds_and_times(self):
        stream = self.online()
        for call, kind, seconds in ((["MoveDoors", dict(close=True)], "CLOSE_DOOR", 10), (["ControlPower", {}], "RESTART", 30),
                                    (["ControlPower", dict(shut_down=True)], "SHUT_DOWN", 30),
                                    (["ResetDevices", dict(confirm_count=1, sign_out=True)], "RESET", 30)):
            given = self.one(call[0], self.device, **call[1])
            order = stream.read("command")
            self.assertEqual((order.id, order.kind), (given.id, types.CommandKind.Value("COMMAND_KIND_" + kind)))
            self.assertEqual(given.expire_time.seconds - given.create_time.seconds, seconds)
            self.assertEqual(order.sign_out, kind == "RESET")
            self.ended(stream, given.id, FAILED, "BUSY")
            self.assertEqual(self.state(given.id), ("FAILED", "BUSY"))

    def test_a_reason_is_a_word_or_none(self):
        stream, number = self.ordered()
        self.ended(stream, number, FAILED, "no such thing!")
        self.assertEqual(self.state(number), ("FAILED", "UNEXPLAINED"))

    def test_what_is_over_stays_as_it_is_and_is_acknowledged_again(self):
        stream, number = self.ordered()
        self.ended(stream, number, DONE)
        over = self.get(number)
        self.ended(stream, number, FAILED, "INTERRUPTED")
        self.report(stream, number, RECEIVED)
        self.ended(stream, number, EXPIRED)
        self.assertEqual(self.get(number), over)

    def test_a_report_about_nothing_is_acknowledged_and_changes_nothing(self):
        other = Terminal(self.server, "F-%d" % next(self.numbers), "admin", Server.PASSWORD, name="Other")
        stream, number = self.ordered()
        strange = other.online()
        self.addCleanup(strange.close)
        self.ended(strange, number, DONE)
        self.ended(stream, 4711, DONE)
        self.assertEqual(self.state(number), ("SENT", ""))

    # ---- Time

    def test_what_never_went_out_expires(self):
        stream = self.online()
        stream.close()
        # the terminal still counts as online here: its last sign of life is young
        self.sql("UPDATE device_status SET connected = true, last_seen_at = now() WHERE device_id = %d", self.device)
        given = self.one("MoveDoors", self.device)
        self.assertEqual(name(given.state), "SENT")
        self.later(given.id, 11)
        self.assertEqual(self.state(given.id), ("EXPIRED", ""))
        self.assertTrue(self.get(given.id).HasField("end_time"))
        self.quiet(self.online())

    def test_a_terminal_that_had_no_time_left_says_so(self):
        stream, number = self.ordered()
        self.ended(stream, number, EXPIRED)
        self.assertEqual(self.state(number), ("EXPIRED", ""))
        self.assertFalse(self.get(number).HasField("receive_time"))

    def test_who_says_expired_of_what_he_had_has_lost_his_memory(self):
        stream, number = self.ordered()
        self.report(stream, number, RECEIVED)
        self.wait(number, "RECEIVED")
        self.ended(stream, number, EXPIRED)
        self.assertEqual(self.state(number), ("FAILED", "INTERRUPTED"))

    # ---- Streams that break

    def test_an_order_that_a_broken_stream_took_along_comes_again_on_the_next(self):
        stream, number = self.ordered()
        stream.close()
        stream = self.online()
        order = stream.read("command")
        self.assertEqual(order.id, number)
        self.assertTrue(0 < order.left_ms <= 10000)
        self.ended(stream, number, DONE)
        stream.close()
        self.quiet(self.online())

    def test_it_comes_again_even_when_its_time_is_over_so_that_the_terminal_says_whether_it_had_it(self):
        stream, number = self.ordered()
        stream.close()
        self.later(number, 60)
        self.assertEqual(self.state(number), ("SENT", ""))
        stream = self.online()
        self.assertEqual((lambda o: (o.id, o.left_ms))(stream.read("command")), (number, 0))
        self.ended(stream, number, DONE)
        self.assertEqual(self.state(number), ("DONE", ""))

    def test_one_that_the_terminal_said_to_have_does_not_come_again(self):
        stream, number = self.ordered()
        self.report(stream, number, RECEIVED)
        self.wait(number, "RECEIVED")
        stream.close()
        stream = self.online()
        self.quiet(stream)
        self.ended(stream, number, DONE)  # told anew, as the terminal must
        self.assertEqual(self.state(number), ("DONE", ""))

    def test_a_lost_acknowledgement_is_given_again(self):
        stream, number = self.ordered()
        self.report(stream, number, DONE)
        self.wait(number, "DONE")
        stream.close()  # the acknowledgement was on its way
        for _ in range(2):
            stream = self.online()
            self.ended(stream, number, DONE)
            stream.close()
        self.assertEqual(self.state(number), ("DONE", ""))

    def test_a_terminal_that_left_is_given_up_and_may_still_say_how_it_went(self):
        stream, number = self.ordered()
        self.report(stream, number, RECEIVED)
        self.wait(number, "RECEIVED")
        stream.close()
        self.later(number, 605)
        wait_until(lambda: self.state(number) == ("RECEIVED", ""), 5)
        self.later(number, 10)
        self.wait(number, "FAILED", "DEVICE_LEFT", 90)  # the sweep's
        stream = self.online()
        self.quiet(stream)
        self.ended(stream, number, DONE)
        self.assertEqual(self.state(number), ("DONE", ""))

    def test_a_lost_notification_is_made_good(self):
        stream = self.online()
        self.sql("INSERT INTO device_command (enterprise_id, id, batch_id, device_id, user_id, operator, kind, sign_out, state,"
                 " reason, created_at, expires_at) SELECT enterprise_id, 99, 99, id, 1, 'admin', 1, false, 1, '', now(),"
                 " now() + interval '30 s' FROM device WHERE id = %d", self.device)
        self.assertEqual(stream.read("command", 25).id, 99)

    def test_a_command_given_while_the_server_was_killed_is_told_after_it_is_back(self):
        stream, number = self.ordered(call=["ControlPower"])
        self.server.kill()
        stream.close()
        self.server.start()
        type(self).admin = self.server.admin()
        stream = self.online()
        self.assertEqual(stream.read("command").id, number)
        self.ended(stream, number, DONE)

    # ---- What the server makes of a reset

    def test_a_reset_gives_the_settings_their_factory_values_but_for_password_and_names(self):
        stream, number = self.ordered(call=["ResetDevices"], confirm_count=1)
        self.sql("UPDATE device SET settings_version = 7 WHERE id = %d;"
                 "INSERT INTO device_setting SELECT enterprise_id, id, k, 7, 3, 33, 'x', 7, 33, 'x', '' FROM device,"
                 " unnest(ARRAY[4, 9, 11, 12, 45]) k WHERE id = %d", self.device, self.device)
        self.ended(stream, number, DONE)
        rows = self.sql("SELECT key, version, edit, number, text FROM device_setting WHERE device_id = %d ORDER BY key", self.device)
        self.assertEqual([row for row in rows if row[0] in ("4", "9")],
                         [["4", "8", "0", "3730", ""], ["9", "9", "0", "5", ""]])
        self.assertEqual([row for row in rows if row[0] in ("11", "12", "45")],
                         [[key, "7", "3", "33", "x"] for key in ("11", "12", "45")])
        self.assertEqual(self.sql("SELECT settings_version FROM device WHERE id = %d", self.device), [["9"]])
        self.ended(stream, number, DONE)  # told again, it changes nothing any more
        self.assertEqual(self.sql("SELECT settings_version FROM device WHERE id = %d", self.device), [["9"]])


class RequestsTest(CommandsCase):
    """Who is meant, and what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = cls.admin.call("OrgService.ListGroups").groups[0].id
        cls.above = cls.admin.call("OrgService.CreateGroup", group=dict(parent_id=root, name="Above")).id
        cls.below = cls.admin.call("OrgService.CreateGroup", group=dict(parent_id=cls.above, name="Below")).id
        cls.empty = cls.admin.call("OrgService.CreateGroup", group=dict(parent_id=root, name="Empty")).id
        cls.devices = [Terminal(cls.server, "R-%d" % n, "admin", Server.PASSWORD, name="Door %d" % n).id for n in (1, 2, 3)]
        cls.server.sql("UPDATE device SET group_id = %d WHERE id = %d; UPDATE device SET group_id = %d WHERE id = %d" % (
                           cls.above, cls.devices[0], cls.below, cls.devices[1]))

    def test_a_group_means_its_sub_groups_too_and_each_terminal_has_its_own_result(self):
        answer = self.give("ControlPower", group_id=self.above)
        self.assertEqual([(c.device_name, name(c.state), c.reason) for c in answer.commands],
                         [("Door 1", "FAILED", "DEVICE_OFFLINE"), ("Door 2", "FAILED", "DEVICE_OFFLINE")])
        self.assertEqual([c.device_id for c in self.give("ControlPower", group_id=self.below).commands], self.devices[1:2])
        listed = self.admin.call("CommandsService.ListCommands", batch_id=answer.batch_id)
        self.assertEqual((listed.total_size, {c.device_id for c in listed.commands}), (2, set(self.devices[:2])))

    def test_terminals_or_a_group_but_not_both_and_not_none(self):
        self.assertEqual(self.refused(self.give, "ControlPower").fields, {"device_ids": "FIELD_REQUIRED"})
        self.assertEqual(self.refused(self.give, "MoveDoors").fields, {"device_ids": "FIELD_REQUIRED"})
        both = self.refused(self.give, "ControlPower", device_ids=self.devices, group_id=self.above)
        self.assertEqual(both.fields, {"group_id": "ONE_OF_BOTH"})

    def test_an_empty_group_and_an_unknown_one_are_refused(self):
        refused = self.refused(self.give, "ControlPower", group_id=self.empty)
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "NO_DEVICE"))
        self.assertEqual(self.refused(self.give, "ControlPower", group_id=4711).fields, {"group_id": "GROUP_UNKNOWN"})

    def test_one_unknown_terminal_stops_all(self):
        before = self.sql("SELECT count(*) FROM device_command")
        refused = self.refused(self.give, "MoveDoors", device_ids=[self.devices[0], 4711])
        self.assertEqual(refused.fields, {"device_ids": "DEVICE_UNKNOWN"})
        self.assertEqual(self.sql("SELECT count(*) FROM device_command"), before)

    def test_one_named_twice_is_told_once(self):
        self.assertEqual(len(self.give("MoveDoors", device_ids=self.devices + self.devices).commands), 3)

    def test_a_reset_needs_the_count(self):
        for count in (0, 1, 3, -2):
            refused = self.refused(self.give, "ResetDevices", group_id=self.above, confirm_count=count)
            self.assertEqual(refused.fields, {"confirm_count": "COUNT_DIFFERS"})
        self.assertEqual(len(self.give("ResetDevices", group_id=self.above, confirm_count=2).commands), 2)

    def test_the_audit_log_names_the_terminals(self):
        self.give("MoveDoors", device_ids=self.devices)
        self.give("ResetDevices", device_ids=self.devices[:1], confirm_count=1)
        rows = self.sql("SELECT action, object FROM audit_row WHERE action IN ('open door', 'reset device') ORDER BY id DESC LIMIT 2")
        self.assertEqual(rows, [["reset device", "device Door 1"], ["open door", "devices Door 1, Door 2, Door 3"]])

    def test_one_that_waits_to_be_accepted_is_told_nothing(self):
        self.sql("UPDATE device SET approved_at = NULL WHERE id = %d", self.devices[2])
        given = self.one("MoveDoors", self.devices[2])
        self.assertEqual((name(given.state), given.reason), ("FAILED", "DEVICE_WAITING"))
        self.sql("UPDATE device SET approved_at = now() WHERE id = %d", self.devices[2])

    def test_the_list_goes_page_by_page_from_the_newest(self):
        for _ in range(3):
            self.one("MoveDoors", self.devices[1])
        page = self.admin.call("CommandsService.ListCommands", device_id=self.devices[1], page_size=2)
        after = self.admin.call("CommandsService.ListCommands", device_id=self.devices[1], page_size=2,
                                page_token=page.next_page_token)
        ids = [c.id for c in [*page.commands, *after.commands]]
        self.assertEqual((len(ids), ids), (len(set(ids)), sorted(ids, reverse=True)))
        self.assertGreaterEqual(page.total_size, 3)

    def test_what_is_old_goes(self):
        old = self.one("MoveDoors", self.devices[0]).id
        self.sql("UPDATE device_command SET created_at = now() - interval '91 days' WHERE id = %d", old)
        wait_until(lambda: self.sql("SELECT count(*) FROM device_command WHERE id = %d", old) == [["0"]], 90)


if __name__ == "__main__":
    unittest.main()
