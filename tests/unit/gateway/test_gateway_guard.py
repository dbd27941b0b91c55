"""What smartpass-gateway does for and against its callers: errors, traces, CORS, compression, limits, slow clients,
certificates.

Usage: test_gateway_guard.py GATEWAY DESCRIPTOR_SET [unittest options]
"""

import gzip
import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

import grpc

import gateway_case
import trial_server
from gateway_case import CONTRACT, WRITING, Case, Gateway, wait_for, write_file

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = "00-%s-00f067aa0ba902b7-01" % TRACE


def request_info(error):
    return next(d for d in error["details"] if d["@type"] == "type.googleapis.com/google.rpc.RequestInfo")


class Wire(Case):
    """What is no request, or hardly one."""

    def talk(self, raw, timeout=5):
        """All that comes back until the gateway closes: (status, headers, body) of the first answer, and the rest."""
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=timeout) as peer:
            peer.sendall(raw)
            return self.read_answer(peer.makefile("rb"))

    def read_answer(self, stream):
        status = int(stream.readline().split()[1])
        headers = http.client.parse_headers(stream)
        body = stream.read(int(headers.get("Content-Length", 0)))
        return status, headers, body

    def test_what_the_server_refuses_itself_is_refused_in_json(self):
        head = b"GET /v1/echo/x HTTP/1.1\r\nHost: localhost\r\n"
        post = b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\n"
        for raw, status, reason in [
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "REQUEST_MALFORMED"),
            (b"GET /v1/echo/x HTTP/1.1\r\n\r\n", 400, "REQUEST_MALFORMED"),
            (b"GET /v1/echo/x\x7f HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "REQUEST_MALFORMED"),
            (head + b"bad name: x\r\n\r\n", 400, "REQUEST_MALFORMED"),
            (head + b"X: y\r\n z\r\n\r\n", 400, "REQUEST_MALFORMED"),
            (post + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "REQUEST_MALFORMED"),
            (post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "REQUEST_MALFORMED"),
            (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "TARGET_TOO_LONG"),
            (b"GET /" + b"a" * 100000, 414, "TARGET_TOO_LONG"),
            (head + b"X: " + b"y" * 40000 + b"\r\n\r\n", 431, "HEAD_TOO_LARGE"),
            (head + b"X: y\r\n" * 101 + b"\r\n", 431, "HEAD_TOO_LARGE"),
            (head + b"X: " + b"y" * 100000, 431, "HEAD_TOO_LARGE"),
            (post + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "CODING_UNKNOWN"),
            (post + b"Expect: miracles\r\nContent-Length: 1\r\n\r\n", 417, "EXPECTATION_UNKNOWN"),
            (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505, "VERSION_UNKNOWN"),
        ]:
            with self.subTest(raw=raw[:60]):
                got, headers, body = self.talk(raw)
                self.assertEqual(got, status)
                error = json.loads(body)["error"]
                self.assertEqual((error["code"], error["details"][0]["reason"]), (status, reason))
                self.assertEqual(headers["Content-Type"], "application/json")
                self.assertEqual(headers["Connection"], "close")
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(headers["X-Request-Id"], request_info(error)["requestId"])
        self.assertEqual(self.ask("GET", "/v1/echo/x").status, 200)

    def test_requests_in_one_go_are_answered_in_turn(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            texts = ["n%d" % i for i in range(200)]
            peer.sendall("".join("GET /v1/echo/%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % t for t in texts).encode())
            stream = peer.makefile("rb")
            for text in texts:
                status, _, body = self.read_answer(stream)
                self.assertEqual((status, json.loads(body)["request"]["text"]), (200, text))

    def test_a_request_that_comes_byte_by_byte_is_one(self):
        raw = (b"\r\nPOST /v1/echo HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
               b"5\r\n{\"tex\r\n5;x=y\r\nt\":\"a\r\n2\r\n\"}\r\n0\r\nT: x\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(len(raw)):
                peer.sendall(raw[i:i + 1])
            status, _, body = self.read_answer(peer.makefile("rb"))
            self.assertEqual((status, json.loads(body)["request"]["text"]), (200, "a"))

    def test_a_body_is_invited_only_when_it_is_wanted(self):
        head = b"POST %s HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            peer.sendall(head % (b"/v1/echo", 2))
            stream = peer.makefile("rb")
            self.assertEqual(stream.readline(), b"HTTP/1.1 100 Continue\r\n")
            stream.readline()
            peer.sendall(b"{}")
            self.assertEqual(self.read_answer(stream)[0], 200)
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            peer.sendall(head % (b"/v1/echo", 2 << 20))
            status, headers, _ = self.read_answer(peer.makefile("rb"))
            self.assertEqual((status, headers["Connection"]), (413, "close"))

    def test_a_refused_body_that_is_short_leaves_the_connection_open(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            stream = peer.makefile("rb")
            for _ in range(3):
                peer.sendall(b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n" + bytes(1000))
                self.assertEqual(self.read_answer(stream)[0], 403)

    def test_old_clients_are_answered_in_their_way(self):
        status, headers, _ = self.talk(b"GET /v1/echo/x HTTP/1.0\r\nHost: localhost\r\n\r\n")
        self.assertEqual((status, headers["Connection"]), (200, "close"))
        status, headers, _ = self.talk(b"GET /v1/echo/x HTTP/1.0\r\nHost: localhost\r\nConnection: Keep-Alive\r\n\r\n")
        self.assertEqual(headers["Connection"], "keep-alive")

    def test_dates_and_lengths_stand_on_answers(self):
        answer = self.ask("GET", "/v1/echo/x")
        self.assertRegex(answer.headers["Date"], r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
        self.assertEqual(int(answer.headers["Content-Length"]), len(answer.body))


class Traces(Case):
    def test_a_trace_goes_on_to_the_server(self):
        answer = self.ask("GET", "/v1/echo/x", None, {"traceparent": TRACEPARENT, "tracestate": "a=b"})
        metadata = json.loads(answer.body)["metadata"]
        self.assertRegex(metadata["traceparent"], "^00-%s-[0-9a-f]{16}-01$" % TRACE)
        self.assertEqual(metadata["tracestate"], "a=b")
        metadata = json.loads(self.ask("GET", "/v1/echo/x").body)["metadata"]
        self.assertRegex(metadata["traceparent"], "^00-[0-9a-f]{32}-[0-9a-f]{16}-00$")

    def test_every_error_tells_the_request_and_its_trace(self):
        headers = {"traceparent": TRACEPARENT, "X-Request-Id": "mine-1"}
        for method, path in [("GET", "/v1/nowhere"), ("GET", "/v1/fail/5"), ("POST", "/v1/echo"), ("PUT", "/v1/echo"),
                             ("GET", "/v1/watch?count=-1"), ("GET", "/v1/downloads/0?code=7"), ("GET", "/v1/echo/%zz")]:
            with self.subTest(path=path):
                answer = self.ask(method, path, None, headers)
                self.assertGreaterEqual(answer.status, 400)
                info = request_info(self.refusal(answer))
                self.assertEqual((info["requestId"], info["servingData"]), ("mine-1", TRACE))
                self.assertEqual(answer.headers["X-Request-Id"], "mine-1")

    def test_the_last_words_of_a_stream_tell_them_too(self):
        answer = self.ask("GET", "/v1/watch?count=1&endCode=8", None, {"traceparent": TRACEPARENT})
        error = json.loads(answer.body.splitlines()[-1])["error"]
        self.assertEqual(request_info(error)["servingData"], TRACE)


class Compression(Case):
    def test_long_json_is_compressed_for_those_who_ask(self):
        body = json.dumps({"text": "word " * 2000})
        plain = self.ask("POST", "/v1/echo", body, WRITING)
        packed = self.ask("POST", "/v1/echo", body, {**WRITING, "Accept-Encoding": "br, gzip;q=0.8"})
        self.assertEqual((packed.headers["Content-Encoding"], packed.headers["Vary"]), ("gzip", "Accept-Encoding"))
        self.assertLess(len(packed.body), len(plain.body) // 10)
        same = json.loads(gzip.decompress(packed.body))["request"]
        self.assertEqual(same, json.loads(plain.body)["request"])
        for refused in ["gzip;q=0", "br", "identity", "*;q=0"]:
            answer = self.ask("POST", "/v1/echo", body, {**WRITING, "Accept-Encoding": refused})
            self.assertIsNone(answer.headers["Content-Encoding"], refused)

    def test_short_json_and_streams_are_not(self):
        for path in ["/v1/session:login", "/v1/talk"]:
            answer = self.ask("POST", path, b"{}", {**WRITING, "Accept-Encoding": "gzip"})
            self.assertIsNone(answer.headers["Content-Encoding"])
        for accept in ["text/event-stream", "application/x-ndjson"]:
            answer = self.ask("GET", "/v1/watch?count=2&padding=5000&endCode=3", None,
                              {"Accept": accept, "Accept-Encoding": "gzip"})
            self.assertIsNone(answer.headers["Content-Encoding"])
        answer = self.ask("GET", "/v1/downloads/50000", None, {"Accept-Encoding": "gzip"})
        self.assertEqual(len(answer.body), 50000)

    def test_the_form_of_a_file_follows_the_weights(self):
        path = "/assets/pre-ABCDEFGH.css"
        for accept, coding in [("gzip, br", "br"), ("br;q=0.5, *;q=0", "br"), ("br;q=0", None), ("*", "br"), ("", None)]:
            answer = self.ask("GET", path, None, {"Accept-Encoding": accept})
            self.assertEqual(answer.headers["Content-Encoding"], coding, accept)

    def test_accept_decides_between_events_and_lines(self):
        for accept, kind in [("text/event-stream", "text/event-stream"), ("application/x-ndjson", "application/x-ndjson"),
                             ("*/*", "application/x-ndjson"), ("text/event-stream;q=0", "application/x-ndjson"),
                             ("text/event-stream;q=0.5, application/x-ndjson", "application/x-ndjson")]:
            answer = self.ask("GET", "/v1/watch?count=1&endCode=3", None, {"Accept": accept})
            self.assertEqual(answer.headers["Content-Type"], kind, accept)


class Alone(unittest.TestCase):
    """Gateways with settings of their own before one server."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="gateway-test-")
        write_file(cls.folder + "/web/index.html", "<html></html>")
        cls.server, cls.trials = trial_server.start(CONTRACT, "unix:%s/rpc.sock" % cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop(0).wait()
        shutil.rmtree(cls.folder)

    def start(self, *options, **more):
        gateway = Gateway(self.folder, "--web-root", self.folder + "/web", *options, **more)
        self.addCleanup(self.end, gateway)
        return gateway

    def end(self, gateway):
        code = gateway.stop()
        with open(self.folder + "/gateway.log") as log:
            self.assertEqual(code, 0, log.read()[-5000:])


class Origins(Alone):
    PAGE = "https://app.example"

    def ask_from(self, gateway, origin, method="GET", path="/v1/echo/x", **headers):
        return gateway.ask(method, path, "{}" if method == "POST" else None,
                           {"Origin": origin, **{k.replace("_", "-"): v for k, v in headers.items()}})

    def test_without_rules_no_other_page_is_told_anything(self):
        gateway = self.start()
        answer = self.ask_from(gateway, self.PAGE)
        self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
        answer = self.ask_from(gateway, self.PAGE, "OPTIONS", Access_Control_Request_Method="GET")
        self.assertEqual(answer.status, 405)

    def test_an_allowed_page_may_call_and_read(self):
        gateway = self.start("--cors-origins", self.PAGE + ", http://localhost:3000")
        for path, status in [("/v1/echo/x", 200), ("/v1/nowhere", 404), ("/v1/fail/5", 404), ("/v1/downloads/5", 200),
                             ("/v1/watch?count=1&endCode=3", 200)]:
            answer = self.ask_from(gateway, self.PAGE, path=path)
            self.assertEqual((answer.status, answer.headers["Access-Control-Allow-Origin"]), (status, self.PAGE))
            self.assertIn("Origin", answer.headers["Vary"])
            self.assertIn("X-Request-Id", answer.headers["Access-Control-Expose-Headers"])
        answer = self.ask_from(gateway, self.PAGE, "POST", "/v1/echo", X_Smartpass="1", Content_Type="application/json")
        self.assertEqual(answer.status, 200)
        answer = self.ask_from(gateway, self.PAGE, "POST", "/v1/echo", Content_Type="application/json")
        self.assertEqual(answer.status, 403)

    def test_other_pages_may_not(self):
        gateway = self.start("--cors-origins", self.PAGE)
        for origin in ["https://evil.example", "http://app.example", "null"]:
            answer = self.ask_from(gateway, origin)
            self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
            answer = self.ask_from(gateway, origin, "POST", "/v1/echo", X_Smartpass="1")
            self.assertEqual(answer.status, 403)
            answer = self.ask_from(gateway, origin, "OPTIONS", Access_Control_Request_Method="GET")
            self.assertEqual(answer.status, 405)

    def test_a_preflight_is_answered(self):
        gateway = self.start("--cors-origins", self.PAGE, "--cors-max-age", "1min")
        answer = self.ask_from(gateway, self.PAGE, "OPTIONS", "/v1/echo", Access_Control_Request_Method="POST",
                               Access_Control_Request_Headers="content-type, x-smartpass")
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], self.PAGE)
        self.assertEqual(answer.headers["Access-Control-Allow-Methods"], "POST")
        self.assertIn("X-Smartpass", answer.headers["Access-Control-Allow-Headers"])
        self.assertEqual(answer.headers["Access-Control-Max-Age"], "60")
        self.assertIsNone(answer.headers["Access-Control-Allow-Credentials"])
        answer = self.ask_from(gateway, self.PAGE, "OPTIONS", "/v1/echo", Access_Control_Request_Method="DELETE")
        self.assertEqual(answer.status, 405)

    def test_a_cookie_is_taken_from_other_pages_only_when_they_may_send_it(self):
        for options, sent in [((), False), (("--cors-credentials",), True)]:
            gateway = self.start("--cors-origins", self.PAGE, *options)
            answer = self.ask_from(gateway, self.PAGE, Cookie="smartpass=t0ken")
            self.assertEqual("authorization" in json.loads(answer.body)["metadata"], sent)
            self.assertEqual(answer.headers["Access-Control-Allow-Credentials"], "true" if sent else None)

    def test_rules_that_make_no_sense_are_refused_at_start(self):
        for options in [("--cors-origins", "*", "--cors-credentials"), ("--cors-origins", "app.example")]:
            with self.assertRaises(RuntimeError):
                Gateway(self.folder, "--web-root", self.folder + "/web", *options)


class Limits(Alone):
    LIMITED = ("--web-anonymous-rate", "1", "--web-anonymous-burst", "5", "--web-limit-local")

    def statuses(self, gateway, count, **headers):
        return [gateway.ask("GET", "/v1/whoami", None, headers).status for _ in range(count)]

    def test_anonymous_callers_are_held_to_a_rate(self):
        gateway = self.start(*self.LIMITED)
        statuses = self.statuses(gateway, 12)
        self.assertEqual(statuses[:5], [401] * 5)
        self.assertIn(429, statuses)
        answer = gateway.ask("GET", "/v1/whoami")
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (429, "1"))
        error = json.loads(answer.body)["error"]
        self.assertEqual((error["status"], error["details"][0]["reason"]), ("RESOURCE_EXHAUSTED", "TOO_MANY_CALLS"))
        self.assertRegex(next(d for d in error["details"] if "RetryInfo" in d["@type"])["retryDelay"], r"^0\.\d{3}s$")
        self.assertEqual(gateway.ask("GET", "/").status, 200)
        self.assertEqual(gateway.ask("GET", "/healthz").status, 200)
        self.assertTrue(wait_for(lambda: gateway.ask("GET", "/v1/whoami").status == 401, 5))

    def test_credentials_lift_the_limit_as_long_as_they_are_of_use(self):
        gateway = self.start(*self.LIMITED)
        self.assertEqual(set(self.statuses(gateway, 30, Authorization="Bearer good")), {200})
        statuses = self.statuses(gateway, 12, Authorization="Bearer guess")
        self.assertEqual(statuses[:5], [401] * 5)
        self.assertIn(429, statuses)

    def test_this_machine_is_not_limited_unless_asked_for(self):
        gateway = self.start(*self.LIMITED[:-1])
        self.assertEqual(set(self.statuses(gateway, 30)), {401})

    def test_behind_a_proxy_each_caller_has_a_limit_of_its_own(self):
        gateway = self.start(*self.LIMITED, "--web-proxies", "127.0.0.1, 192.0.2.99")
        for caller in ["198.51.100.1", "198.51.100.2", "198.51.100.3, 192.0.2.99", "2001:db8::1"]:
            statuses = self.statuses(gateway, 8, **{"X-Forwarded-For": caller})
            self.assertEqual(statuses[:5], [401] * 5, caller)
            self.assertIn(429, statuses)
        answer = gateway.ask("GET", "/v1/echo/x", None, {"X-Forwarded-For": "203.0.113.9, 198.51.100.77"})
        self.assertEqual(json.loads(answer.body)["metadata"]["smartpass-client-address"], "198.51.100.77")

    def test_nobody_else_is_believed_about_addresses(self):
        gateway = self.start()
        answer = gateway.ask("GET", "/v1/echo/x", None, {"X-Forwarded-For": "198.51.100.77"})
        self.assertEqual(json.loads(answer.body)["metadata"]["smartpass-client-address"], "127.0.0.1")

    def test_sizes_are_configured(self):
        gateway = self.start("--web-target-max", "300", "--web-head-max", "2000", "--gateway-json-max", "2000")
        self.assertEqual(gateway.ask("GET", "/v1/echo/" + "a" * 300).status, 414)
        self.assertEqual(gateway.ask("GET", "/v1/echo/x", None, {"X": "y" * 2000}).status, 431)
        self.assertEqual(gateway.ask("POST", "/v1/echo", '{"text":"%s"}' % ("x" * 2000), WRITING).status, 413)


class Dawdlers(Alone):
    """Clients that are slow: told so when they can be, cut off in any case."""

    def cut_off(self, peer, within):
        """All that came until the gateway closed."""
        peer.settimeout(within)
        data = b""
        try:
            while piece := peer.recv(65536):
                data += piece
        except ConnectionError:
            pass
        return data

    def test_a_slow_head_is_answered_and_cut(self):
        gateway = self.start("--web-head-timeout", "400ms")
        with socket.create_connection(("127.0.0.1", gateway.port)) as peer:
            peer.sendall(b"GET / HTTP/1.1\r\nHost:")
            self.assertIn(b"REQUEST_TOO_SLOW", self.cut_off(peer, 5))
        with socket.create_connection(("127.0.0.1", gateway.port)) as peer:
            self.assertEqual(self.cut_off(peer, 5), b"")

    def test_a_slow_body_is_answered_and_cut_and_its_call_cancelled(self):
        gateway = self.start("--web-stall-timeout", "500ms", "--web-min-rate", "100000")
        for path in [b"/v1/echo", b"/v1/raw:stream"]:
            with self.subTest(path=path), socket.create_connection(("127.0.0.1", gateway.port)) as peer:
                peer.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 9999\r\n\r\n")
                peer.setblocking(False)
                begun, data = time.monotonic(), b""
                while b"REQUEST_TOO_SLOW" not in data and time.monotonic() < begun + 10:
                    try:
                        peer.send(b" ")
                        data += peer.recv(65536)
                    except BlockingIOError:
                        pass
                    except ConnectionError:
                        break
                    time.sleep(0.02)
                self.assertIn(b"408", data)
                self.assertIn(b"REQUEST_TOO_SLOW", data)
        self.assertTrue(wait_for(lambda: self.trials.active == 0, 5))

    def test_a_steady_body_may_take_its_time(self):
        gateway = self.start("--web-stall-timeout", "500ms", "--web-min-rate", "1000")
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as peer:
            peer.sendall(b"POST /v1/raw:stream HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 9000\r\n\r\n")
            for _ in range(30):
                peer.sendall(bytes(300))
                time.sleep(0.05)
            self.assertIn(b"200 OK", peer.recv(1000))

    def test_a_slow_reader_is_cut_and_its_call_cancelled(self):
        gateway = self.start("--web-stall-timeout", "500ms", "--web-min-rate", "1000000")
        for path in [b"/v1/streams/500000000", b"/v1/watch?padding=60000"]:
            with self.subTest(path=path), socket.socket() as peer:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                peer.connect(("127.0.0.1", gateway.port))
                peer.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
                time.sleep(2)
                self.assertTrue(wait_for(lambda: self.trials.active == 0, 5))
                data = self.cut_off(peer, 5)
                self.assertLess(len(data), 10 << 20)

    def test_a_quiet_event_stream_is_not_slow(self):
        gateway = self.start("--web-stall-timeout", "300ms", "--gateway-ping", "200ms", "--web-idle-timeout", "1s")
        connection = gateway.connect()
        connection.request("GET", "/v1/watch?count=1", None, {"Accept": "text/event-stream"})
        answer, text = connection.getresponse(), b""
        while text.count(b": ping") < 8:
            text += answer.readline()
        connection.close()

    def test_idle_connections_end_and_make_room_for_others(self):
        gateway = self.start("--web-idle-timeout", "1s", "--web-connections", "8")
        idle = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(8)]
        for peer in idle:
            peer.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"200", peer.recv(65536))
        for _ in range(5):
            self.assertEqual(gateway.ask("GET", "/v1/echo/x").status, 200)
        for peer in idle:
            self.assertEqual(self.cut_off(peer, 5), b"")
            peer.close()

    def test_connections_that_are_all_busy_turn_others_away(self):
        gateway = self.start("--web-connections", "8")
        busy = [gateway.connect() for _ in range(8)]
        for connection in busy:
            connection.request("GET", "/v1/watch?count=1", None, {"Accept": "text/event-stream"})
            connection.getresponse().readline()
        try:
            self.assertEqual(gateway.ask("GET", "/v1/echo/x").status, 503)
        except ConnectionError:
            pass
        busy.pop().close()
        self.assertTrue(wait_for(lambda: gateway.ask("GET", "/v1/echo/x").status == 200, 5))
        for connection in busy:
            connection.close()


class Certificates(Alone):
    def make(self, name, subject, issuer=None, client=False):
        base = self.folder + "/" + name
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                   "-subj", "/CN=" + subject, "-addext", "subjectAltName=DNS:" + subject,
                   "-keyout", base + ".key", "-out", base + ".crt"]
        if issuer:
            command += ["-CA", "%s/%s.crt" % (self.folder, issuer), "-CAkey", "%s/%s.key" % (self.folder, issuer)]
            command += ["-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return base

    def serial(self, port):
        pem = ssl.get_server_certificate(("127.0.0.1", port))
        return subprocess.run(["openssl", "x509", "-noout", "-serial"], input=pem, capture_output=True, text=True).stdout

    def test_a_new_certificate_is_taken_without_dropping_anybody(self):
        base = self.make("web", "localhost")
        gateway = self.start("--tls-cert", base + ".crt", "--tls-key", base + ".key", listen="127.0.0.1:0")
        trust = ssl._create_unverified_context()
        old = http.client.HTTPSConnection("127.0.0.1", gateway.port, context=trust, timeout=20)
        old.request("GET", "/v1/watch?count=1", None, {"Accept": "text/event-stream"})
        stream = old.getresponse()
        self.assertIn(b"retry", stream.readline())
        before = self.serial(gateway.port)

        write_file(base + ".crt", "rubbish")
        gateway.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertEqual(self.serial(gateway.port), before)

        self.make("web", "localhost")
        gateway.process.send_signal(signal.SIGHUP)
        self.assertTrue(wait_for(lambda: self.serial(gateway.port) != before, 5))
        text = b""
        while b"data:" not in text:
            text += stream.readline()
        old.close()

    def test_weak_tls_is_refused(self):
        base = self.make("weak", "localhost")
        gateway = self.start("--tls-cert", base + ".crt", "--tls-key", base + ".key", listen="127.0.0.1:0")
        for option, works in [("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)]:
            done = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % gateway.port, option,
                                   "-cipher", "ALL:@SECLEVEL=0"], input=b"", capture_output=True)
            self.assertEqual(b"Cipher is (NONE)" not in done.stdout and b"Cipher    : 0000" not in done.stdout, works, option)

    def test_large_bodies_go_through_tls(self):
        base = self.make("bulk", "localhost")
        gateway = self.start("--tls-cert", base + ".crt", "--tls-key", base + ".key", listen="127.0.0.1:0")
        trust = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", gateway.port, context=trust, timeout=20)
        body = trial_server.pattern(0, 8 << 20)
        connection.request("POST", "/v1/copy", body, {"X-Smartpass": "1"})
        self.assertEqual(connection.getresponse().read(), body)
        connection.request("GET", "/v1/streams/8388608?described=true")
        time.sleep(0.5)
        self.assertEqual(connection.getresponse().read(), body)
        connection.close()

    def test_a_server_elsewhere_is_spoken_to_with_a_certificate(self):
        self.make("ca", "authority")
        base, own = self.make("server", "server.example", "ca"), self.make("gateway", "gateway", "ca")
        read = lambda path: open(path, "rb").read()  # noqa: E731
        credentials = grpc.ssl_server_credentials([(read(base + ".key"), read(base + ".crt"))],
                                                  read(self.folder + "/ca.crt"), True)
        server, _ = trial_server.start(CONTRACT, "127.0.0.1:0", credentials)
        target = "127.0.0.1:%d" % server.trial_port
        options = ["--gateway-server-ca", self.folder + "/ca.crt", "--gateway-server-name", "server.example"]
        shown = ["--gateway-server-cert", own + ".crt", "--gateway-server-key", own + ".key"]
        gateway = self.start(*options, *shown, server=target)
        answer = gateway.ask("GET", "/v1/echo/x")
        self.assertEqual((answer.status, json.loads(answer.body)["request"]["text"]), (200, "x"))
        stranger = self.start(*options, server=target)
        self.assertEqual(stranger.ask("GET", "/v1/echo/x").status, 503)
        deceived = self.start(*options[:2], *shown, "--gateway-server-name", "other.example", server=target)
        self.assertEqual(deceived.ask("GET", "/v1/echo/x").status, 503)
        server.stop(0).wait()


if __name__ == "__main__":
    gateway_case.run()
