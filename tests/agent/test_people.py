"""People, settings and orders that come down the link, and what the terminal makes of them."""
import os
import time

from link_case import LinkCase, main
from link_server import KEYS, change, now_ms, pb, photo_fields, setting_changes, template_fields, types

ENGINE = "simulated/exact-picture"
HOUR_MS = 3600 * 1000


class PeopleCase(LinkCase):
    def template(self, stem, revision=1, person_id=100, **fields):
        return change(revision, person_id, **{**template_fields(self.home, stem), **fields})

    def send(self, server, *changes, complete=True):
        """Sends changes and waits for their outcomes."""
        reports = len(server.reports)
        server.wait_stream().send(people=pb.PeopleChanges(changes=changes, complete=complete))
        server.wait(lambda: len(server.reports) > reports, what="the outcomes")
        return [(o.revision, o.person_id, o.failure) for o in server.reports[-1]]

    def settle(self, server, **fields):
        """Sends settings and waits for their outcomes."""
        version = fields.pop("version", 100 * len(server.settings_reports) + 100)
        reports = len(server.settings_reports)
        server.wait_stream().send(setting_changes=setting_changes(version, **fields))
        server.wait(lambda: len(server.settings_reports) > reports, what="the settings report")
        return server.settings_reports[-1]


class People(PeopleCase):
    def test_a_template_of_the_same_engine_is_taken_and_opens_the_door(self):
        server, agent = self.online()
        self.assertEqual(self.send(server, self.template("person1")), [(1, 100, 0)])
        answer = agent.see(self.picture("person1"))
        self.assertEqual((answer["result"], answer["person"]["id"], answer["distance"]), ("ALLOWED", "100", 0))
        self.assertEqual(agent.see(self.picture("person2"))["reason"], "STRANGER")
        server.wait(lambda: len(server.records) == 2)
        record = server.records[(1, 1)]
        self.assertEqual((record.person_id, record.person_name, record.person_number, record.authorised),
                         (100, "Person 100", "E100", True))
        relay = agent.ask("relay")
        self.assertEqual([(m["active"], m["seq"]) for m in relay["movements"]], [(True, 1)])

    def test_people_survive_a_restart_and_work_offline(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))
        server.stop()
        agent.stop()
        agent.start()
        self.assertEqual(agent.see(self.picture("person1"))["result"], "ALLOWED")

    def test_a_photo_of_another_engine_is_fetched_and_worked_out(self):
        server, agent = self.online()
        photo, fields = photo_fields(self.picture("large"), "some/other-engine")
        server.photos[fields["photo_sha256"]] = photo
        outcomes = self.send(server, change(1, 100, **fields), self.template("person2", 2, 200))
        self.assertEqual(outcomes, [(1, 100, 0), (2, 200, 0)])
        self.assertEqual([offset for _, offset in server.photo_requests], list(range(0, len(photo), 16384)))
        self.assertEqual(agent.see(self.picture("large"))["result"], "ALLOWED")

    def test_a_photo_already_worked_out_is_not_fetched_again(self):
        server, agent = self.online()
        photo, fields = photo_fields(self.picture("person1"), "some/other-engine")
        server.photos[fields["photo_sha256"]] = photo
        self.send(server, change(1, 100, **fields))
        self.send(server, change(2, 100, **{**fields, "valid_until_ms": now_ms() - 1000}))
        self.assertEqual(len(server.photo_requests), 1)
        self.assertEqual(agent.see(self.picture("person1"))["reason"], "OUTSIDE_WINDOW")

    def test_a_photo_without_a_face_is_a_typed_failure(self):
        server, agent = self.online()
        photo, fields = photo_fields(self.picture("blank"), "some/other-engine")
        server.photos[fields["photo_sha256"]] = photo
        self.assertEqual(self.send(server, change(1, 100, **fields)), [(1, 100, types.APPLY_FAILURE_BAD_PHOTO)])
        self.assertEqual(agent.status()["people"], 0)

    def test_a_photo_that_arrives_damaged_is_a_typed_failure(self):
        server, _ = self.online()
        photo, fields = photo_fields(self.picture("person1"), "some/other-engine")
        server.photos[fields["photo_sha256"]] = b"x" * len(photo)
        self.assertEqual(self.send(server, change(1, 100, **fields)), [(1, 100, types.APPLY_FAILURE_PHOTO_CORRUPT)])

    def test_a_photo_that_the_server_does_not_have_is_a_typed_failure(self):
        server, _ = self.online()
        _, fields = photo_fields(self.picture("person1"), "some/other-engine")
        self.assertEqual(self.send(server, change(1, 100, **fields)), [(1, 100, types.APPLY_FAILURE_PHOTO_CORRUPT)])

    def test_nobody_to_recognise_is_a_typed_failure(self):
        server, _ = self.online()
        self.assertEqual(self.send(server, change(1, 100)), [(1, 100, types.APPLY_FAILURE_NO_PHOTO)])

    def test_nonsense_is_rejected_and_the_rest_applied(self):
        server, agent = self.online()
        rejected = types.APPLY_FAILURE_REJECTED
        self.assertEqual(
            self.send(server, self.template("person1", 1, 100, kind=types.PERSON_KIND_UNSPECIFIED),
                      self.template("person2", 2, 200, face_template=b"short"),
                      self.template("person3", 3, 300)),
            [(1, 100, rejected), (2, 200, rejected), (3, 300, 0)])
        self.assertEqual(agent.status()["people"], 1)

    def test_a_failed_change_takes_the_former_rights_away(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))
        self.send(server, change(2, 100))
        self.assertEqual(agent.see(self.picture("person1"))["reason"], "STRANGER")

    def test_a_full_terminal_says_so_and_still_takes_changes(self):
        server, agent = self.online("--capacity", "1")
        full = types.APPLY_FAILURE_DEVICE_FULL
        self.assertEqual(self.send(server, self.template("person1"), self.template("person2", 2, 200)),
                         [(1, 100, 0), (2, 200, full)])
        self.assertEqual(self.send(server, self.template("person3", 3, 100), change(4, 100, remove=True),
                                   self.template("person2", 5, 200)),
                         [(3, 100, 0), (4, 100, 0), (5, 200, 0)])
        self.assertEqual(agent.see(self.picture("person2"))["result"], "ALLOWED")

    def test_a_removed_person_is_a_stranger(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))
        self.send(server, change(2, 100, remove=True))
        self.assertEqual(agent.see(self.picture("person1"))["reason"], "STRANGER")
        self.assertEqual(agent.status()["people"], 0)

    def test_the_hello_tells_how_far_the_feed_has_come(self):
        server, agent = self.online()
        self.send(server, self.template("person1", 41))
        agent.ask("cut on")
        agent.ask("cut off")
        stream = server.wait_stream(2)
        self.assertEqual((stream.hello.people_revision, stream.hello.people_count, stream.hello.photo_count),
                         (41, 1, 1))
        self.assertEqual(stream.hello.engine, ENGINE)

    def test_a_feed_that_goes_backwards_ends_the_connection(self):
        server, agent = self.online()
        server.wait_stream().send(people=pb.PeopleChanges(
            changes=[self.template("person1", 5), self.template("person2", 4, 200)]))
        server.wait_stream(2, 30)
        self.assertEqual(agent.status()["people"], 0)

    def test_a_card_is_enough_and_a_blacklisted_face_does_not_hide_behind_it(self):
        server, agent = self.online()
        self.send(server, change(1, 100, card_number="0042"),
                  self.template("person2", 2, 200, kind=types.PERSON_KIND_BLACKLIST))
        answer = agent.see(self.picture("person1"), "--card", "0042")
        self.assertEqual((answer["result"], answer["person"]["id"]), ("ALLOWED", "100"))
        answer = agent.see(self.picture("person2"), "--card", "0042")
        self.assertEqual((answer["reason"], answer["person"]["id"]), ("BLACKLIST", "200"))
        server.wait(lambda: len(server.records) == 2)
        self.assertEqual(server.records[(1, 1)].card_number, "0042")

    def test_an_empty_frame_leads_to_no_record(self):
        server, agent = self.online()
        self.assertEqual(agent.see(self.picture("blank"))["reason"], "NO_FACE")
        self.assertEqual(agent.see("/nowhere.jpg")["reason"], "NO_PICTURE")
        self.assertEqual(agent.see(f"{self.home}/person1.template")["reason"], "NO_PICTURE")
        self.assertEqual(agent.ask("set liveness true"), {"done": True})
        self.assertEqual(agent.see(self.picture("person1"), "--not-alive")["reason"], "NOT_ALIVE")
        self.assertEqual(agent.status()["lastSeq"], 0)
        self.assertFalse(server.records)


class Settings(PeopleCase):
    def test_settings_rule_the_decision(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))
        self.assertEqual(agent.see(self.picture("person1"), "--temp", "37.3")["reason"], "TEMPERATURE")
        self.assertEqual(self.settle(server, block_abnormal=False, mask_required=True).version, 100)
        answer = agent.see(self.picture("person1"), "--temp", "37.3")
        self.assertEqual((answer["result"], answer["abnormal"]), ("ALLOWED", True))
        self.assertEqual(agent.see(self.picture("person1"), "--no-mask")["reason"], "NO_MASK")
        self.settle(server, temperature_detection=False, mask_required=False)
        answer = agent.see(self.picture("person1"), "--temp", "39")
        self.assertEqual((answer["result"], answer["temperature"]), ("ALLOWED", 0))
        server.wait(lambda: len(server.records) == 4)
        self.assertEqual((server.records[(1, 4)].temperature_centi, server.records[(1, 4)].threshold_centi), (0, 0))

    def test_strangers_open_when_they_may_and_leave_no_record_when_told(self):
        server, agent = self.online()
        self.settle(server, stranger_mode=True, stranger_record=False)
        answer = agent.see(self.picture("person1"))
        self.assertEqual((answer["result"], answer["seq"]), ("ALLOWED", 0))
        status = agent.status()
        self.assertEqual((status["lastSeq"], status["unrecordedPasses"], status["relayCount"]), (0, 1, 1))

    def test_values_out_of_range_are_refused_and_the_rest_taken(self):
        server, agent = self.online()
        report = self.settle(server, alarm_threshold_centi=2999, relay_seconds=64, mask_required=True)
        self.assertEqual([(o.key, o.refused, o.number) for o in report.outcomes],
                         [(KEYS["alarm_threshold_centi"], "OUT_OF_RANGE", 3730),
                          (KEYS["relay_seconds"], "OUT_OF_RANGE", 5), (KEYS["mask_required"], "", 1)])
        settings = agent.status()["settings"]
        self.assertEqual((settings["alarmThresholdCenti"], settings["relaySeconds"], settings["maskRequired"]),
                         (3730, 5, True))

    def test_settings_survive_a_restart(self):
        server, agent = self.online()
        self.settle(server, version=8, mask_required=True)
        agent.stop()
        agent.start()
        self.assertEqual(agent.status()["settings"]["version"], 8)
        self.assertEqual(server.wait_stream(2).hello.settings_version, 8)

    def test_the_relay_falls_by_itself(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))
        self.settle(server, relay_mode=2, relay_seconds=1)
        agent.see(self.picture("person1"))
        time.sleep(1.3)
        movements = agent.ask("relay")["movements"]
        self.assertEqual([m["active"] for m in movements], [True, False])
        self.assertAlmostEqual(movements[1]["atMs"] - movements[0]["atMs"], 1000, delta=250)

    def test_a_wrong_clock_is_put_right_by_the_server(self):
        server, agent = self.online()
        server.wait_stream().send(heartbeat_ack=pb.HeartbeatAck(server_time_ms=now_ms() + HOUR_MS))
        time.sleep(0.2)
        server.acking = False
        agent.see(self.picture("person1"))
        server.wait(lambda: server.batches)
        agent.ask("cut on")
        server.acking = True
        agent.ask("cut off")
        server.wait(lambda: server.records)
        self.assertAlmostEqual(server.records[(1, 1)].occurred_at_ms, now_ms() + HOUR_MS, delta=10000)


class Wipe(PeopleCase):
    def test_a_wiped_terminal_forgets_everything_and_stays_away(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))
        agent.see(self.picture("person1"))
        streams = len(server.streams)
        server.wait_stream().send(wipe=pb.Wipe(reason="deleted"))
        agent.wait(lambda s: s["link"] == "not enrolled" and s["people"] == 0)
        self.assertFalse(os.path.exists(f"{self.folder}/key.pem"))
        self.assertEqual(agent.see(self.picture("person1"))["reason"], "STRANGER")
        time.sleep(1.5)
        self.assertEqual(len(server.streams), streams)
        agent.stop()
        agent.start()
        self.assertEqual(agent.status()["link"], "not enrolled")

    def test_enrolled_anew_it_begins_another_epoch(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        server.wait(lambda: server.records)
        server.wait_stream().send(wipe=pb.Wipe(reason="deleted"))
        agent.wait(lambda s: s["link"] == "not enrolled")
        agent.stop()
        self.assertEqual(self.enrol().returncode, 0)
        agent.start()
        agent.see(self.picture("person1"))
        server.wait(lambda: (2, 1) in server.records)

    # ---- Ordered to come back

    def test_a_terminal_that_goes_to_another_enterprise_comes_back_empty_with_the_same_certificate(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))
        agent.see(self.picture("person1"))
        server.wait(lambda: server.records)
        streams = len(server.streams)
        server.wait_stream().send(wipe=pb.Wipe(reason="moved", order=5))
        server.wait(lambda: len(server.streams) > streams and server.streams[-1].hello)
        hello = server.streams[-1].hello
        self.assertEqual((hello.wiped_order, hello.store_epoch, hello.last_seq, hello.people_revision, hello.people_count,
                          hello.settings_version), (5, 2, 0, 0, 0, 0))
        agent.wait(lambda s: s["link"] == "online" and s["people"] == 0 and s["deviceId"] == "77")
        self.assertEqual(agent.see(self.picture("person1"))["reason"], "STRANGER")
        server.wait(lambda: (2, 1) in server.records)
        agent.stop()
        agent.start()
        server.wait(lambda: len(server.streams) > streams + 1 and server.streams[-1].hello)
        self.assertEqual(server.streams[-1].hello.wiped_order, 5)

    def test_killed_while_it_clears_itself_it_is_told_again_and_never_welcomed_with_what_it_had(self):
        server, agent = self.online()
        self.send(server, self.template("person1"))

        def on_hello(server, stream):
            if stream.hello.wiped_order == 5:
                stream.send(welcome=server.welcome(stream))
            else:
                stream.send(wipe=pb.Wipe(reason="moved", order=5))
                stream.end()
        server.on_hello = on_hello
        for delay in (0, 0.002, 0.005, 0.01, 0.02, 0.05):
            streams = len(server.streams)
            agent.kill()
            agent.start()
            server.wait(lambda: len(server.streams) > streams and server.streams[-1].hello)
            time.sleep(delay)
        agent.kill()
        agent.start()
        agent.wait(lambda s: s["link"] == "online")
        welcomed = [stream.hello for stream in server.streams if stream.hello and stream.hello.wiped_order == 5]
        self.assertTrue(welcomed)
        self.assertTrue(all(hello.people_count == 0 and hello.people_revision == 0 for hello in welcomed))
        self.assertEqual(agent.status()["people"], 0)


if __name__ == "__main__":
    main()
