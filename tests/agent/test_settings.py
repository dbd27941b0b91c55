"""The terminal's settings: what comes down, what is changed at the terminal, and what each of them does."""
import os
import re
import subprocess
import time

from link_case import LinkCase, main
from link_server import KEYS, change, pb, setting, setting_changes, template_fields


class SettingsCase(LinkCase):
    def send(self, server, *values):
        """Sends values and waits for their outcomes."""
        reports = len(self.answers(server))
        server.wait_stream().send(setting_changes=pb.SettingChanges(values=values))
        server.wait(lambda: len(self.answers(server)) > reports, what="the outcomes")
        return self.answers(server)[-1]

    def settle(self, server, version, **values):
        reports = len(self.answers(server))
        server.wait_stream().send(setting_changes=setting_changes(version, **values))
        server.wait(lambda: len(self.answers(server)) > reports, what="the outcomes")

    @staticmethod
    def answers(server):
        """Reports about what came down."""
        return [report for report in list(server.settings_reports) if report.version]

    @staticmethod
    def told(server):
        """Changes made at the terminal, in the order in which they were told."""
        return [outcome for report in list(server.settings_reports) for outcome in report.outcomes if outcome.edit]

    def wait_told(self, server, count):
        server.wait(lambda: len(self.told(server)) >= count, what="a change made at the terminal")
        return self.told(server)[count - 1]

    def set(self, agent, name, value):
        self.assertEqual(agent.ask(f'set {name} "{value}"'), {"done": True})

    def admit(self, server, stem="person1"):
        server.wait_stream().send(people=pb.PeopleChanges(
            changes=[change(1, 100, **template_fields(self.home, stem))], complete=True))
        server.wait(lambda: server.reports, what="the outcome")

    def words(self, agent):
        return [(sound["kind"], sound["words"], sound["volume"]) for sound in agent.ask("sounds")["sounds"]]


class Agreement(SettingsCase):
    def test_what_comes_down_is_in_force_durable_and_reported(self):
        server, agent = self.online()
        report = self.send(server, setting("volume", 70, 3), setting("company_name", "Müller & Söhne", 4),
                           setting("compensation_tenths", -3, 5))
        self.assertEqual([(o.key, o.version, o.edit, o.number, o.text, o.refused) for o in report.outcomes],
                         [(KEYS["volume"], 3, 0, 70, "", ""), (KEYS["company_name"], 4, 0, 0, "Müller & Söhne", ""),
                          (KEYS["compensation_tenths"], 5, 0, -3, "", "")])
        agent.kill()
        agent.start()
        status = agent.status()
        self.assertEqual((status["settings"]["volume"], status["companyName"], status["settings"]["version"]),
                         (70, "Müller & Söhne", 5))
        self.assertEqual(server.wait_stream(2).hello.settings_version, 5)

    def test_each_refusal_says_why_and_the_others_are_taken(self):
        server, agent = self.online()
        report = self.send(server, setting("volume", 101, 1), setting("camera_resolution", "320x200", 2),
                           setting("callback_url", "ftp://nowhere", 3), pb.SettingValue(key=999, version=4, number=1),
                           setting("camera_resolution", "1920x1080", 5), setting("device_name", "", 6))
        self.assertEqual([o.refused for o in report.outcomes],
                         ["OUT_OF_RANGE", "NOT_OFFERED", "OUT_OF_RANGE", "UNKNOWN", "", "OUT_OF_RANGE"])
        self.assertEqual((report.version, report.outcomes[0].number, report.outcomes[4].text), (6, 20, "1920x1080"))
        self.assertEqual(agent.status()["resolution"], "1920x1080")
        self.send(server, setting("camera_resolution", "1x1", 7))
        self.assertEqual((agent.status()["settings"]["cameraResolution"], agent.status()["resolution"]),
                         ("1920x1080", "1920x1080"))

    def test_a_change_here_is_told_until_it_is_answered(self):
        server, agent = self.online()
        self.set(agent, "volume", 44)
        first = self.wait_told(server, 1)
        self.assertEqual((first.key, first.version, first.number), (KEYS["volume"], 0, 44))
        agent.kill()
        agent.start()
        again = self.wait_told(server, 2)
        self.assertEqual((again.edit, again.number), (first.edit, 44))
        self.send(server, setting("volume", 44, 1, first.edit))
        self.assertEqual(agent.status()["unanswered"], {})
        agent.ask("cut on")
        agent.ask("cut off")
        server.wait_stream(3)
        time.sleep(0.3)
        self.assertEqual(len(self.told(server)), 2)

    def test_a_change_made_offline_is_told_on_return(self):
        server, agent = self.online()
        agent.ask("cut on")
        self.set(agent, "silent", "true")
        self.set(agent, "relay_seconds", 63)
        self.assertEqual(agent.status()["unanswered"], {"silent": True, "relaySeconds": True})
        agent.ask("cut off")
        self.wait_told(server, 2)
        self.assertEqual({o.key: o.number for o in self.told(server)}, {KEYS["silent"]: 1, KEYS["relay_seconds"]: 63})

    def test_the_server_wins_where_both_changed_the_same(self):
        server, agent = self.online()
        agent.ask("cut on")
        self.set(agent, "volume", 44)
        server.on_hello = lambda server, stream: stream.send(welcome=server.welcome(stream)) or stream.send(
            setting_changes=setting_changes(7, volume=99))
        agent.ask("cut off")
        agent.wait(lambda s: s["settings"]["volume"] == 99 and s["unanswered"] == {})

    def test_a_later_change_here_outlives_the_answer_to_an_earlier_one(self):
        server, agent = self.online()
        self.set(agent, "volume", 44)
        first = self.wait_told(server, 1)
        self.set(agent, "volume", 45)
        self.wait_told(server, 2)
        self.send(server, setting("volume", 44, 1, first.edit))
        third = self.wait_told(server, 3)
        self.assertEqual((third.number, third.version), (45, 1))
        self.assertEqual(agent.status()["settings"]["volume"], 45)

    def test_the_next_settings_before_the_outcomes_end_the_connection_or_wait(self):
        server, agent = self.online()
        stream = server.wait_stream()
        for version in range(1, 60):
            stream.send(setting_changes=setting_changes(version, volume=version))
        agent.wait(lambda s: s["settings"]["version"] >= 1)
        agent.wait(lambda s: s["link"] == "online")

    def test_what_makes_no_sense_is_refused_here_too(self):
        server, agent = self.online()
        for name, value, error in (("volume", "101", "OUT_OF_RANGE"), ("volume", "x", "OUT_OF_RANGE"),
                                   ("silent", "7", "OUT_OF_RANGE"), ("relay_mode", "0", "OUT_OF_RANGE"),
                                   ("camera_resolution", "1x1", "NOT_OFFERED"), ("nonsense", "1", "UNKNOWN"),
                                   ("password", "123456", "OUT_OF_RANGE"), ("password", "1234567", "OUT_OF_RANGE"),
                                   ("password", "12a", "OUT_OF_RANGE"), ("alarm_threshold_centi", "3735", "OUT_OF_RANGE")):
            self.assertEqual(agent.ask(f"set {name} {value}"), {"error": error}, (name, value))
        self.assertEqual(agent.status()["unanswered"], {})

    def test_killed_at_any_moment_it_has_all_of_a_message_or_nothing(self):
        server, agent = self.online()
        known = 0
        for round in range(1, 9):
            version = round * 10
            server.wait_stream().send(setting_changes=setting_changes(
                version, volume=round, brightness=round, test_threshold=round, company_name=f"round {round}"))
            time.sleep(0.004 * (round - 1))
            streams = len([s for s in server.streams if s.hello])
            agent.kill()
            agent.start()
            settings = agent.status()["settings"]
            self.assertIn(settings["version"], (known, version))
            known = settings["version"]
            if known:
                self.assertEqual((settings["volume"], settings["brightness"], settings["testThreshold"],
                                  settings["companyName"]), (known // 10,) * 3 + (f"round {known // 10}",))
            server.wait_stream(streams + 1)
            agent.wait(lambda s: s["link"] == "online")


class Door(SettingsCase):
    def test_it_stays_open_until_the_mode_changes(self):
        server, agent = self.online()
        self.admit(server)
        agent.see(self.picture("person1"))
        time.sleep(1.2)
        status = agent.status()
        self.assertTrue(status["doorOpen"] and status["doorLineHigh"])
        self.settle(server, 1, relay_mode=2)
        status = agent.status()
        self.assertFalse(status["doorOpen"] or status["doorLineHigh"])
        self.assertEqual([m["active"] for m in agent.ask("relay")["movements"]], [True, False])

    def test_a_low_pulse_rests_high(self):
        server, agent = self.online()
        self.admit(server)
        self.settle(server, 2, relay_mode=3, relay_seconds=1)
        self.assertTrue(agent.status()["doorLineHigh"])
        agent.see(self.picture("person1"))
        self.assertFalse(agent.status()["doorLineHigh"])
        time.sleep(1.2)
        self.assertTrue(agent.status()["doorLineHigh"])

    def test_a_restart_closes_what_stayed_open(self):
        server, agent = self.online()
        self.admit(server)
        agent.see(self.picture("person1"))
        agent.kill()
        agent.start()
        self.assertFalse(agent.status()["doorOpen"])


class Privacy(SettingsCase):
    def test_a_value_that_is_not_kept_never_leaves(self):
        server, agent = self.online()
        self.admit(server)
        self.settle(server, 2, temperature_kept=False, block_abnormal=False)
        agent.see(self.picture("person1"), "--temp", "38.2")
        agent.see(self.picture("person1"), "--temp", "36.4")
        server.wait(lambda: len(server.records) == 2)
        self.assertEqual([(server.records[(1, seq)].temperature_centi, server.records[(1, seq)].abnormal,
                           server.records[(1, seq)].threshold_centi) for seq in (1, 2)], [(0, True, 3730), (0, False, 3730)])
        with open(f"{self.folder}/terminal.db", "rb") as database, open(f"{self.folder}/terminal.db-wal", "rb") as log:
            self.assertNotIn(b"\x58\xec\x1d", database.read() + log.read())  # field 11, 3820

    def test_the_same_value_is_in_the_record_when_it_is_kept(self):
        server, agent = self.online()
        self.admit(server)
        agent.see(self.picture("person1"), "--temp", "38.2")
        server.wait(lambda: server.records)
        self.assertEqual((server.records[(1, 1)].temperature_centi, server.records[(1, 1)].abnormal), (3820, True))
        with open(f"{self.folder}/terminal.db", "rb") as database, open(f"{self.folder}/terminal.db-wal", "rb") as log:
            self.assertIn(b"\x58\xec\x1d", database.read() + log.read())

    def test_no_picture_is_kept_or_sent_or_shown(self):
        server, agent = self.online()
        self.admit(server)
        self.assertTrue(agent.see(self.picture("person1"))["snapshot"])
        self.assertTrue(agent.status()["picture"])
        server.wait(lambda: len(server.pictures) == 1)
        self.settle(server, 1, photo_kept=False)
        self.assertFalse(agent.see(self.picture("person1"))["snapshot"])
        self.assertFalse(agent.status()["picture"])
        server.wait(lambda: len(server.records) == 2)
        time.sleep(0.5)
        self.assertEqual((len(server.pictures), server.records[(1, 2)].snapshot_size,
                          agent.status()["unsentSnapshots"]), (1, 0, 0))

    def test_name_and_temperature_are_neither_shown_nor_spoken(self):
        server, agent = self.online()
        self.admit(server)
        self.settle(server, 2, name_display=False, temperature_display=False)
        agent.see(self.picture("person1"))
        self.assertTrue(agent.status()["screen"].startswith("[green] Welcome |"))
        self.assertEqual(self.words(agent), [("speech", "Welcome", 20)])
        server.wait(lambda: server.records)
        self.assertEqual(server.records[(1, 1)].temperature_centi, 3660)


class Manners(SettingsCase):
    def test_sounds_follow_volume_silence_and_alarm(self):
        server, agent = self.online()
        self.admit(server)
        agent.see(self.picture("person1"), "--temp", "38")
        self.assertEqual(self.words(agent), [("speech", "Abnormal temperature", 20), ("speech", "38.0 ℃", 20),
                                             ("alarm", "alarm", 20)])
        self.set(agent, "volume", 80)
        self.set(agent, "alarm_sound", "false")
        self.set(agent, "temperature_unit", 2)
        agent.see(self.picture("person1"), "--temp", "38")
        self.assertEqual(self.words(agent)[3:], [("speech", "Abnormal temperature", 80), ("speech", "100.4 ℉", 80)])
        self.set(agent, "silent", "true")
        agent.see(self.picture("person1"), "--temp", "38")
        self.assertEqual((len(self.words(agent)), agent.status()["settings"]["volume"]), (5, 80))

    def test_the_temperature_is_compensated_and_settles(self):
        server, agent = self.online()
        self.set(agent, "compensation_tenths", 3)
        self.assertEqual(agent.see(self.picture("person1"), "--temp", "36.1,39")["temperature"], 36.4)
        self.set(agent, "temperature_mode", 2)
        self.assertEqual(agent.see(self.picture("person1"), "--temp", "34,36.1,36.1,36.2")["temperature"], 36.4)
        self.set(agent, "compensation_automatic", "true")
        self.set(agent, "temperature_scenario", 2)
        self.assertEqual(agent.see(self.picture("person1"), "--temp", "36", "--ambient", "5")["temperature"], 36.4)
        self.assertEqual(agent.see(self.picture("person1"), "--temp", "36")["temperature"], 36)

    def test_whoever_is_not_recognised_is_looked_at_again(self):
        server, agent = self.online()
        self.admit(server)
        other, known = self.picture("person2"), self.picture("person1")
        self.assertEqual(agent.see(other, "--then", other, "--then", known)["result"], "ALLOWED")
        self.set(agent, "recognition_attempts", 2)
        self.assertEqual(agent.see(other, "--then", other, "--then", known)["reason"], "STRANGER")

    def test_liveness_is_asked_only_when_it_is_on(self):
        server, agent = self.online()
        self.admit(server)
        self.assertEqual(agent.see(self.picture("person1"), "--not-alive")["result"], "ALLOWED")
        self.set(agent, "liveness", "true")
        self.assertEqual(agent.see(self.picture("person1"), "--not-alive")["reason"], "NOT_ALIVE")

    def test_a_camera_that_fails_is_started_again_if_the_guard_is_on(self):
        server, agent = self.online()
        agent.ask("camera jammed")
        reasons = [agent.see(self.picture("person1"))["reason"] for _ in range(3)]
        self.assertEqual((reasons, agent.status()["cameraRestarts"]), (["NO_PICTURE", "NO_PICTURE", "STRANGER"], 1))
        self.set(agent, "thread_guard", "false")
        agent.ask("camera jammed")
        self.assertEqual({agent.see(self.picture("person1"))["reason"] for _ in range(5)}, {"NO_PICTURE"})

    def test_bottom_bar_light_fan_brightness_and_auto_start(self):
        server, agent = self.online()
        status = agent.status()
        self.assertEqual((status["light"], status["fan"], status["brightness"]), ("white", True, 80))
        agent.see(self.picture("person1"))
        self.assertEqual(agent.status()["light"], "red")
        self.settle(server, 10, failure_effect=2, fan=False, brightness=5, bottom_bar=False, auto_start=False)
        agent.see(self.picture("person1"))
        status = agent.status()
        self.assertEqual((status["light"], status["fan"], status["brightness"]), ("white", False, 5))
        self.assertNotIn("people", status["screen"])
        with open(f"{self.folder}/auto_start", encoding="ascii") as flag:
            self.assertEqual(flag.read(), "off\n")
        self.settle(server, 11, auto_start=True)
        with open(f"{self.folder}/auto_start", encoding="ascii") as flag:
            self.assertEqual(flag.read(), "on\n")

    def test_the_screen_saver_comes_when_nobody_is_there_and_goes_with_a_face(self):
        server, agent = self.online()
        self.settle(server, 1, screen_saver_seconds=10)
        agent.see(self.picture("person1"))
        began = time.time()
        agent.wait(lambda s: s["screen"].startswith("[saver]"), 15)
        self.assertAlmostEqual(time.time() - began, 10, delta=1.5)
        agent.see(self.picture("blank"))
        self.assertTrue(agent.status()["screen"].startswith("[saver]"))
        agent.see(self.picture("person1"))
        self.assertTrue(agent.status()["screen"].startswith("[red]"))

    def test_names_are_the_settings_or_else_the_servers_also_offline(self):
        server, agent = self.online()
        self.assertEqual((agent.status()["deviceName"], agent.status()["companyName"]), ("Gate", "Acme"))
        self.set(agent, "device_name", "South gate")
        server.stop()
        agent.stop()
        agent.start()
        status = agent.status()
        self.assertEqual((status["deviceName"], status["companyName"], status["timeZone"]),
                         ("South gate", "Acme", "Europe/Berlin"))


class Menu(SettingsCase):
    def test_the_initial_password_opens_it_until_another_is_set(self):
        server, agent = self.online()
        self.assertEqual(agent.ask("menu 123456"), {"menu": "OPENED"})
        self.assertTrue(agent.status()["screen"].startswith("[menu]"))
        self.assertEqual(agent.see(self.picture("person1"))["reason"], "MENU")
        agent.ask("home")
        self.set(agent, "password", "4711")
        told = self.wait_told(server, 1)
        self.assertRegex(told.text, r"^pbkdf2-sha256\$100000\$")
        self.assertEqual(agent.ask("menu 123456"), {"menu": "WRONG"})
        self.assertEqual(agent.ask("menu 4711"), {"menu": "OPENED"})
        self.assertEqual(agent.status()["settings"]["password"], "set")

    def test_the_password_is_nowhere_to_be_read(self):
        server, agent = self.online()
        self.set(agent, "password", "836259")
        self.wait_told(server, 1)
        agent.stop()
        for name in os.listdir(self.folder):
            with open(os.path.join(self.folder, name), "rb") as file:
                self.assertNotIn(b"836259", file.read(), name)
        with open(agent.log.name, "rb") as log:
            self.assertNotIn(b"836259", log.read())

    def test_after_five_failures_it_is_locked_and_a_restart_does_not_open_it(self):
        server, agent = self.online()
        for _ in range(5):
            self.assertEqual(agent.ask("menu 1"), {"menu": "WRONG"})
        self.assertEqual(agent.ask("menu 123456"), {"menu": "LOCKED"})
        agent.kill()
        agent.start()
        self.assertEqual(agent.ask("menu 123456"), {"menu": "LOCKED"})
        self.assertGreater(agent.status()["menuWaitMs"], 25000)

    def test_whoever_leaves_it_open_is_brought_home(self):
        server, agent = self.online()
        self.set(agent, "daemon_seconds", 5)
        agent.ask("menu 123456")
        time.sleep(4)
        self.assertTrue(agent.status()["screen"].startswith("[menu]"))
        agent.wait(lambda s: s["screen"].startswith("[home]"), 3)


class DailyRestart(SettingsCase):
    def test_it_comes_at_its_minute_of_the_enterprises_day_and_once(self):
        server, agent = self.online()
        boots = agent.status()["boots"]
        local = re.search(r"(\d+):(\d+)", subprocess.run(
            ["date", "+%H:%M"], env={"TZ": "Europe/Berlin"}, capture_output=True, text=True, check=True).stdout)
        minute = (int(local.group(1)) * 60 + int(local.group(2)) + 10) % 1440
        self.set(agent, "restart_minute", minute)
        clock = int(time.time() * 1000)

        def pass_the_minute(stream):
            for later in (9, 11):
                stream.send(heartbeat_ack=pb.HeartbeatAck(server_time_ms=clock + later * 60000))
                time.sleep(6)  # it looks at the clock every five seconds
        pass_the_minute(server.wait_stream())
        stream = server.wait_stream(2)
        self.assertEqual(agent.status()["boots"], boots + 1)
        pass_the_minute(stream)
        self.assertEqual(agent.status()["boots"], boots + 1)


if __name__ == "__main__":
    main()
