"""What a broken or malicious terminal sends: a typed answer for itself, and nothing for anybody else to notice."""

import concurrent.futures
import socket
import ssl
import subprocess
import unittest

import grpc

from fixture import MODULES, Refused, Server, wait_until
from terminal import Stream, Terminal, key_and_request, link, record

LATEST_MS = 253402300799999  # 9999-12-31T23:59:59.999Z


def tag(number, wire):
    return varint(number << 3 | wire)


def varint(value):
    out = b""
    while value > 0x7f:
        out += bytes([value & 0x7f | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, payload):
    return tag(number, 2) + varint(len(payload)) + payload


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.admin = cls.server.admin()
        cls.witness = cls.enrol("witness").online()

    @classmethod
    def tearDownClass(cls):
        cls.witness.close()
        code = cls.server.stop()
        cls.server.close()
        assert code == 0, code

    def setUp(self):
        self.terminal = self.enrol(self.id()[-64:])

    def tearDown(self):
        """Whatever happened, the same server still serves the others."""
        self.witness.send(heartbeat=link.Heartbeat())
        self.witness.read("heartbeat_ack")
        self.assertEqual(self.admin.call("SessionService.GetSession").username, "admin")
        self.assertIsNone(self.server.process.poll())

    @classmethod
    def enrol(cls, serial, **fields):
        return Terminal(cls.server, serial, "admin", Server.PASSWORD, **fields)

    def online(self, **hello):
        stream = self.terminal.online(**hello)
        self.addCleanup(stream.close)
        return stream

    def rows(self, statement):
        return self.server.sql(statement % self.terminal.id)

    def stored(self):
        return [int(seq) for seq, in self.rows("SELECT seq FROM pass_record WHERE device_id = %d ORDER BY epoch, seq")]

    # ---- The stream's messages

    def test_bytes_that_are_no_message_end_the_stream(self):
        text = field(2, field(2, tag(1, 0) + varint(1) + field(9, b"%s")))
        for data in (b"\xff" * 50, b"\x07", b"\x0a\xff\xff\xff\xff\x0f", field(2, b"\x12\x7fab"),
                     text.replace(b"%s", b"\xff\xfe"), text.replace(b"%s", b"a\0"),
                     b"\x7b" * 10000 + b"\x7c" * 10000):
            stream = self.online()
            stream.send_bytes(data)
            self.assertEqual(stream.end()[0], "INVALID_ARGUMENT", data[:10])
            stream.close()
        self.assertEqual(self.stored(), [])

    def test_nesting_ten_thousand_deep_is_no_more_than_bytes(self):
        data = b""
        for _ in range(10000):
            data = field(1, data) if len(data) < 60000 else field(1, data[:60000])
        stream = self.online()
        stream.send_bytes(field(2, data))
        stream.send(heartbeat=link.Heartbeat())
        self.assertEqual(stream.end()[0], "INVALID_ARGUMENT")

    def test_fields_over_their_limit_are_refused(self):
        long = link.RecordBatch(store_epoch=1, records=[record(1, person_name="x" * 97)])
        for message in (dict(records=long), dict(records=link.RecordBatch(store_epoch=1, records=map(record, range(1, 130)))),
                        dict(snapshot=link.SnapshotChunk(store_epoch=1, seq=1, data=bytes(16385))),
                        dict(people=link.PeopleReport(outcomes=[link.PersonOutcome()] * 33)),
                        dict(settings=link.SettingsReport(refused=["x"] * 17))):
            stream = self.online()
            stream.send(**message)
            self.assertEqual(stream.end()[0], "INVALID_ARGUMENT", list(message))
            stream.close()
        stream = self.terminal.connect()
        self.addCleanup(stream.close)
        stream.send(hello=self.terminal.hello(boot_id=bytes(17)))
        self.assertEqual(stream.end(), ("INVALID_ARGUMENT", "FIELD_TOO_LONG"))
        self.assertEqual(self.stored(), [])

    def test_a_message_beyond_the_limit_ends_the_stream(self):
        stream = self.online()
        stream.send_bytes(field(99, bytes(5_000_000)))
        self.assertIn(stream.end()[0], ("RESOURCE_EXHAUSTED", "INVALID_ARGUMENT"))

    def test_a_large_message_of_unknown_fields_is_no_harm(self):
        """A newer terminal may say what we do not know yet."""
        stream = self.online()
        stream.send_bytes(field(99, bytes(100_000)))
        stream.send_bytes(b"")
        stream.send(heartbeat=link.Heartbeat())
        stream.read("heartbeat_ack")

    def test_the_order_of_the_conversation_is_kept(self):
        before_hello = self.terminal.connect()
        self.addCleanup(before_hello.close)
        before_hello.send_records(record(1))
        self.assertEqual(before_hello.end(), ("FAILED_PRECONDITION", "LINK_HELLO_EXPECTED"))
        twice = self.online()
        twice.send(hello=self.terminal.hello())
        self.assertEqual(twice.end(), ("FAILED_PRECONDITION", "LINK_HELLO_EXPECTED"))
        for epoch in (0, 2 ** 31, 2 ** 32 - 1):
            stream = self.terminal.connect()
            self.addCleanup(stream.close)
            stream.send(hello=self.terminal.hello(store_epoch=epoch))
            self.assertEqual(stream.end(), ("INVALID_ARGUMENT", "LINK_EPOCH_OUT_OF_RANGE"))

    def test_a_hello_may_claim_anything(self):
        stream = self.online(last_seq=2 ** 64 - 1, people_revision=-2 ** 63, settings_version=2 ** 63 - 1,
                             people_count=2 ** 32 - 1, photo_count=2 ** 32 - 1, people_capacity=2 ** 32 - 1,
                             engine="\U0001f6aa" * 16, address="' OR 1=1 --", mac="%s%n%n%n%n%n%n")
        stream.send(heartbeat=link.Heartbeat(unsent_records=2 ** 64 - 1, people_count=2 ** 32 - 1, free_bytes=2 ** 64 - 1))
        stream.read("heartbeat_ack")
        device = self.admin.call("DevicesService.GetDevice", id=self.terminal.id)
        self.assertEqual((device.engine, device.address), ("\U0001f6aa" * 16, "' OR 1=1 --"))
        self.assertEqual(device.people_count, 2 ** 31 - 1)
        stream.send(settings=link.SettingsReport(version=-2 ** 63, refused=["", "x" * 32]))
        stream.send(people=link.PeopleReport(outcomes=[link.PersonOutcome(revision=2 ** 63 - 1, person_id=-1)]))
        stream.send(photo_request=link.PhotoRequest(person_id=-1, sha256=b"", offset=2 ** 32 - 1))
        self.assertEqual(stream.read("photo").total, 0)

    # ---- Records

    def test_records_of_another_epoch_or_out_of_order_are_refused(self):
        for records, epoch, reason in (([record(1)], 2, "LINK_EPOCH_UNKNOWN"), ([record(0)], 1, "LINK_RECORDS_UNORDERED"),
                                       ([record(2), record(1)], 1, "LINK_RECORDS_UNORDERED"),
                                       ([record(1), record(1)], 1, "LINK_RECORDS_UNORDERED"),
                                       ([record(2 ** 63 - 1), record(2 ** 63)], 1, "LINK_RECORDS_UNORDERED")):
            stream = self.online()
            stream.send_records(*records, epoch=epoch)
            self.assertEqual(stream.end(), ("INVALID_ARGUMENT", reason))
            stream.close()
        self.assertEqual(self.stored(), [])

    def test_what_the_database_refuses_is_set_aside_and_the_rest_goes_on(self):
        bad = {
            3: dict(kind=99), 4: dict(kind=0), 7: dict(result=3), 8: dict(result=-1), 10: dict(temperature_centi=10001),
            11: dict(temperature_centi=-1), 12: dict(temperature_centi=-2 ** 31), 14: dict(occurred_at_ms=2 ** 63 - 1),
            15: dict(occurred_at_ms=-2 ** 63), 16: dict(occurred_at_ms=LATEST_MS + 1), 18: dict(distance_milli=2 ** 32 - 1),
            19: dict(deny_reason=2 ** 31 - 1),
        }
        stream = self.online()
        stream.send_records(*(record(seq, **bad.get(seq, {})) for seq in range(1, 21)))
        stream.acked(20)
        good = [seq for seq in range(1, 21) if seq not in bad]
        self.assertEqual(self.stored(), good)

        rejected = self.rows("SELECT seq, sqlstate, encode(record, 'hex') FROM pass_rejected WHERE device_id = %d ORDER BY seq")
        self.assertEqual([int(seq) for seq, _, _ in rejected], sorted(bad))
        for seq, sqlstate, packed in rejected:
            kept = link.PassRecord.FromString(bytes.fromhex(packed))  # nothing of it is lost
            for name, value in bad[int(seq)].items():
                self.assertEqual(getattr(kept, name), value)
            self.assertIn(sqlstate[:2], ("22", "23"))
        alarms = self.rows("SELECT detail FROM alarm WHERE kind = 'RECORD_REJECTED' AND device_id = %d ORDER BY id")
        self.assertEqual(len(alarms), len(bad))
        self.assertIn("record 3,", alarms[0][0])

        # It all comes again, as after a cut cable: nothing twice, no second alarm, and the welcome counts them in.
        again = self.online(last_seq=20)
        self.assertEqual(again.welcome.acked_seq, 20)
        again.send_records(*(record(seq, **bad.get(seq, {})) for seq in range(1, 21)))
        again.acked(20)
        self.assertEqual(self.stored(), good)
        self.assertEqual(self.rows("SELECT count(*) FROM alarm WHERE kind = 'RECORD_REJECTED' AND device_id = %d"),
                         [[str(len(bad))]])
        listed = self.admin.call("PassService.ListPasses", device_id=self.terminal.id, page_size=100)
        self.assertEqual(listed.total_size, len(good))

    def test_one_terminals_bad_records_hold_nobody_up(self):
        other = self.enrol("neighbour")
        neighbour = other.online()
        self.addCleanup(neighbour.close)
        stream = self.online()
        for first in range(1, 400, 100):
            stream.send_records(*(record(seq, kind=99) for seq in range(first, first + 100)))
            neighbour.send_records(*(record(seq) for seq in range(first, first + 100)))
        neighbour.acked(400)
        stream.acked(400)
        self.assertEqual(self.server.sql("SELECT count(*) FROM pass_record WHERE device_id = %d" % other.id), [["400"]])
        self.assertEqual(self.rows("SELECT count(*) FROM pass_rejected WHERE device_id = %d"), [["400"]])

    def test_a_record_at_the_edge_of_time_is_shown_as_any_other(self):
        stream = self.online()
        stream.send_records(record(1, occurred_at_ms=LATEST_MS), record(2, occurred_at_ms=-62135596800000),
                            record(3, occurred_at_ms=0), record(4, occurred_at_ms=-1))
        stream.acked(4)
        passes = self.admin.call("PassService.ListPasses", device_id=self.terminal.id, page_size=10).passes
        self.assertEqual([one.occur_time.ToMilliseconds() for one in passes],
                         [LATEST_MS, 0, -1, -62135596800000])

    def test_words_of_a_record_are_only_words(self):
        words = "'; DROP TABLE pass_record; -- <script>\u202e{}\\,\""
        stream = self.online()
        stream.send_records(record(1, person_name=words, person_number=words[:20], card_number="{NULL}",
                                   person_id=-5, snapshot_sha256=b"short"))
        stream.acked(1)
        listed = self.admin.call("PassService.ListPasses", device_id=self.terminal.id, query=words[:12].upper())
        self.assertEqual([one.person_name for one in listed.passes], [words])

    # ---- Pictures

    def test_pictures_that_make_no_sense_are_not_wanted(self):
        stream = self.online()
        stream.send_records(record(1, snapshot_sha256=bytes(32), snapshot_size=10))
        stream.acked(1)
        sound = dict(store_epoch=1, seq=1, sha256=bytes(32), offset=0, total=10, data=b"0123456789")
        for change in (dict(total=0), dict(total=2 ** 32 - 1), dict(sha256=b""), dict(offset=11), dict(total=9), dict(data=b""),
                       dict(offset=2 ** 32 - 1), dict(seq=2), dict(store_epoch=9), dict(sha256=bytes([1] * 32)),
                       dict(seq=2 ** 64 - 1), dict(store_epoch=2 ** 32 - 1)):
            stream.send(snapshot=link.SnapshotChunk(**{**sound, **change}))
            self.assertTrue(stream.read("snapshot_ack").refused, change)

    # ---- Enrolment

    def refused(self, request=None, **fields):
        fields = {**dict(username="admin", password=Server.PASSWORD, serial_number=self.id()[-60:]), **fields}
        with self.assertRaises(Refused) as raised:
            self.server.public().call("LinkService.Enrol", certificate_request=request or key_and_request()[1], **fields)
        return raised.exception

    def test_requests_that_prove_no_key_are_refused(self):
        request = key_and_request()[1]
        lines = request.splitlines()
        middle = len(lines) // 2
        damaged = "\n".join(lines[:middle] + [lines[middle][::-1]] + lines[middle + 1:])
        weak = subprocess.check_output("openssl req -new -newkey rsa:1024 -nodes -keyout /dev/null -subj /CN=x -batch",
                                       shell=True, stderr=subprocess.DEVNULL).decode()
        for data in ("x", "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n", damaged, weak,
                     self.terminal.certificate.decode()[:2048]):
            refused = self.refused(data)
            self.assertEqual((refused.code, list(refused.fields)), ("INVALID_ARGUMENT", ["certificate_request"]), data[:70])

    def test_a_serial_number_is_printable(self):
        for serial in ("a\nb", "\x7f", "tab\t", "\x1b[2J", "", " "):
            refused = self.refused(serial_number=serial)
            self.assertEqual((refused.code, list(refused.fields)), ("INVALID_ARGUMENT", ["serial_number"]), repr(serial))

    def test_one_serial_number_enrolled_at_the_same_time_is_one_terminal(self):
        """By two accounts, because one account's passwords are looked at one after the other."""
        self.server.command("add-user", "--username", "installer", "--password-stdin", password=Server.PASSWORD)
        request = key_and_request()[1]
        callers = [(name, self.server.public()) for name in ("admin", "installer")]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for i in range(10):
                both = list(pool.map(lambda caller: caller[1].call(
                    "LinkService.Enrol", username=caller[0], password=Server.PASSWORD, certificate_request=request,
                    serial_number="twin %d" % i), callers))
                self.assertEqual(both[0].device_id, both[1].device_id)
                self.assertEqual(sorted(one.store_epoch for one in both), [1, 2])

    # ---- Below the messages

    def test_what_is_no_http2_is_hung_up_on(self):
        plain = socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertFalse(plain.recv(100).startswith(b"HTTP"))
        plain.close()
        context = ssl.create_default_context(cafile=self.server.data + "/authority.crt")
        context.set_alpn_protocols(["h2"])
        for data in (b"GET / HTTP/1.1\r\n\r\n" * 100, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 5000, bytes(50000)):
            with context.wrap_socket(socket.create_connection(("127.0.0.1", self.server.port), timeout=10),
                                     server_hostname="localhost") as tls:
                try:
                    tls.sendall(data)
                    while tls.recv(65536):
                        pass
                except (ssl.SSLError, ConnectionError):
                    pass  # as good as an end

    def test_http2_that_is_no_grpc_is_answered_and_never_taken(self):
        grpc_like = ["-H", "content-type: application/grpc", "-H", "te: trailers"]
        # Bytes behind a head that is refused may have the stream reset before the answer leaves: so there are none.
        for arguments, status in ((["-d", "", "-H", "content-type: text/plain"], 2), (["-G"], 2),
                                  ([*grpc_like, "-d", ""], 3), ([*grpc_like, "-d", "no frame"], 3),
                                  ([*grpc_like, "-H", "grpc-timeout: banana", "-d", "abc"], 3),
                                  ([*grpc_like, "-H", "x-long: " + "y" * 20000, "-d", "abc"], 3)):
            answer = subprocess.run(
                ["curl", "-s", "--http2", "--max-time", "10", "--cacert", self.server.data + "/authority.crt", "-D", "-",
                 *arguments, "https://localhost:%d/smartpass.v1.SessionService/Login" % self.server.port],
                stdout=subprocess.PIPE, text=True).stdout
            self.assertIn("grpc-status: %d\n" % status, answer, arguments[-1][:20])

    def test_a_compressed_message_is_answered_by_name(self):
        channel = self.server.public().channel
        stub = channel.unary_unary("/smartpass.v1.SessionService/Login")
        request = MODULES["session"].LoginRequest(username="x" * 64, password="y" * 100)
        with self.assertRaises(grpc.RpcError) as raised:
            stub(request.SerializeToString(), timeout=10, compression=grpc.Compression.Gzip)
        self.assertIn(raised.exception.code().name, ("UNIMPLEMENTED", "UNAUTHENTICATED"))

    def test_a_hundred_streams_of_one_terminal_leave_one(self):
        """Each ends the one before; the certificate is of one terminal alone."""
        client = self.terminal.client()
        streams = [Stream(client) for _ in range(100)]
        for stream in streams:
            self.addCleanup(stream.close)
            stream.send(hello=self.terminal.hello())
        wait_until(lambda: sum(not stream.call.is_active() for stream in streams) == 99)
        (last,) = [stream for stream in streams if stream.call.is_active()]
        last.send_records(record(1))
        last.acked(1)


if __name__ == "__main__":
    unittest.main()
