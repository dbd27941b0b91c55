"""The terminal's link against a real gRPC server: what goes up, in which order, and what survives which accident."""
import hashlib
import os
import socket
import sqlite3
import threading
import time

import grpc
from fragment_proxy import FragmentProxy
from link_case import LinkCase, free_port, main
from link_server import pb


class Enrolment(LinkCase):
    def test_the_authority_is_trusted_on_first_use_and_its_fingerprint_shown(self):
        result = self.enrol()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"authority {self.authority.fingerprint()}", result.stdout)
        self.assertIn("device 77", result.stdout)
        self.assertEqual(os.stat(f"{self.folder}/key.pem").st_mode & 0o777, 0o600)

    def test_a_pinned_fingerprint_that_fits_enrols(self):
        result = self.enrol("--fingerprint", self.authority.fingerprint())
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_pinned_fingerprint_that_does_not_fit_never_sees_the_password(self):
        before = len(self.office.enrolled)
        result = self.enrol("--fingerprint", "AB" * 32, serial="never")
        self.assertEqual(result.returncode, 1)
        self.assertIn("not trusted", result.stderr)
        self.assertEqual(len(self.office.enrolled), before)

    def test_a_refusal_is_shown_in_the_servers_words(self):
        result = self.enrol(password="wrong")
        self.assertEqual(result.returncode, 1)
        self.assertIn("UNAUTHENTICATED: Wrong name or password, 100% sure: müde", result.stderr)
        self.assertFalse(os.path.exists(f"{self.folder}/device_id"))

    def test_the_password_is_stored_nowhere(self):
        self.enrol()
        for name in os.listdir(self.folder):
            with open(f"{self.folder}/{name}", "rb") as file:
                self.assertNotIn(b"secret word", file.read())


class Upload(LinkCase):
    def test_a_pass_is_journalled_opens_and_arrives_with_its_picture(self):
        server, agent = self.online()
        answer = agent.see(self.picture("person1"), "--temp", "36.5")
        self.assertEqual((answer["result"], answer["reason"], answer["seq"]), ("DENIED", "STRANGER", 1))
        server.wait(lambda: server.pictures, what="the picture")
        record = server.records[(1, 1)]
        self.assertEqual(record.temperature_centi, 3650)
        self.assertEqual(record.threshold_centi, 3730)
        self.assertTrue(record.clock_synced)
        picture = server.pictures[record.snapshot_sha256]
        self.assertEqual(len(picture), record.snapshot_size)
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0)

    def test_what_happened_offline_arrives_later_in_order_and_once(self):
        self.enrol()
        port = free_port()
        agent = self.agent(port).start()
        for number in range(1, 6):
            self.assertEqual(agent.see(self.picture(f"person{number}"))["seq"], number)
        self.assertEqual(agent.status()["unsentRecords"], 5)
        server = self.serve(port=port)
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 60)
        self.assertEqual(server.record_arrivals, [(1, n) for n in range(1, 6)])
        order = [kind for kind in server.streams[-1].order if kind in ("records", "snapshot")]
        self.assertEqual(order[0], "records")
        self.assertNotIn("records", order[order.index("snapshot"):])

    def test_a_cut_cable_loses_nothing_and_repeats_only_what_was_not_acknowledged(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0)
        server.acking = False
        agent.see(self.picture("person2"))
        server.wait(lambda: (1, 2) in server.record_arrivals)
        agent.ask("cut on")
        agent.see(self.picture("person3"))
        self.assertEqual(agent.status()["link"], "no network")
        server.acking = True
        agent.ask("cut off")
        agent.wait(lambda s: s["unsentRecords"] == 0)
        self.assertEqual(server.record_arrivals, [(1, 1), (1, 2), (1, 2), (1, 3)])

    def test_a_picture_goes_on_where_the_server_says(self):
        server, agent = self.online()
        jumped = []

        def skip_ahead(chunk, held):
            if chunk.offset == 0 and not jumped:
                jumped.append(chunk.total)
                return pb.SnapshotAck(sha256=chunk.sha256, next_offset=chunk.total - 10)
            return pb.SnapshotAck(sha256=chunk.sha256, next_offset=chunk.offset + len(chunk.data))

        server.picture_ack = skip_ahead
        agent.see(self.picture("large"))
        agent.wait(lambda s: s["unsentSnapshots"] == 0)
        self.assertGreater(jumped[0], 3 * 16384)

    def test_a_picture_that_the_server_lost_midway_is_sent_from_the_beginning(self):
        server, agent = self.online()
        lost = []

        def lose_once(chunk, held):
            if chunk.offset >= 16384 and not lost:
                lost.append(True)
                held.clear()
                return pb.SnapshotAck(sha256=chunk.sha256, next_offset=0)
            return pb.SnapshotAck(sha256=chunk.sha256, next_offset=len(held))

        server.picture_ack = lose_once
        agent.see(self.picture("large"))
        agent.wait(lambda s: s["unsentSnapshots"] == 0)
        self.assertEqual(len(server.pictures), 1)

    def test_a_refused_picture_is_dropped(self):
        server, agent = self.online()
        server.picture_ack = lambda chunk, held: pb.SnapshotAck(sha256=chunk.sha256, refused=True)
        agent.see(self.picture("large"))
        agent.wait(lambda s: s["unsentSnapshots"] == 0)
        server.picture_ack = None
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentSnapshots"] == 0)
        self.assertIn(server.records[(1, 2)].snapshot_sha256, server.pictures)

    def test_a_backlog_travels_in_batches(self):
        self.enrol()
        port = free_port()
        agent = self.agent(port).start()
        for _ in range(150):
            agent.see(self.picture("person1"))
        server = self.serve(port=port)
        agent.wait(lambda s: s["unsentRecords"] == 0, 60)
        self.assertEqual(server.batches[:2], [128, 22])

    def test_heartbeats_tell_what_waits(self):
        server, agent = self.online()
        server.acking = False
        agent.see(self.picture("person1"))
        agent.ask("cut on")
        server.heartbeat_seconds = 1
        agent.ask("cut off")
        server.wait(lambda: server.heartbeats, what="a heartbeat")
        self.assertEqual(server.heartbeats[-1].unsent_records, 1)
        self.assertGreater(server.heartbeats[-1].free_bytes, 0)

    def test_it_says_how_it_is_and_sets_its_clock_by_the_server(self):
        before = time.time() * 1000
        server, agent = self.online("--clock-ahead", "-7200", "--capacity", "300")
        hello = server.streams[-1].hello
        self.assertAlmostEqual(hello.clock_ms, before - 7200_000, delta=20_000)
        self.assertEqual((hello.model, hello.people_capacity), ("Smart Pass simulator", 300))
        agent.see(self.picture("person1"))
        server.wait(lambda: server.records)
        self.assertAlmostEqual(server.records[(1, 1)].occurred_at_ms, time.time() * 1000, delta=20_000)
        server.wait(lambda: server.heartbeats)
        disk = os.statvfs(self.folder)
        self.assertEqual(server.heartbeats[-1].total_bytes, disk.f_blocks * disk.f_frsize)
        self.assertEqual(server.heartbeats[-1].last_error, "")
        # Its own clock is as wrong as before: the server set only what the terminal makes of it.
        agent.ask("cut on")
        agent.ask("cut off")
        server.wait(lambda: len(server.streams) > 1 and server.streams[-1].hello)
        self.assertAlmostEqual(server.streams[-1].hello.clock_ms, time.time() * 1000 - 7200_000, delta=20_000)

    def test_one_that_waits_says_so_until_people_come(self):
        self.assertEqual(self.enrol().returncode, 0)
        server = self.serve()

        def welcome_and_wait(server, stream):
            message = server.welcome(stream)
            message.waiting = True
            stream.send(welcome=message)

        server.on_hello = welcome_and_wait
        agent = self.agent(server.port).start()
        agent.wait(lambda s: "waiting for approval" in s["screen"])
        self.assertEqual(agent.see(self.picture("person1"))["result"], "DENIED")
        server.wait(lambda: server.records)
        server.streams[-1].send(people=pb.PeopleChanges(complete=True))
        agent.wait(lambda s: "waiting" not in s["screen"])



class Accidents(LinkCase):
    def test_a_server_that_goes_away_is_found_again(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0)
        port = server.port
        server.server.stop(5)  # GOAWAY first: the terminal leaves by itself
        agent.wait(lambda s: s["link"] != "online")
        server.stop()
        self.servers.remove(server)
        agent.see(self.picture("person2"))
        second = self.serve(port=port)
        second.records.update(server.records)
        agent.wait(lambda s: s["unsentRecords"] == 0, 60)
        self.assertEqual(second.record_arrivals, [(1, 2)])

    def test_garbage_from_the_server_ends_the_connection_and_nothing_else(self):
        for garbage in (b"\xff\xff\xff\xff", b"\x0a\x7f\x00", b"\x22" + b"\x80" * 12):
            server, agent = self.online() if not self.agents else (server, agent)
            stream = server.wait_stream(len([s for s in server.streams if s.hello]))
            count = len([s for s in server.streams if s.hello])
            stream.send_raw(garbage)
            server.wait_stream(count + 1, 30)
            agent.wait(lambda s: s["link"] == "online")
        self.assertEqual(agent.see(self.picture("person1"))["seq"], 1)

    def test_an_acknowledgement_of_what_was_never_sent_is_not_believed(self):
        server, agent = self.online()
        server.acking = False
        agent.see(self.picture("person1"))
        stream = server.wait_stream()
        stream.send(record_ack=pb.RecordAck(store_epoch=1, seq=9))
        server.wait_stream(2, 30)
        agent.wait(lambda s: s["link"] == "online")
        self.assertEqual(agent.status()["unsentRecords"], 1)

    def test_an_oversized_message_ends_the_connection(self):
        server, agent = self.online()
        server.wait_stream().send(photo=pb.PhotoChunk(data=b"x" * 40000))
        server.wait_stream(2, 30)
        agent.wait(lambda s: s["link"] == "online")

    def test_a_message_before_the_welcome_ends_the_connection(self):
        self.enrol()
        server = self.serve()
        server.on_hello = lambda s, stream: stream.send(heartbeat_ack=pb.HeartbeatAck(server_time_ms=1))
        agent = self.agent(server.port).start()
        server.wait_stream(2, 30)
        self.assertNotEqual(agent.status()["link"], "online")

    def test_a_second_welcome_ends_the_connection(self):
        server, agent = self.online()
        stream = server.wait_stream()
        stream.send(welcome=server.welcome(stream))
        server.wait_stream(2, 30)
        agent.wait(lambda s: s["link"] == "online")

    def test_a_server_that_accepts_and_says_nothing_is_given_up_and_passes_go_on(self):
        self.enrol()
        with socket.create_server(("127.0.0.1", 0)) as silent:
            agent = self.agent(silent.getsockname()[1]).start()
            self.assertEqual(agent.see(self.picture("person1"))["seq"], 1)
            agent.wait(lambda s: "did not answer the dial" in s["problem"], 30)

    def test_a_connection_that_falls_silent_is_noticed(self):
        self.enrol()
        server = self.serve()
        with FragmentProxy(server.port) as proxy:
            agent = self.agent(proxy.port).start()
            agent.wait(lambda s: s["link"] == "online")
            proxy.stalled.set()
            agent.see(self.picture("person1"))
            agent.wait(lambda s: "silent" in s["problem"], 60)
            proxy.stalled.clear()
            agent.wait(lambda s: s["unsentRecords"] == 0, 60)

    def test_fragments_of_one_to_seven_bytes_are_put_together(self):
        self.enrol()
        server = self.serve()
        with FragmentProxy(server.port) as proxy:
            agent = self.agent(proxy.port).start()
            agent.see(self.picture("large"))
            agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0 and s["lastSeq"] == 1, 120)
        self.assertEqual(hashlib.sha256(list(server.pictures.values())[0]).digest(), list(server.pictures)[0])

    def test_many_cuts_in_the_middle_of_the_traffic_lose_nothing(self):
        server, agent = self.online()
        stop = threading.Event()

        def cutter():
            while not stop.is_set():
                agent.ask("cut on")
                agent.ask("cut off")
                time.sleep(0.03)

        thread = threading.Thread(target=cutter)
        thread.start()
        for number in range(40):
            agent.see(self.picture(f"person{number % 5 + 1}"))
        stop.set()
        thread.join()
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 60)
        self.assertEqual(sorted(server.records), [(1, n) for n in range(1, 41)])

    def test_a_refused_terminal_asks_again_only_after_a_while(self):
        self.enrol()
        server = self.serve()
        server.refuse = grpc.StatusCode.PERMISSION_DENIED
        agent = self.agent(server.port).start()
        agent.wait(lambda s: s["link"] == "not authorised")
        self.assertIn("not you", agent.status()["problem"])
        self.assertEqual(agent.see(self.picture("person1"))["seq"], 1)
        server.refuse = None
        agent.wait(lambda s: s["link"] == "online" and s["unsentRecords"] == 0)

    def test_a_server_of_another_authority_is_not_spoken_to(self):
        self.enrol()
        os.makedirs(f"{self.folder}-ca")
        stranger = type(self.authority)(f"{self.folder}-ca", "another authority")
        authority, type(self).authority = self.authority, stranger
        try:
            server = self.serve(mutual=False)
        finally:
            type(self).authority = authority
        agent = self.agent(server.port).start()
        agent.wait(lambda s: "not trusted" in s["problem"])
        self.assertFalse(server.streams)

    def test_a_certificate_that_is_not_made_for_servers_cannot_play_the_server(self):
        self.enrol()
        for purpose in ("clientAuth", None):
            server = self.serve(purpose=purpose)
            agent = self.agent(server.port).start()
            agent.wait(lambda s: "not trusted" in s["problem"])
            self.assertFalse(server.streams)
            agent.stop()


class Lives(LinkCase):
    def test_killed_at_any_moment_it_loses_nothing_and_repeats_nothing(self):
        server, agent = self.online()
        answered = 0
        for round_number in range(12):
            for number in range(1 + round_number % 4):
                answered = agent.see(self.picture(f"person{number + 1}"))["seq"]
            if round_number % 3 == 0:
                thread = threading.Thread(target=self.see_and_be_killed, args=(agent,))
                thread.start()
                time.sleep(0.002 * round_number)
                agent.kill()
                thread.join()
            else:
                agent.kill()
            agent.start()
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 60)
        last = agent.status()["lastSeq"]
        self.assertGreaterEqual(last, answered)
        self.assertEqual(sorted(server.records), [(1, n) for n in range(1, last + 1)])
        for record in server.records.values():
            self.assertIn(record.snapshot_sha256, server.pictures)
        with open(f"{self.folder}/relay.log") as log:  # whoever was let in is known to the server
            opened = [int(line.split()[2]) for line in log if " open " in line]
        self.assertTrue(set(opened) <= {seq for _, seq in server.records})

    def see_and_be_killed(self, agent):
        try:
            agent.see(self.picture("person1"))
        except (ConnectionError, FileNotFoundError):
            pass

    def test_a_lost_database_begins_the_next_epoch(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0)
        agent.stop()
        for name in os.listdir(self.folder):
            if name.startswith("terminal.db"):
                os.unlink(f"{self.folder}/{name}")
        agent.start()
        self.assertEqual(agent.see(self.picture("person2"))["seq"], 1)
        agent.wait(lambda s: s["unsentRecords"] == 0)
        self.assertEqual(sorted(server.records), [(1, 1), (2, 1)])

    def test_a_damaged_database_is_set_aside(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0)
        agent.stop()
        with open(f"{self.folder}/terminal.db", "r+b") as file:
            file.write(os.urandom(4096))
        agent.start()
        self.assertEqual(agent.status()["epoch"], 2)
        self.assertTrue(os.path.exists(f"{self.folder}/terminal.db.damaged-1"))

    def test_records_that_this_store_never_made_raise_the_epoch(self):
        self.enrol()
        server = self.serve()
        server.acked_override = {1: 50}
        agent = self.agent(server.port).start()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["epoch"] == 2, 30)
        self.assertEqual(sorted(server.records), [(2, 1)])

    def test_enrolled_anew_it_sends_what_waits_under_the_epoch_that_the_server_names(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0)
        agent.ask("cut on")
        agent.see(self.picture("person2"))
        agent.stop()
        self.office.store_epoch = 4
        try:
            self.assertEqual(self.enrol().returncode, 0)
        finally:
            self.office.store_epoch = 1
        agent.start().wait(lambda s: s["unsentRecords"] == 0 and s["epoch"] == 4)
        agent.see(self.picture("person3"))
        agent.wait(lambda s: s["unsentRecords"] == 0)
        self.assertEqual(sorted(server.records), [(1, 1), (4, 2), (4, 3)])

    def test_a_new_epoch_with_nothing_to_send_is_not_stuck(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0)
        agent.stop()
        self.office.store_epoch = 2
        try:
            self.assertEqual(self.enrol().returncode, 0)
        finally:
            self.office.store_epoch = 1
        server.heartbeat_seconds = 1
        agent.start()
        server.wait(lambda: len(server.heartbeats) > 1)
        agent.see(self.picture("person2"))
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0)
        self.assertEqual(sorted(server.records), [(1, 1), (2, 2)])

    def test_the_disk_gives_up_pictures_that_the_server_has_first(self):
        self.enrol()
        server = self.serve()
        agent = self.agent(server.port, "--quota-mb", "1").start()
        count = 0
        while agent.status()["evictedSnapshots"] == 0:
            agent.see(self.picture("large"))
            agent.wait(lambda s: s["unsentSnapshots"] == 0)
            count += 1
            self.assertLess(count, 40)
        self.assertEqual(agent.status()["disk"], "ok")
        agent.ask("cut on")
        answers = [agent.see(self.picture("large")) for _ in range(count + 2)]
        self.assertFalse(answers[-1]["snapshot"])
        self.assertEqual(answers[-1]["result"], "DENIED")
        self.assertEqual(agent.status()["disk"], "full")
        self.assertIn("storage full", agent.status()["screen"])
        agent.ask("cut off")
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 60)
        self.assertEqual(len(server.records), agent.status()["lastSeq"])

    def test_it_ends_cleanly_and_remembers(self):
        server, agent = self.online()
        agent.see(self.picture("person1"))
        agent.wait(lambda s: s["unsentRecords"] == 0)
        agent.stop()
        agent.start()
        status = agent.status()
        self.assertEqual((status["lastSeq"], status["ackedSeq"], status["boots"]), (1, 1, 2))
        with sqlite3.connect(f"{self.folder}/terminal.db") as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))


class Certificates(LinkCase):
    days = 20  # less than 30 are left from the first day

    def test_an_ageing_certificate_is_renewed_before_anything_else(self):
        self.enrol()
        with open(f"{self.folder}/cert.pem") as file:
            old = file.read()
        server = self.serve()
        agent = self.agent(server.port).start()
        agent.wait(lambda s: s["link"] == "online")
        self.assertEqual(server.renewals, 1)
        with open(f"{self.folder}/cert.pem") as file:
            self.assertNotEqual(file.read(), old)
        agent.stop()
        agent.start().wait(lambda s: s["link"] == "online")
        self.assertEqual(server.renewals, 1)


if __name__ == "__main__":
    main()
