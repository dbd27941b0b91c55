"""A terminal that shares nothing with ours but the contract: it enrols, is given people, and its passes and pictures
arrive."""

import hashlib
import queue
import threading
import time
import unittest

from fixture import MODULES, Server, photo, wait_until
from terminal import PART, Terminal, link, record, types

passes = MODULES["pass"]


class Watch:
    """Events of the console, gathered as they come."""

    def __init__(self, client):
        self.events = queue.Queue()
        self.stream = client.stream("ConsoleService.WatchEvents")
        threading.Thread(target=self._gather, daemon=True).start()

    def _gather(self):
        try:
            for event in self.stream:
                self.events.put(event)
        except Exception:  # cancelled
            pass

    def wait(self, kind, fits=lambda value: True, seconds=20):
        while True:
            event = self.events.get(timeout=seconds)
            if event.WhichOneof("event") == kind and fits(getattr(event, kind)):
                return getattr(event, kind)


class DeviceLinkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.admin = cls.server.admin()
        cls.portrait = photo("person-01.jpg")

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.server.close()
        assert code == 0, code

    def setUp(self):
        self.serial = self.id()[-64:]
        self.terminal = Terminal(self.server, self.serial, "admin", Server.PASSWORD, name="Gate")
        self.streams = []

    def tearDown(self):
        for stream in self.streams:
            stream.close()

    def online(self, **hello):
        self.streams.append(self.terminal.online(**hello))
        return self.streams[-1]

    def device(self):
        return self.admin.call("DevicesService.GetDevice", id=self.terminal.id)

    def employee(self, number):
        picture = self.admin.upload(self.portrait)
        return self.admin.call("PeopleService.CreateEmployee",
                               employee=dict(number=number, name="Name " + number, card_number="C" + number,
                                             photo_id=picture.id))

    def grant(self, *people):
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person.id for person in people],
                        device_ids=[self.terminal.id])

    def states(self):
        grants = self.admin.call("PassService.ListGrants", device_id=self.terminal.id, page_size=100).grants
        return {grant.person_number: passes.GrantState.Name(grant.state)[12:] for grant in grants}

    def engine_of_the_server(self):
        """Templates in the feed are of this engine."""
        return self.server.sql("SELECT engine FROM photo LIMIT 1")[0][0]

    def confirm(self, stream, changes, failure=0):
        stream.send(people=link.PeopleReport(outcomes=[
            link.PersonOutcome(revision=change.revision, person_id=change.person_id, failure=failure)
            for change in changes]))

    # ---- Hello

    def test_the_welcome_says_who_it_is_and_the_list_shows_it_online(self):
        watch = Watch(self.admin)
        stream = self.online(software_version="7.1", address="192.0.2.7")
        self.assertEqual(stream.welcome.device_id, self.terminal.id)
        self.assertEqual(stream.welcome.device_name, "Gate")
        self.assertGreater(stream.welcome.heartbeat_seconds, 0)
        self.assertEqual(stream.welcome.acked_seq, 0)
        watch.wait("device", lambda device: device.id == self.terminal.id and device.state == 1)
        watch.stream.cancel()
        device = self.device()
        self.assertEqual((device.state, device.software_version, device.address), (1, "7.1", "192.0.2.7"))
        stream.send(heartbeat=link.Heartbeat(unsent_records=3))
        self.assertGreater(stream.read("heartbeat_ack").server_time_ms, 0)
        stream.half_close()
        self.assertEqual(stream.end(), ("OK", ""))
        wait_until(lambda: self.device().state == 2)

    def test_the_welcome_comes_first_whatever_is_sent_with_the_hello(self):
        stream = self.terminal.connect()
        self.streams.append(stream)
        stream.send(hello=self.terminal.hello())
        stream.send_records(record(1))
        stream.send(heartbeat=link.Heartbeat())
        self.assertEqual(stream.first(), "welcome")
        stream.acked(1)
        stream.read("heartbeat_ack")

    def test_a_second_stream_ends_the_first(self):
        first = self.online()
        second = self.online()
        self.assertEqual(first.end()[0], "ABORTED")
        second.send_records(record(1))
        second.acked(1)
        self.assertEqual(self.device().state, 1)

    def ends(self, reason):
        """How many streams of this terminal ended so, as the server's log says."""
        return sum("reason=%s " % reason in line and "device=%d " % self.terminal.id in line
                   for line in self.server.log().splitlines())

    def test_a_second_stream_ends_a_first_that_does_not_read(self):
        """What waits for a terminal that has stopped reading does not hold its end up."""
        self.grant(self.employee("f-1"))
        change = self.online().read("people").changes[0]
        deaf = self.terminal.connect(deaf=True)
        self.streams.append(deaf)
        deaf.send(hello=self.terminal.hello())
        for _ in range(40):
            deaf.send(photo_request=link.PhotoRequest(person_id=change.person_id, sha256=change.photo_sha256))
        wait_until(lambda: self.device().state == 1)
        time.sleep(1)  # until its answers fill the connection
        self.assertEqual(self.ends("LINK_REPLACED"), 1)  # of the stream that knew what to ask for
        self.online()
        wait_until(lambda: self.ends("LINK_REPLACED") == 2, 5)

    def test_who_opens_a_stream_and_says_nothing_is_sent_away(self):
        silent = self.terminal.connect()
        self.streams.append(silent)
        self.assertEqual(silent.end(25), ("FAILED_PRECONDITION", "LINK_HELLO_EXPECTED"))
        self.assertEqual(self.device().state, 2)

    # ---- People

    def test_people_come_with_templates_to_their_engine_and_outcomes_show(self):
        ann, bob = self.employee("a-1"), self.employee("a-2")
        self.grant(ann, bob)
        stream = self.online(engine=self.engine_of_the_server())
        people = stream.read("people")
        self.assertTrue(people.complete)
        self.assertEqual({change.name for change in people.changes}, {"Name a-1", "Name a-2"})
        for change in people.changes:
            self.assertEqual((change.kind, len(change.face_template)), (types.PERSON_KIND_EMPLOYEE, 512))
            self.assertEqual(change.card_number, "C" + change.number)
        self.assertEqual(self.states(), {"a-1": "PENDING", "a-2": "PENDING"})
        self.confirm(stream, people.changes[:1])
        self.confirm(stream, people.changes[1:], types.APPLY_FAILURE_DEVICE_FULL)
        wait_until(lambda: sorted(self.states().values()) == ["FAILED", "ON_DEVICE"])

    def test_another_engine_pulls_the_photo_in_parts_that_fit_their_hash(self):
        self.grant(self.employee("b-1"))
        stream = self.online(engine="another")
        change = stream.read("people").changes[0]
        self.assertEqual(change.face_template, b"")
        picture = b""
        while True:
            stream.send(photo_request=link.PhotoRequest(person_id=change.person_id, sha256=change.photo_sha256,
                                                        offset=len(picture)))
            part = stream.read("photo")
            self.assertEqual((part.offset, part.total), (len(picture), change.photo_size))
            self.assertLessEqual(len(part.data), PART)
            picture += part.data
            if len(picture) >= part.total:
                break
        self.assertEqual(hashlib.sha256(picture).digest(), change.photo_sha256)
        self.assertTrue(picture.startswith(b"\xff\xd8"))
        # A photo that is not the person's any more, an offset beyond its end, and somebody who is not here.
        for person, sha256, offset, total in ((change.person_id, bytes(32), 0, 0), (change.person_id + 1, bytes(32), 0, 0),
                                              (change.person_id, change.photo_sha256, 2 ** 32 - 1, len(picture))):
            stream.send(photo_request=link.PhotoRequest(person_id=person, sha256=sha256, offset=offset))
            part = stream.read("photo")
            self.assertEqual((part.total, part.data), (total, b""))

    def test_a_revoked_grant_takes_the_person_off(self):
        ann = self.employee("c-1")
        self.grant(ann)
        stream = self.online()
        first = stream.read("people").changes
        self.confirm(stream, first)
        wait_until(lambda: self.states() == {"c-1": "ON_DEVICE"})
        self.admin.call("PassService.BatchRevokeGrants", grants=[dict(person_id=ann.id, device_id=self.terminal.id)])
        change = wait_until(lambda: stream.read("people").changes)[0]
        self.assertTrue(change.remove)
        self.assertEqual((change.person_id, change.name, change.face_template), (ann.id, "", b""))
        self.assertGreater(change.revision, first[0].revision)
        self.confirm(stream, [change])
        wait_until(lambda: self.states() == {})

    def test_outcomes_that_nobody_asked_for_change_nothing(self):
        ann = self.employee("d-1")
        self.grant(ann)
        stream = self.online()
        change = stream.read("people").changes[0]
        for revision, person, failure in ((change.revision - 1, ann.id, 0), (change.revision + 7, ann.id, 0),
                                          (-1, ann.id, 0), (2 ** 62, ann.id + 1, 0)):
            stream.send(people=link.PeopleReport(outcomes=[
                link.PersonOutcome(revision=revision, person_id=person, failure=failure)]))
        stream.send(people=link.PeopleReport())
        stream.send(heartbeat=link.Heartbeat())
        stream.read("heartbeat_ack")
        self.assertEqual(self.states(), {"d-1": "PENDING"})
        self.confirm(stream, [change])
        wait_until(lambda: self.states() == {"d-1": "ON_DEVICE"})

    def test_a_reason_of_a_newer_terminal_is_still_a_failure(self):
        self.grant(self.employee("e-1"))
        stream = self.online()
        self.confirm(stream, stream.read("people").changes, failure=70000)
        wait_until(lambda: self.states() == {"e-1": "FAILED"})
        stream.send(heartbeat=link.Heartbeat())
        stream.read("heartbeat_ack")

    # ---- Records and pictures

    def test_a_pass_is_seen_in_the_console_and_its_picture_follows(self):
        watch = Watch(self.admin)
        self.admin.call("ConsoleService.GetSummary")
        stream = self.online()
        sha256 = hashlib.sha256(self.portrait).digest()
        stream.send_records(record(1, snapshot_sha256=sha256, snapshot_size=len(self.portrait), temperature_centi=3790))
        stream.acked(1)
        seen = watch.wait("pass", lambda one: one.device_id == self.terminal.id)
        self.assertEqual((seen.temperature_centi, seen.state, seen.device_name),
                         (3790, types.PASS_STATE_ABNORMAL_TEMPERATURE, "Gate"))
        self.assertEqual(stream.send_picture(1, self.portrait).next_offset, len(self.portrait))
        self.assertEqual(watch.wait("snapshot").pass_id, seen.id)
        content_type, data = self.admin.download("PassService.DownloadSnapshot", id=seen.id)
        self.assertEqual((content_type, data), ("image/jpeg", self.portrait))
        watch.stream.cancel()

    def test_after_a_reconnect_the_welcome_says_what_is_stored(self):
        stream = self.online()
        stream.send_records(*(record(seq) for seq in range(1, 101)))
        stream.acked(100)
        again = self.online(last_seq=150)
        self.assertEqual(again.welcome.acked_seq, 100)
        again.send_records(*(record(seq) for seq in range(90, 151)))  # the terminal did not hear the acknowledgement
        again.acked(150)
        self.assertEqual(self.admin.call("PassService.ListPasses", device_id=self.terminal.id).total_size, 150)

    def test_a_lost_store_is_told_and_its_new_epoch_counts_from_one(self):
        stream = self.online(last_seq=0)
        stream.send_records(*(record(seq) for seq in range(1, 6)))
        stream.acked(5)
        self.assertEqual(self.online(last_seq=0).welcome.acked_seq, 5)  # above last_seq: so raise the epoch
        fresh = self.online(last_seq=0, store_epoch=2)
        self.assertEqual(fresh.welcome.acked_seq, 0)
        fresh.send_records(record(1), record(2), epoch=2)
        fresh.acked(2)
        self.assertEqual(self.admin.call("PassService.ListPasses", device_id=self.terminal.id).total_size, 7)
        # Enrolling anew begins above every epoch that was seen.
        self.assertEqual(Terminal(self.server, self.serial, "admin", Server.PASSWORD).epoch, 3)

    def announce(self, stream, data, seq=1):
        stream.send_records(record(seq, snapshot_sha256=hashlib.sha256(data).digest(), snapshot_size=len(data)))
        stream.acked(seq)

    def test_a_picture_goes_on_where_the_acknowledgement_says(self):
        stream = self.online()
        self.announce(stream, self.portrait)
        sha256 = hashlib.sha256(self.portrait).digest()
        self.assertEqual(stream.send_picture(1, self.portrait, until=PART).next_offset, PART)
        # A part that came already, and one that is ahead, are answered with the place to go on.
        self.assertEqual(stream.send_picture(1, self.portrait, until=PART).next_offset, PART)
        ahead = stream.send_picture(1, self.portrait, offset=2 * PART, until=2 * PART + 1)
        self.assertEqual((ahead.next_offset, ahead.refused), (PART, False))
        again = self.online(last_seq=1)  # what had arrived waited for the terminal
        ack = again.send_picture(1, self.portrait, offset=PART, until=PART + 1)
        self.assertEqual((ack.next_offset, ack.refused), (2 * PART, False))
        self.assertEqual(again.send_picture(1, self.portrait, offset=2 * PART).next_offset, len(self.portrait))
        # Stored already: the first part is answered with the end.
        self.assertEqual(again.send_picture(1, self.portrait, sha256=sha256).next_offset, len(self.portrait))

    def test_a_picture_that_is_not_what_its_hash_says_begins_anew(self):
        stream = self.online()
        self.announce(stream, self.portrait)
        damaged = self.portrait[:-1] + bytes([self.portrait[-1] ^ 1])
        ack = stream.send_picture(1, damaged, sha256=hashlib.sha256(self.portrait).digest())
        self.assertEqual((ack.next_offset, ack.refused), (0, False))
        self.assertEqual(stream.send_picture(1, self.portrait).next_offset, len(self.portrait))


if __name__ == "__main__":
    unittest.main()
