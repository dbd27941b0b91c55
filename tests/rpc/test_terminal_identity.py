"""Who may speak as a terminal: what becomes of certificates that expired, were revoked, or never were ours, also while
a stream is open."""

import os
import subprocess
import tempfile
import unittest

import grpc

from contract import caller
from fixture import METHODS, Refused, Server, wait_until
from terminal import Stream, Terminal, key_and_request, link, record

DAY_MS = 24 * 3600 * 1000


def signed(request, *signer):
    """The request, signed by openssl as signer's options say; PEM."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "request")
        with open(path, "w") as file:
            file.write(request)
        return subprocess.check_output(["openssl", "x509", "-req", "-in", path, "-days", "9", *signer],
                                       stderr=subprocess.DEVNULL)


class TerminalIdentityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.server.admin()
        cls.server.stop()
        cls.server.environment = {"SMARTPASS_CLOCK_SHIFT_MS": str(-100 * DAY_MS)}
        cls.server.start()  # issues as of a hundred days ago
        cls.expired = cls.enrol("expired")
        cls.expired_deleted = cls.enrol("expired and deleted")
        cls.server.stop()
        cls.server.environment = {}
        cls.server.start()
        cls.admin = cls.server.admin()

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.server.close()
        assert code == 0, code

    @classmethod
    def enrol(cls, serial):
        return Terminal(cls.server, serial, "admin", Server.PASSWORD)

    def open(self, terminal, **options):
        stream = terminal.connect(**options)
        self.addCleanup(stream.close)
        stream.send(hello=terminal.hello())
        return stream

    def welcomed(self, terminal):
        stream = self.open(terminal)
        stream.read("welcome")
        return stream

    def alarms(self, reason, device_id=0):
        return [detail for detail, in self.server.sql(
            "SELECT detail FROM alarm WHERE kind = 'CERTIFICATE_REFUSED' AND detail LIKE '%s %%'"
            " AND coalesce(device_id, 0) = %d" % (reason, device_id))]

    def log_lines(self, reason):
        return [line for line in self.server.log().splitlines() if "reason=" + reason in line]

    # ---- Expired

    def test_an_expired_certificate_may_renew_itself_and_nothing_else(self):
        terminal = self.expired
        self.assertEqual(self.open(terminal).end(), ("UNAUTHENTICATED", "CERTIFICATE_IS_EXPIRED"))
        self.assertEqual(len(self.alarms("CERTIFICATE_IS_EXPIRED", terminal.id)), 1)
        self.assertTrue(wait_until(lambda: self.log_lines("CERTIFICATE_IS_EXPIRED")))
        old = (terminal.key, terminal.certificate)
        terminal.renew()
        stream = self.welcomed(terminal)
        stream.send_records(record(1))
        stream.acked(1)
        terminal.key, terminal.certificate = old
        self.assertEqual(self.open(terminal).end(), ("UNAUTHENTICATED", "CERTIFICATE_IS_EXPIRED"))

    # ---- Deleted

    def is_wiped(self, terminal):
        stream = self.open(terminal)
        stream.send_records(record(1))
        self.assertEqual(stream.first(), "wipe")
        self.assertEqual(stream.read("wipe").reason, "LINK_DEVICE_DELETED")
        self.assertEqual(stream.end(), ("PERMISSION_DENIED", "LINK_DEVICE_DELETED"))
        self.assertEqual(stream.kept(), [])
        with self.assertRaises(Refused) as raised:
            terminal.renew()
        self.assertEqual(raised.exception.reason, "CERTIFICATE_REVOKED")
        self.assertEqual(self.server.sql("SELECT count(*) FROM pass_record WHERE device_id = %d" % terminal.id), [["0"]])

    def test_a_deleted_terminal_is_told_to_wipe_and_nothing_else(self):
        terminal = self.enrol("deleted")
        self.admin.call("DevicesService.DeleteDevice", id=terminal.id)
        self.is_wiped(terminal)

    def test_a_terminal_that_was_deleted_while_it_was_away_for_months_is_still_told_to_wipe(self):
        self.admin.call("DevicesService.DeleteDevice", id=self.expired_deleted.id)
        self.is_wiped(self.expired_deleted)

    # ---- Revoked

    def test_enrolling_anew_ends_the_open_stream_at_once(self):
        former = self.enrol("twice")
        stream = self.welcomed(former)
        stream.send_records(record(1))
        stream.acked(1)
        latter = self.enrol("twice")
        self.assertEqual(stream.end(5), ("UNAUTHENTICATED", "CERTIFICATE_REVOKED"))
        self.assertEqual(self.open(former).end(), ("UNAUTHENTICATED", "CERTIFICATE_REVOKED"))
        self.assertEqual(len(self.alarms("CERTIFICATE_REVOKED", former.id)), 1)
        self.assertEqual((latter.id, latter.epoch), (former.id, 2))
        self.welcomed(latter)

    def revoke(self, terminal, notify):
        self.server.sql("UPDATE device_certificate SET revoked_at = now() WHERE device_id = %d; %s"
                        % (terminal.id, "NOTIFY smartpass_device, '%d'" % terminal.id if notify else ""))

    def test_a_revocation_by_another_server_ends_the_stream(self):
        told, untold = self.enrol("told"), self.enrol("untold")
        streams = self.welcomed(told), self.welcomed(untold)
        self.revoke(untold, notify=False)
        self.revoke(told, notify=True)
        self.assertEqual(streams[0].end(5), ("UNAUTHENTICATED", "CERTIFICATE_REVOKED"))
        self.assertEqual(streams[1].end(15), ("UNAUTHENTICATED", "CERTIFICATE_REVOKED"))  # a slow look finds it

    def test_a_revocation_between_opening_and_hello_counts(self):
        terminal = self.enrol("in between")
        stream = terminal.connect()
        self.addCleanup(stream.close)
        stream.initial_metadata()
        self.revoke(terminal, notify=False)
        stream.send(hello=terminal.hello())
        self.assertEqual(stream.end(5), ("UNAUTHENTICATED", "CERTIFICATE_REVOKED"))

    # ---- Never ours

    def refusal(self, certificate=None, key=None, metadata=()):
        stream = Stream(self.server.public(certificate, key), metadata)
        self.addCleanup(stream.close)
        stream.send(hello=link.Hello(store_epoch=1))
        return stream.end()

    def test_nobody_without_a_certificate_and_no_session_instead_of_one(self):
        missing = ("UNAUTHENTICATED", "CERTIFICATE_MISSING")
        self.assertEqual(self.refusal(), missing)
        self.assertEqual(self.refusal(metadata=[("authorization", self.admin.metadata["authorization"])]), missing)
        with self.assertRaises(Refused) as raised:
            self.admin.call("LinkService.Renew", certificate_request=key_and_request()[1])
        self.assertEqual(raised.exception.reason, "CERTIFICATE_MISSING")
        self.assertEqual(self.alarms("CERTIFICATE_MISSING"), ["CERTIFICATE_MISSING - 127.0.0.1"])
        self.assertEqual(len(wait_until(lambda: self.log_lines("CERTIFICATE_MISSING"))), 3)

    def test_certificates_of_others_raise_one_alarm_however_many_they_are(self):
        """Their serial numbers are the caller's choice, and must not fill the table of alarms."""
        with tempfile.TemporaryDirectory() as folder:
            key, authority = os.path.join(folder, "key"), os.path.join(folder, "authority")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", authority,
                            "-subj", "/CN=Smart Pass", "-days", "9"], check=True, stderr=subprocess.DEVNULL)
            for serial in range(1, 5):
                own_key, request = key_and_request("1")
                certificate = signed(request, "-CA", authority, "-CAkey", key, "-set_serial", str(serial))
                self.assertEqual(self.refusal(certificate, own_key), ("UNAUTHENTICATED", "CERTIFICATE_FOREIGN"))
            # A terminal is no authority: what it signs with its own certificate is not ours.
            terminal = self.enrol("would-be authority")
            for path, data in ((key, terminal.key), (authority, terminal.certificate)):
                with open(path, "wb") as file:
                    file.write(data)
            own_key, request = key_and_request(str(terminal.id))
            certificate = signed(request, "-CA", authority, "-CAkey", key, "-set_serial", "7")
            self.assertEqual(self.refusal(certificate, own_key), ("UNAUTHENTICATED", "CERTIFICATE_FOREIGN"))
            self.assertEqual(self.refusal(certificate + terminal.certificate, own_key),
                             ("UNAUTHENTICATED", "CERTIFICATE_FOREIGN"))
        self.assertEqual(len(self.alarms("CERTIFICATE_FOREIGN")), 1)
        self.assertEqual(len(wait_until(lambda: self.log_lines("CERTIFICATE_FOREIGN"))), 6)

    # ---- No more than a terminal

    def test_a_terminals_certificate_calls_no_method_of_the_management(self):
        client = self.enrol("curious").client()
        for name, method in METHODS.items():
            service = method.containing_service.full_name
            if service.endswith("LinkService") or caller(name) == "CALLER_ANYONE":
                continue
            with self.assertRaises(grpc.RpcError) as raised:
                list(client.channel.unary_stream("/%s/%s" % (service, method.name))(b"", timeout=10))
            refused = Refused(raised.exception)
            self.assertEqual((refused.code, refused.reason), ("UNAUTHENTICATED", "SESSION_MISSING"), name)

    def test_a_new_certificate_is_for_the_same_terminal_whatever_the_request_says(self):
        one, other = self.enrol("one"), self.enrol("other")
        key, request = key_and_request(str(other.id))
        answer = one.client().call("LinkService.Renew", certificate_request=request)
        one.key, one.certificate = key, answer.certificate.encode()
        stream = self.open(one)
        self.assertEqual(stream.read("welcome").device_id, one.id)


if __name__ == "__main__":
    unittest.main()
