"""Settings of terminals: given to one, to several and to groups, told to a terminal that shares nothing with ours but the
contract, refused by it, changed at it, and the same on both sides in the end."""

import re
import time
import unittest

from fixture import MODULES, Refused, Server, wait_until
from terminal import Terminal, link

devices = MODULES["devices"]
KEYS = {field.name: field.number for field in devices.DeviceSettings.DESCRIPTOR.fields if field.number > 2}
NAMES = {number: name for name, number in KEYS.items()}
TEXTS = {field.name for field in devices.DeviceSettings.DESCRIPTOR.fields if field.type == field.TYPE_STRING}
FACTORY = dict(temperature_detection=True, alarm_threshold_centi=3730, block_abnormal=True, stranger_record=True,
               relay_seconds=5, relay_mode=1, alarm_sound=True, temperature_scenario=1, temperature_mode=1,
               temperature_unit=1, fan=True, test_threshold=17, recognition_attempts=3, volume=20, auto_start=True,
               daemon=True, daemon_seconds=30, thread_guard=True, restart_daily=True, restart_minute=180, bottom_bar=True,
               success_effect=1, failure_effect=1, fill_light=1, screen_saver=True, screen_saver_seconds=30, brightness=80,
               camera_resolution="1280x720", temperature_display=True, name_display=True, temperature_kept=True,
               photo_kept=True)


class Keeper:
    """What a terminal keeps of its settings, by the rules of the link: per key a version, a value, and the edit of a
    change that the server has not answered yet."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.cursor = 0
        self.kept = {}  # name: [version, value, edit]
        self.refuses = {}  # name: reason
        self.edits = 1000
        self.told = []  # (name, version) as they came
        self.stream = None

    def online(self):
        self.stream = self.terminal.online(settings_version=self.cursor)
        unanswered = [name for name, kept in self.kept.items() if kept[2]]
        if unanswered:
            self.tell(*unanswered)
        return self

    def offline(self):
        if self.stream:
            self.stream.close()
        self.stream = None

    def value(self, name):
        return self.kept.get(name, [0, None, 0])[1]

    def change(self, name, value, tell=True):
        """Somebody changes it at the terminal."""
        self.edits += 1
        self.kept[name] = [self.kept.get(name, [0])[0], value, self.edits]
        if tell:
            self.tell(name)

    def tell(self, *names):
        self.stream.send(settings=link.SettingsReport(outcomes=[
            self.outcome(name, self.kept[name][0], edit=self.kept[name][2]) for name in names]))

    def outcome(self, name, version, **fields):
        value = self.value(name)
        if name in TEXTS:
            fields["text"] = value or ""
        else:
            fields["number"] = int(value or 0)
        return link.SettingOutcome(key=KEYS[name], version=version, **fields)

    def take(self, message):
        """The outcomes of one message."""
        outcomes = []
        for value in message.values:
            name = NAMES[value.key]
            version, mine, edit = self.kept.get(name, [0, None, 0])
            theirs = value.text if name in TEXTS else value.number
            self.told.append((name, value.version))
            refused = ""
            if value.edit and value.edit != edit and edit:
                self.kept[name] = [value.version, mine, edit]
            elif value.edit and value.edit == edit:
                self.kept[name] = [value.version, mine, 0]
            elif value.version > version:
                refused = self.refuses.get(name, "")
                self.kept[name] = [value.version, mine if refused else theirs, 0]
            outcomes.append(self.outcome(name, value.version, refused=refused))
            self.cursor = max(self.cursor, value.version)
        return outcomes

    def read(self, seconds=20):
        return self.stream.read("setting_changes", seconds)

    def answer(self, message):
        self.stream.send(settings=link.SettingsReport(version=message.values[-1].version, outcomes=self.take(message)))

    def settle(self, until, seconds=20):
        """Takes what comes until that is so."""
        end = time.time() + seconds
        while not until():
            try:
                self.answer(self.read(0.3))
            except Exception as nothing:
                if time.time() > end or isinstance(nothing, AssertionError):
                    raise

    def quiet(self, seconds=0.5):
        try:
            self.read(seconds)
        except AssertionError:
            raise
        except Exception:
            return True
        return False


class SettingsTest(unittest.TestCase):
    numbers = 0

    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.admin = cls.server.admin()
        cls.root = cls.admin.call("OrgService.ListGroups").groups[0].id

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.server.close()
        assert code == 0, code

    def setUp(self):
        self.keepers = []

    def tearDown(self):
        for keeper in self.keepers:
            keeper.offline()

    def number(self):
        SettingsTest.numbers += 1
        return SettingsTest.numbers

    def keeper(self, name="Gate", group=0):
        terminal = Terminal(self.server, "SET-%d" % self.number(), "admin", Server.PASSWORD, name=name)
        if group:
            self.admin.call("DevicesService.UpdateDevice", id=terminal.id, name=name, group_id=group)
        self.keepers.append(Keeper(terminal))
        return self.keepers[-1]

    def group(self, parent=0):
        return self.admin.call("OrgService.CreateGroup", group=dict(name="Group %d" % self.number(),
                                                                   parent_id=parent or self.root)).id

    def device(self, keeper):
        return self.admin.call("DevicesService.GetDevice", id=keeper.terminal.id)

    def give(self, keeper, client=None, **values):
        return (client or self.admin).call("DevicesService.UpdateDeviceSettings", id=keeper.terminal.id, settings=values,
                                           update_mask=dict(paths=list(values)))

    def give_all(self, group=0, ids=(), client=None, **values):
        return (client or self.admin).call("SettingsService.UpdateSettings", group_id=group, device_ids=ids, settings=values,
                                           update_mask=dict(paths=list(values)))

    def view(self, *ids, group=0):
        return self.admin.call("SettingsService.GetSettings", device_ids=ids, group_id=group)

    def refusal(self, *call, **fields):
        with self.assertRaises(Refused) as caught:
            self.admin.call(*call, **fields)
        return caught.exception

    def confirmed(self, keeper):
        return self.device(keeper).pending_settings == 0

    def same(self, keeper):
        """Desired is in force, for everything that the terminal was ever told or changed."""
        settings = self.device(keeper).settings
        for name, (_, value, edit) in keeper.kept.items():
            if name != "password":
                self.assertEqual(getattr(settings, name), value, name)
            self.assertEqual(edit, 0, name)

    def newest_row(self):
        rows = self.admin.call("AuditService.ListAuditRows", page_size=10, query="change device settings").rows
        return self.admin.call("AuditService.GetAuditRow", id=rows[0].id)

    # ---- One terminal

    def test_a_new_terminal_has_factory_settings_and_is_told_none(self):
        keeper = self.keeper(name="Fresh").online()
        device = self.device(keeper)
        self.assertEqual(device.settings, devices.DeviceSettings(device_name="Fresh", **FACTORY))
        self.assertEqual((device.pending_settings, device.refused_settings), (0, 0))
        self.assertTrue(keeper.quiet())

    def test_what_the_mask_names_changes_and_is_told_and_confirmed(self):
        keeper = self.keeper().online()
        given = self.give(keeper, volume=55, silent=True, camera_resolution="640x480", callback_url="https://a.example/x")
        self.assertEqual((given.volume, given.silent, given.brightness), (55, True, 80))
        self.assertGreater(given.version, given.reported_version)
        self.assertEqual(self.device(keeper).pending_settings, 4)
        message = keeper.read()
        self.assertEqual([(NAMES[value.key], value.number, value.text, value.edit) for value in message.values],
                         [("volume", 55, "", 0), ("silent", 1, "", 0), ("camera_resolution", 0, "640x480", 0),
                          ("callback_url", 0, "https://a.example/x", 0)])
        self.assertEqual([value.version for value in message.values],
                         list(range(given.version - 3, given.version + 1)))
        keeper.answer(message)
        wait_until(lambda: self.confirmed(keeper))
        settings = self.device(keeper).settings
        self.assertEqual(settings.reported_version, settings.version)
        self.same(keeper)

    def test_what_the_mask_does_not_name_stays(self):
        keeper = self.keeper()
        self.give(keeper, volume=1)
        self.admin.call("DevicesService.UpdateDeviceSettings", id=keeper.terminal.id,
                        settings=dict(volume=99, brightness=5), update_mask=dict(paths=["brightness"]))
        settings = self.device(keeper).settings
        self.assertEqual((settings.volume, settings.brightness), (1, 5))

    def test_a_mask_that_names_nothing_known_is_refused_at_the_mask(self):
        keeper = self.keeper()
        for paths in ([], ["no_such"], ["volume", "version"], ["reported_version"], [""], ["settings.volume"], ["*"]):
            refused = self.refusal("DevicesService.UpdateDeviceSettings", id=keeper.terminal.id, settings=dict(volume=3),
                                   update_mask=dict(paths=paths))
            self.assertEqual((refused.code, list(refused.fields)), ("INVALID_ARGUMENT", ["update_mask"]), paths)
        self.assertEqual(self.device(keeper).settings.version, 0)

    def test_unsound_values_are_refused_at_their_own_fields(self):
        keeper = self.keeper()
        for name, values in dict(
                volume=(-1, 101), alarm_threshold_centi=(2990, 4510, 3735), relay_seconds=(0, 64), relay_mode=(0, 4),
                temperature_unit=(0, 9), compensation_tenths=(-11, 11), recognition_attempts=(0, 11),
                restart_minute=(-1, 1440), screen_saver_seconds=(9, 601), camera_resolution=("", "x", "1280", "0x7", "9x99999"),
                callback_url=("ftp://x", "http://", "http:// x", "x"), device_name=("", "  ", "a\nb"),
                company_name=("a\tb",), password=("", "123456", "1234567", "12a", "-1", "١٢")).items():
            for value in values:
                refused = self.refusal("DevicesService.UpdateDeviceSettings", id=keeper.terminal.id,
                                       settings={name: value}, update_mask=dict(paths=[name]))
                self.assertEqual((refused.code, list(refused.fields)), ("INVALID_ARGUMENT", ["settings." + name]),
                                 (name, value))
        refused = self.refusal("DevicesService.UpdateDeviceSettings", id=keeper.terminal.id,
                               settings=dict(volume=101, brightness=101, fan=True),
                               update_mask=dict(paths=["volume", "fan", "brightness"]))
        self.assertEqual(set(refused.fields), {"settings.volume", "settings.brightness"})
        self.assertEqual(self.device(keeper).settings.version, 0)

    def test_the_bounds_are_taken(self):
        keeper = self.keeper().online()
        for values in (dict(volume=0, alarm_threshold_centi=3000, relay_seconds=1, compensation_tenths=-10, daemon_seconds=5),
                       dict(volume=100, alarm_threshold_centi=4500, relay_seconds=63, compensation_tenths=10, relay_mode=3)):
            self.give(keeper, **values)
            keeper.settle(lambda: self.confirmed(keeper))
            for name, value in values.items():
                self.assertEqual(keeper.value(name), value)

    def test_more_than_one_message_holds_comes_in_several(self):
        keeper = self.keeper().online()
        self.give(keeper, password="1", **{name: value for name, value in FACTORY.items()})
        sizes = []
        while sum(sizes) < len(FACTORY) + 1:
            message = keeper.read()
            sizes.append(len(message.values))
            self.assertTrue(keeper.quiet(0.2))  # the next comes when these are answered
            keeper.answer(message)
        self.assertEqual(max(sizes), 16)
        wait_until(lambda: self.confirmed(keeper))
        self.assertEqual([version for _, version in keeper.told], sorted(version for _, version in keeper.told))
        self.same(keeper)

    # ---- The password

    def test_a_password_travels_as_a_hash_and_is_never_shown(self):
        keeper = self.keeper().online()
        risk = devices.DEVICE_RISK_INITIAL_PASSWORD
        self.assertIn(risk, self.device(keeper).risks)
        given = self.give(keeper, password="4711")
        self.assertEqual(given.password, "")
        message = keeper.read()
        self.assertRegex(message.values[0].text, r"^pbkdf2-sha256\$100000\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$")
        self.assertIn(risk, self.device(keeper).risks)  # not yet in force
        keeper.answer(message)
        wait_until(lambda: risk not in self.device(keeper).risks)
        self.assertEqual(self.device(keeper).settings.password, "")
        self.assertEqual(self.view(keeper.terminal.id).settings.password, "")
        row = self.newest_row()
        self.assertEqual((row.object, row.before, row.after != ""), ("device Gate: password", row.before, True))
        self.assertFalse(re.search(r"4711|pbkdf2", str(row)))
        self.assertFalse(re.search(r"4711|pbkdf2", self.server.log()))

    # ---- What a terminal refuses

    def test_what_a_terminal_refuses_is_visible_until_it_is_given_anew(self):
        keeper = self.keeper(name="Picky").online()
        keeper.refuses["camera_resolution"] = "NOT_OFFERED"
        self.give(keeper, camera_resolution="4000x3000", volume=7)
        keeper.settle(lambda: self.confirmed(keeper))
        device = self.device(keeper)
        self.assertEqual((device.refused_settings, device.settings.camera_resolution), (1, "4000x3000"))
        view = self.view(keeper.terminal.id)
        self.assertEqual([(r.device_id, r.device_name, r.setting, r.reason) for r in view.refusals],
                         [(keeper.terminal.id, "Picky", "camera_resolution", "NOT_OFFERED")])
        keeper.refuses.clear()
        self.give(keeper, camera_resolution="640x480")
        keeper.settle(lambda: self.confirmed(keeper))
        self.assertEqual((self.device(keeper).refused_settings, len(self.view(keeper.terminal.id).refusals)), (0, 0))
        self.same(keeper)

    def test_a_reason_that_is_no_word_is_not_shown(self):
        keeper = self.keeper().online()
        keeper.refuses["volume"] = "<b>"
        self.give(keeper, volume=7)
        keeper.settle(lambda: self.confirmed(keeper))
        self.assertEqual(self.view(keeper.terminal.id).refusals[0].reason, "NOT_STORED")

    # ---- Offline, and answers that were lost

    def test_a_terminal_that_is_offline_takes_it_when_it_returns(self):
        keeper = self.keeper()
        self.give(keeper, volume=31)
        self.give(keeper, volume=32, brightness=1)
        self.assertEqual(self.device(keeper).pending_settings, 2)
        keeper.online().settle(lambda: self.confirmed(keeper))
        self.assertEqual((keeper.value("volume"), keeper.value("brightness")), (32, 1))
        self.assertEqual(len(keeper.told), 2)  # only the latest of each

    def test_a_report_that_was_lost_is_asked_for_again(self):
        keeper = self.keeper().online()
        self.give(keeper, volume=31)
        keeper.take(keeper.read())  # written down, and the line is cut before it says so
        keeper.offline()
        self.assertFalse(self.confirmed(keeper))
        keeper.online().settle(lambda: self.confirmed(keeper))
        self.assertEqual([name for name, _ in keeper.told], ["volume", "volume"])
        self.same(keeper)

    def test_a_terminal_that_lost_its_store_is_told_everything(self):
        keeper = self.keeper().online()
        self.give(keeper, volume=31, brightness=3)
        keeper.settle(lambda: self.confirmed(keeper))
        keeper.offline()
        keeper.cursor, keeper.kept, keeper.told = 0, {}, []
        keeper.online().settle(lambda: len(keeper.told) == 2)
        self.assertEqual((keeper.value("volume"), keeper.value("brightness")), (31, 3))

    def test_a_terminal_that_knows_more_than_the_server_is_told_everything_anew(self):
        """The database was restored from a backup."""
        keeper = self.keeper().online()
        self.give(keeper, volume=31)
        keeper.settle(lambda: self.confirmed(keeper))
        keeper.offline()
        keeper.cursor, keeper.kept["volume"] = 900, [900, 77, 0]
        keeper.online().settle(lambda: self.confirmed(keeper) and keeper.value("volume") == 31)
        self.give(keeper, volume=32)
        keeper.settle(lambda: self.confirmed(keeper))
        self.assertEqual(keeper.value("volume"), 32)
        self.same(keeper)

    def test_a_change_while_others_are_under_way_follows(self):
        keeper = self.keeper().online()
        self.give(keeper, volume=31)
        first = keeper.read()
        self.give(keeper, volume=32)
        self.assertTrue(keeper.quiet(0.3))
        keeper.answer(first)
        keeper.settle(lambda: self.confirmed(keeper))
        self.assertEqual(keeper.value("volume"), 32)
        self.same(keeper)

    # ---- Changed at the terminal

    def test_a_change_at_the_terminal_is_taken_and_answered(self):
        keeper = self.keeper().online()
        keeper.change("volume", 66)
        keeper.settle(lambda: keeper.kept["volume"][2] == 0)
        device = self.device(keeper)
        self.assertEqual((device.settings.volume, device.pending_settings), (66, 0))
        keeper.change("volume", 67)
        keeper.change("volume", 68)
        keeper.settle(lambda: keeper.kept["volume"][2] == 0)
        wait_until(lambda: self.device(keeper).settings.volume == 68)
        self.same(keeper)

    def test_a_change_at_the_terminal_while_offline_is_told_later(self):
        keeper = self.keeper().online()
        self.give(keeper, volume=31)
        keeper.settle(lambda: self.confirmed(keeper))
        keeper.offline()
        keeper.change("volume", 10, tell=False)
        keeper.change("silent", 1, tell=False)
        keeper.online().settle(lambda: all(kept[2] == 0 for kept in keeper.kept.values()))
        settings = self.device(keeper).settings
        self.assertEqual((settings.volume, settings.silent), (10, True))
        self.same(keeper)

    def test_an_answer_that_was_lost_comes_again_and_nothing_is_taken_twice(self):
        keeper = self.keeper().online()
        keeper.change("volume", 66)
        keeper.read()  # the answer, which the terminal never sees
        keeper.offline()
        version = self.device(keeper).settings.version
        keeper.online()
        keeper.settle(lambda: keeper.kept["volume"][2] == 0)
        wait_until(lambda: self.confirmed(keeper))
        self.assertEqual(self.device(keeper).settings.version, version)
        self.same(keeper)

    def test_the_server_wins_when_both_changed_the_same(self):
        keeper = self.keeper().online()
        self.give(keeper, volume=20, brightness=20)
        keeper.settle(lambda: self.confirmed(keeper))
        keeper.offline()
        keeper.change("volume", 10, tell=False)
        keeper.change("brightness", 11, tell=False)
        self.give(keeper, volume=50)
        keeper.online().settle(lambda: self.confirmed(keeper) and all(kept[2] == 0 for kept in keeper.kept.values()))
        self.assertEqual((keeper.value("volume"), keeper.value("brightness")), (50, 11))
        wait_until(lambda: self.device(keeper).settings.brightness == 11)
        self.same(keeper)

    def test_the_server_wins_while_its_value_is_under_way(self):
        keeper = self.keeper().online()
        self.give(keeper, volume=50)
        message = keeper.read()
        keeper.change("volume", 10)
        keeper.answer(message)
        keeper.settle(lambda: self.confirmed(keeper) and keeper.kept["volume"][2] == 0)
        self.assertEqual(keeper.value("volume"), 50)
        self.same(keeper)

    def test_an_unsound_change_at_the_terminal_is_taken_back(self):
        keeper = self.keeper(name="Old").online()
        for name, unsound, sound in (("volume", 101, 20), ("camera_resolution", "x", "1280x720"), ("device_name", "", "Old")):
            keeper.change(name, unsound)
            keeper.settle(lambda: keeper.kept[name][2] == 0)
            self.assertEqual(keeper.value(name), sound)
        keeper.settle(lambda: self.confirmed(keeper))
        self.give(keeper, volume=33)
        keeper.settle(lambda: self.confirmed(keeper))
        keeper.change("volume", -1)
        keeper.settle(lambda: keeper.kept["volume"][2] == 0 and self.confirmed(keeper))
        self.assertEqual(keeper.value("volume"), 33)
        self.same(keeper)

    def test_a_change_of_a_version_that_never_was_is_taken_back(self):
        keeper = self.keeper().online()
        keeper.kept["volume"] = [70, 5, 0]
        keeper.change("volume", 6)
        keeper.settle(lambda: keeper.kept["volume"][2] == 0 and self.confirmed(keeper))
        self.assertEqual(keeper.value("volume"), 20)
        self.same(keeper)

    def test_settings_that_nobody_knows_do_no_harm(self):
        keeper = self.keeper().online()
        keeper.stream.send(settings=link.SettingsReport(version=2 ** 62, outcomes=[
            link.SettingOutcome(key=9999, version=3, edit=7, number=1), link.SettingOutcome(key=0),
            link.SettingOutcome(key=KEYS["volume"], version=2 ** 62, number=2 ** 62, refused="x" * 32),
            link.SettingOutcome(key=KEYS["brightness"], version=-5, text="y" * 256)]))
        self.give(keeper, volume=4)
        keeper.settle(lambda: self.confirmed(keeper))
        self.same(keeper)

    def test_a_password_changed_at_the_terminal_counts_as_set(self):
        keeper = self.keeper().online()
        keeper.change("password", "pbkdf2-sha256$100000$MDEyMzQ1Njc4OWFiY2RlZg$JanFURU3Jmx4tOGloCAIHH+/HfO89BEax0HVsxw+vzU")
        keeper.settle(lambda: keeper.kept["password"][2] == 0)
        wait_until(lambda: devices.DEVICE_RISK_INITIAL_PASSWORD not in self.device(keeper).risks)

    # ---- Waiting to be accepted

    def test_a_waiting_terminal_is_told_nothing_until_it_is_accepted(self):
        keeper = self.keeper().online()
        keeper.offline()
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % keeper.terminal.id)
        self.give(keeper, brightness=3)
        keeper.online()
        self.assertTrue(keeper.stream.welcome.waiting)
        keeper.change("stranger_mode", 1)
        wait_until(lambda: self.device(keeper).settings.stranger_mode)  # who accepts it sees what it is like
        self.assertIn(devices.DEVICE_RISK_STRANGERS_PASS, self.device(keeper).risks)
        self.assertTrue(keeper.quiet())
        self.admin.call("DevicesService.ApproveDevice", id=keeper.terminal.id)
        keeper.settle(lambda: self.confirmed(keeper) and keeper.kept["stranger_mode"][2] == 0)
        self.same(keeper)

    # ---- Names

    def test_the_name_of_a_terminal_is_a_setting_from_either_side(self):
        keeper = self.keeper(name="One").online()
        self.assertEqual(self.device(keeper).settings.device_name, "One")
        self.admin.call("DevicesService.UpdateDevice", id=keeper.terminal.id, name="Two")
        keeper.settle(lambda: self.confirmed(keeper))
        self.assertEqual(keeper.value("device_name"), "Two")
        self.assertEqual(self.give(keeper, device_name=" Three ").device_name, "Three")
        self.assertEqual(self.device(keeper).name, "Three")
        keeper.settle(lambda: self.confirmed(keeper))
        keeper.change("device_name", "Four")
        keeper.settle(lambda: keeper.kept["device_name"][2] == 0)
        wait_until(lambda: self.device(keeper).name == "Four")
        self.assertEqual(self.device(keeper).settings.device_name, "Four")
        version = self.device(keeper).settings.version
        self.admin.call("DevicesService.UpdateDevice", id=keeper.terminal.id, name="Four")
        self.assertEqual(self.device(keeper).settings.version, version)

    # ---- Risks

    def test_risks_go_by_what_is_in_force(self):
        keeper = self.keeper().online()
        names = lambda: [devices.DeviceRisk.Name(risk)[12:] for risk in self.device(keeper).risks]
        self.assertEqual(names(), ["RELAY_STAYS_OPEN", "NO_LIVENESS", "INITIAL_PASSWORD"])
        self.give(keeper, relay_mode=2, liveness=True, password="1", stranger_mode=True)
        self.assertEqual(names(), ["RELAY_STAYS_OPEN", "NO_LIVENESS", "INITIAL_PASSWORD"])
        keeper.settle(lambda: self.confirmed(keeper))
        self.assertEqual(names(), ["STRANGERS_PASS"])

    # ---- Several, and groups

    def test_a_group_is_given_with_what_lies_below_it(self):
        above = self.group()
        below = self.group(above)
        here, there = self.keeper(group=above), self.keeper(group=below)
        beside = self.keeper(group=self.group())
        here.online()
        self.assertEqual((self.view(group=above).device_count, self.view(group=below).device_count), (2, 1))
        view = self.give_all(above, volume=44, fan=False)
        self.assertEqual((view.device_count, view.online_count, view.pending_count), (2, 1, 2))
        self.assertEqual((view.settings.volume, view.settings.fan, list(view.mixed)), (44, False, []))
        here.settle(lambda: self.view(group=above).pending_count == 1)
        there.online().settle(lambda: self.view(group=above).pending_count == 0)
        self.assertEqual((here.value("volume"), there.value("volume"), self.device(beside).settings.volume), (44, 44, 20))
        self.same(here)
        self.same(there)

    def test_what_differs_is_mixed(self):
        group = self.group()
        one, other = self.keeper(name="A", group=group), self.keeper(name="B", group=group)
        self.give(one, volume=44, brightness=80)
        view = self.view(group=group)
        self.assertEqual(set(view.mixed), {"volume", "device_name"})  # 80 is what the other has anyway
        self.assertEqual((view.settings.volume, view.settings.device_name, view.settings.brightness), (20, "", 80))
        self.give(other, volume=44, company_name="Here")
        self.assertEqual(set(self.view(group=group).mixed), {"device_name", "company_name"})
        view = self.give_all(ids=[one.terminal.id, other.terminal.id, one.terminal.id], company_name="There")
        self.assertEqual((set(view.mixed), view.settings.company_name, view.device_count), ({"device_name"}, "There", 2))

    def test_an_empty_group_is_refused_in_the_words_of_the_manual(self):
        refused = self.refusal("SettingsService.UpdateSettings", group_id=self.group(), settings=dict(volume=1),
                               update_mask=dict(paths=["volume"]))
        self.assertEqual((refused.code, refused.reason, refused.message),
                         ("FAILED_PRECONDITION", "NO_DEVICE",
                          "There is no device under the selected group, please select again."))
        self.assertEqual(self.view(group=self.group()).device_count, 0)

    def test_it_is_said_for_whom_and_only_once(self):
        keeper = self.keeper()
        ask = dict(settings=dict(volume=1), update_mask=dict(paths=["volume"]))
        for method, more in (("SettingsService.UpdateSettings", ask), ("SettingsService.GetSettings", {})):
            self.assertEqual(list(self.refusal(method, **more).fields), ["device_ids"])
            self.assertEqual(list(self.refusal(method, device_ids=[keeper.terminal.id], group_id=self.root, **more).fields),
                             ["group_id"])
            self.assertEqual(list(self.refusal(method, device_ids=[keeper.terminal.id, 99], **more).fields), ["device_ids"])
            self.assertEqual(self.refusal(method, group_id=99, **more).reason, "GROUP_NOT_FOUND")

    def test_several_cannot_have_one_name(self):
        one, other = self.keeper(), self.keeper()
        refused = self.refusal("SettingsService.UpdateSettings", device_ids=[one.terminal.id, other.terminal.id],
                               settings=dict(device_name="Same"), update_mask=dict(paths=["device_name"]))
        self.assertEqual(list(refused.fields), ["settings.device_name"])
        self.give_all(ids=[one.terminal.id], device_name="Only")
        self.assertEqual(self.device(one).name, "Only")

    def test_a_change_for_many_is_one_row_of_the_log(self):
        group = self.group()
        for _ in range(3):
            self.keeper(group=group)
        self.give_all(group, volume=12, password="99")
        row = self.newest_row()
        self.assertEqual(row.object, "3 devices: volume, password")
        self.assertNotIn("pbkdf2", row.after)
        self.assertIn('"volume":12', row.after.replace(" ", ""))

    # ---- Others

    def test_nobody_else_gives_or_sees_settings(self):
        mine = self.group()
        here, there = self.keeper(group=mine), self.keeper(group=self.group())
        sibling, foreign = self.user(group=mine), self.user(enterprise=True)
        self.assertEqual(sibling.call("SettingsService.GetSettings", device_ids=[here.terminal.id]).device_count, 1)
        for client in (sibling, foreign):
            with self.assertRaises(Refused) as caught:
                self.give(there, client, volume=1)
            self.assertEqual(caught.exception.reason, "DEVICE_NOT_FOUND")
            for ids in ([there.terminal.id], [there.terminal.id, here.terminal.id]):
                with self.assertRaises(Refused) as caught:
                    self.give_all(ids=ids, client=client, volume=1)
                self.assertEqual(list(caught.exception.fields), ["device_ids"])
                with self.assertRaises(Refused) as caught:
                    client.call("SettingsService.GetSettings", device_ids=ids)
                self.assertEqual(list(caught.exception.fields), ["device_ids"])
            with self.assertRaises(Refused) as caught:
                self.give_all(self.root, client=client, volume=1)
            self.assertEqual(caught.exception.reason, "GROUP_NOT_FOUND")
        self.assertEqual((self.device(here).settings.version, self.device(there).settings.version), (0, 0))

    def user(self, group=None, enterprise=False):
        number = self.number()
        own = self.server.sql("SELECT enterprise_id FROM org_group WHERE id = %d" % self.root)[0][0]
        if enterprise:
            own = self.server.command("add-enterprise", "--name", "enterprise %d" % number)[1].strip()
        self.server.command("add-user", "--username", "user%d" % number, "--enterprise", own, "--password-stdin",
                            password="the password of %d" % number)
        if group:
            self.server.sql("UPDATE app_user SET group_id = %d WHERE username = 'user%d'" % (group, number))
        client = self.server.public()
        return client.with_token(client.call("SessionService.Login", username="user%d" % number,
                                             password="the password of %d" % number).token)


if __name__ == "__main__":
    unittest.main()
