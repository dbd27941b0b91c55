"""smartpass-gateway before the real server: pictures up as bytes and as forms, down in parts and only when they have
changed, and errors that can be found again in the server's log."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from fixture import BIN, Server, photo, wait_until


class GatewayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="smartpass-gateway-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.server = Server("--gateways", cls.make_certificate("known"))
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.make_certificate("unknown")
        cls.token = cls.server.admin().metadata["authorization"]
        cls.portrait = photo("person-01.jpg")
        cls.port = cls.start_gateway("--data", cls.server.data)

    @classmethod
    def make_certificate(cls, name):
        """Of a gateway's own making; its fingerprint."""
        base = os.path.join(cls.folder, name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", "/CN=gateway", "-keyout", base + ".key", "-out", base + ".crt"], check=True,
                       stderr=subprocess.DEVNULL)
        text = subprocess.check_output(["openssl", "x509", "-in", base + ".crt", "-noout", "-fingerprint", "-sha256"],
                                       text=True)
        return text.strip().partition("=")[2]

    @classmethod
    def start_gateway(cls, *options):
        ready, theirs = os.pipe()
        gateway = subprocess.Popen([os.path.join(BIN, "smartpass-gateway"), "--web-listen", "127.0.0.1:0", "--ready-fd",
                                    str(theirs), *options], pass_fds=[theirs], stdout=subprocess.DEVNULL)
        cls.addClassCleanup(cls.end_gateway, gateway)
        os.close(theirs)
        with os.fdopen(ready) as lines:
            return int(re.search(r"port=(\d+)", lines.readline()).group(1))

    @classmethod
    def end_gateway(cls, gateway):
        gateway.send_signal(signal.SIGTERM)
        assert gateway.wait(30) == 0

    def ask(self, method, path, body=None, **headers):
        headers = {"Authorization": self.token, "X-Smartpass": "1",
                   **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    def upload(self):
        answer = self.ask("POST", "/v1/photos", self.portrait, Content_Type="image/jpeg")
        self.assertEqual(answer.status, 200, answer.body)
        return json.loads(answer.body)["id"]

    def test_a_photo_comes_as_bytes_or_in_a_form(self):
        head = (b'--b\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n')
        answer = self.ask("POST", "/v1/photos", head + self.portrait + b"\r\n--b--\r\n",
                          Content_Type="multipart/form-data; boundary=b")
        self.assertEqual(answer.status, 200, answer.body)
        self.assertTrue(json.loads(answer.body)["id"])
        self.assertTrue(self.upload())

    def test_a_photo_is_sent_in_parts_and_only_once(self):
        path = "/v1/photos/" + self.upload()
        whole = self.ask("GET", path)
        self.assertEqual((whole.status, whole.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertEqual(int(whole.headers["Content-Length"]), len(whole.body))
        self.assertRegex(whole.headers["ETag"], '^"[0-9a-f]{32}"$')
        again = self.ask("GET", path, If_None_Match=whole.headers["ETag"])
        self.assertEqual((again.status, again.body), (304, b""))
        part = self.ask("GET", path, Range="bytes=100-199", If_Range=whole.headers["ETag"])
        self.assertEqual((part.status, part.body), (206, whole.body[100:200]))
        head = self.ask("HEAD", path)
        self.assertEqual((head.status, head.headers["Content-Length"]), (200, str(len(whole.body))))
        small = self.ask("GET", path + "?thumbnail=true")
        self.assertNotEqual(small.headers["ETag"], whole.headers["ETag"])
        self.assertLess(len(small.body), len(whole.body))

    def test_an_error_is_found_again_in_the_log_of_the_server(self):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        answer = self.ask("GET", "/v1/employees/1", traceparent="00-%s-00f067aa0ba902b7-01" % trace,
                          X_Request_Id="find-me")
        details = json.loads(answer.body)["error"]["details"]
        self.assertEqual(answer.status, 404)
        info = next(d for d in details if d["@type"].endswith("google.rpc.RequestInfo"))
        self.assertEqual((info["requestId"], info["servingData"]), ("find-me", trace))
        wait_until(lambda: re.search("request=find-me trace=" + trace, self.server.log()))

    def sign_in_elsewhere(self, certificate):
        """Through a gateway that reaches the server over the network: (cookie, token, the gateway's port)."""
        base = os.path.join(self.folder, certificate)
        port = self.start_gateway("--gateway-server", "localhost:%d" % self.server.port, "--gateway-server-ca",
                                  self.server.data + "/authority.crt", "--gateway-server-cert", base + ".crt",
                                  "--gateway-server-key", base + ".key")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/v1/session:login", json.dumps({"username": "admin", "password": Server.PASSWORD}),
                           {"X-Smartpass": "1", "Content-Type": "application/json"})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        token = json.loads(answer.read())["token"]
        connection.close()
        return answer.headers["Set-Cookie"], token, port

    def test_a_gateway_elsewhere_is_believed_when_the_server_knows_its_certificate(self):
        cookie, token, port = self.sign_in_elsewhere("known")
        self.assertIn("smartpass=", cookie)
        self.assertEqual(token, "")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/v1/session", headers={"Cookie": cookie.partition(";")[0]})
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()

    def test_a_gateway_that_the_server_does_not_know_is_a_client_like_others(self):
        cookie, token, _ = self.sign_in_elsewhere("unknown")
        self.assertIsNone(cookie)
        self.assertTrue(token)

    def test_a_live_view_resumes_where_it_was(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/v1/events", headers={"Authorization": self.token, "Accept": "text/event-stream",
                                                         "Last-Event-ID": "0"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/event-stream"))
        self.assertEqual(answer.readline(), b"retry: 2000\n")
        connection.close()


if __name__ == "__main__":
    unittest.main()
