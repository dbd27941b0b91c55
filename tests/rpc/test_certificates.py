"""Terminals prove themselves by a certificate of our own authority; whatever else they show is refused, with reason."""

import os
import queue
import subprocess
import tempfile
import unittest

import grpc

from fixture import MODULES, Refused, Server, wait_until

link = MODULES["link"]


def openssl(*arguments, stdin=None):
    return subprocess.run(["openssl", *arguments], input=stdin, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


class CertificateTest(unittest.TestCase):
    PASSWORD = "the installer's password"

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        code, cls.enterprise = cls.server.command("add-user", "--username", "installer", "--password-stdin",
                                                  password=cls.PASSWORD)
        assert code == 0, cls.enterprise
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(subprocess.run, ["rm", "-rf", cls.folder])

    def key_and_request(self, name="anything"):
        key = openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout")
        path = os.path.join(self.folder, "key")
        with open(path, "wb") as file:
            file.write(key)
        return key, openssl("req", "-new", "-key", path, "-subj", "/CN=" + name, "-batch").decode()

    def enrol(self, serial, **fields):
        key, request = self.key_and_request()
        fields = {"username": "installer", "password": self.PASSWORD, **fields}
        answer = self.server.public().call("LinkService.Enrol", certificate_request=request, serial_number=serial,
                                           mac="00:11:22:33:44:55", model="M1", **fields)
        return answer, key

    def connect(self, certificate, key, wait=True):
        """The first answer of a stream, or the failure's (code, reason)."""
        client = self.server.public(certificate, key)
        messages = queue.Queue()
        messages.put(link.ConnectRequest(hello=link.Hello(store_epoch=1, engine="none", boot_id=b"0123456789abcdef")))
        stub = client.channel.stream_stream("/smartpass.link.v1.LinkService/Connect",
                                            link.ConnectRequest.SerializeToString, link.ConnectResponse.FromString)
        stream = stub(iter(messages.get, None), timeout=20)
        try:
            return next(stream)
        except grpc.RpcError as error:
            refused = Refused(error)
            return refused.code, refused.reason
        finally:
            messages.put(None)
            stream.cancel()

    def renew(self, certificate, key):
        _, request = self.key_and_request()
        return self.server.public(certificate, key).call("LinkService.Renew", certificate_request=request)

    def test_an_enrolled_terminal_is_welcome(self):
        answer, key = self.enrol("SN-1")
        first = self.connect(answer.certificate.encode(), key)
        self.assertEqual(first.welcome.device_id, answer.device_id)
        renewed = self.renew(answer.certificate.encode(), key)
        self.assertIn("BEGIN CERTIFICATE", renewed.certificate)

    def test_enrolment_needs_an_account_that_may_work(self):
        for fields, reason in ((dict(password="wrong"), "BAD_CREDENTIALS"),
                               (dict(username="nobody"), "BAD_CREDENTIALS"),
                               (dict(username="admin", password="123456"), "PASSWORD_CHANGE_REQUIRED")):
            with self.assertRaises(Refused) as raised:
                self.enrol("SN-2", **fields)
            self.assertEqual(raised.exception.reason, reason)
        rows = wait_until(lambda: self.server.sql(
            "SELECT operator, reason FROM audit_row WHERE action = 'enrol device' AND code <> 0 ORDER BY id"))
        self.assertIn(["installer", "BAD_CREDENTIALS"], rows)

    def test_enrolment_is_audited_with_its_operator(self):
        self.enrol("SN-audited")
        rows = self.server.sql("SELECT enterprise_id, operator, code FROM audit_row WHERE object LIKE '%SN-audited%'")
        self.assertEqual(rows, [[self.enterprise, "installer", "0"]])

    def test_without_a_certificate(self):
        self.assertEqual(self.connect(None, None), ("UNAUTHENTICATED", "CERTIFICATE_MISSING"))

    def test_a_certificate_of_another_authority(self):
        key, request = self.key_and_request("1")
        path = os.path.join(self.folder, "foreign")
        for name, data in (("key", openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout")),
                           ("csr", request.encode())):
            with open(path + "." + name, "wb") as file:
                file.write(data)
        openssl("req", "-x509", "-new", "-key", path + ".key", "-subj", "/CN=Smart Pass", "-days", "9",
                "-out", path + ".ca")
        certificate = openssl("x509", "-req", "-in", path + ".csr", "-CA", path + ".ca", "-CAkey", path + ".key",
                              "-CAcreateserial", "-days", "9")
        self.assertEqual(self.connect(certificate, key), ("UNAUTHENTICATED", "CERTIFICATE_FOREIGN"))
        self.assertEqual(self.alarms("CERTIFICATE_FOREIGN", "0"), 1)
        # Once in ten minutes is enough to know.
        self.connect(certificate, key)
        self.assertEqual(self.alarms("CERTIFICATE_FOREIGN", "0"), 1)

    def alarms(self, reason, enterprise, device=0):
        return int(self.server.sql("SELECT count(*) FROM alarm WHERE kind = 'CERTIFICATE_REFUSED'"
                                   " AND enterprise_id = %s AND detail LIKE '%s %%' AND coalesce(device_id, 0) = %d"
                                   % (enterprise, reason, device))[0][0])

    def test_a_certificate_that_the_database_does_not_know(self):
        answer, key = self.enrol("SN-3")
        self.server.sql("DELETE FROM device_certificate WHERE device_id = %d" % answer.device_id)
        self.assertEqual(self.connect(answer.certificate.encode(), key), ("UNAUTHENTICATED", "CERTIFICATE_UNKNOWN"))

    def test_enrolling_anew_revokes_the_former_certificate(self):
        first, key = self.enrol("SN-4")
        second, _ = self.enrol("SN-4")
        self.assertEqual(first.device_id, second.device_id)
        certificate = first.certificate.encode()
        self.assertEqual(self.connect(certificate, key), ("UNAUTHENTICATED", "CERTIFICATE_REVOKED"))
        with self.assertRaises(Refused) as raised:
            self.renew(certificate, key)
        self.assertEqual(raised.exception.reason, "CERTIFICATE_REVOKED")
        self.assertEqual(self.alarms("CERTIFICATE_REVOKED", self.enterprise, first.device_id), 1)

    def test_a_deleted_terminal_is_told_to_wipe_and_nothing_else(self):
        answer, key = self.enrol("SN-5")
        admin = self.server.public()
        token = admin.call("SessionService.Login", username="installer", password=self.PASSWORD).token
        admin.with_token(token).call("DevicesService.DeleteDevice", id=answer.device_id)
        first = self.connect(answer.certificate.encode(), key)
        self.assertEqual(first.WhichOneof("message"), "wipe")
        with self.assertRaises(Refused) as raised:
            self.renew(answer.certificate.encode(), key)
        self.assertEqual(raised.exception.reason, "CERTIFICATE_REVOKED")

    def test_a_certificate_is_no_session(self):
        answer, key = self.enrol("SN-6")
        with self.assertRaises(Refused) as raised:
            self.server.public(answer.certificate.encode(), key).call("PeopleService.ListEmployees")
        self.assertEqual(raised.exception.reason, "SESSION_MISSING")


class ExpiredCertificateTest(unittest.TestCase):
    def test_an_expired_certificate_can_be_renewed_and_nothing_else(self):
        """The certificate is issued a hundred days ago, by a server whose clock says so."""
        server = Server()
        self.addCleanup(server.close)
        server.start()
        server.command("add-user", "--username", "installer", "--password-stdin", password=CertificateTest.PASSWORD)
        tester = CertificateTest()
        tester.server, tester.folder = server, tempfile.mkdtemp()
        self.addCleanup(subprocess.run, ["rm", "-rf", tester.folder])
        server.stop()
        server.environment = {"SMARTPASS_CLOCK_SHIFT_MS": str(-100 * 24 * 3600 * 1000)}
        server.start()
        answer, key = tester.enrol("SN-1")
        server.stop()
        server.environment = {}
        server.start()
        certificate = answer.certificate.encode()
        self.assertEqual(tester.connect(certificate, key), ("UNAUTHENTICATED", "CERTIFICATE_IS_EXPIRED"))
        renewed = tester.renew(certificate, key)
        self.assertIn("BEGIN CERTIFICATE", renewed.certificate)


if __name__ == "__main__":
    unittest.main()
