"""smartpass-gateway between a client of its own (Python's http.client) and a gRPC server of another make.

Usage: test_gateway.py GATEWAY DESCRIPTOR_SET [unittest options]
"""

import gzip
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import gateway_case
import trial_server
from gateway_case import CONTRACT, DESCRIPTORS, GATEWAY, WRITING, Case, Gateway, wait_for, write_file

LARGE = 3 * 1024 * 1024


class Transcoding(Case):
    """What the other make's JSON says of the same message is what ours says."""

    REQUESTS = [
        {},
        {"text": "中 \u0000 \" \\ \u2028 \U0001f600"},
        {"kinds": {"aDouble": 1.5e-7, "aFloat": 3.4028235e38, "anInt32": -1, "anInt64": "-9223372036854775808"}},
        {"kinds": {"aUint32": 4294967295, "aUint64": "18446744073709551615", "aSint32": -7, "aSint64": "-8"}},
        {"kinds": {"aFixed32": 1, "aFixed64": "2", "aSfixed32": -3, "aSfixed64": "-4", "aBool": True}},
        {"kinds": {"aBytes": "AAECAwQ=", "colour": "COLOUR_NEGATIVE", "inner": {"inner": {"aString": "x"}}}},
        {"kinds": {"aDouble": "NaN", "aFloat": "-Infinity", "colour": 99}},
        {"lists": {"numbers": [1, -1], "texts": ["", "a"], "colours": ["COLOUR_RED", 5], "unpacked": ["1", "2"]}},
        {"lists": {"messages": [{}, {"number": 0}, {"id": "7"}], "doubles": [0.1, "Infinity"], "fixed": [1, 2, 3]}},
        {"maps": {"texts": {"a": "b", "": ""}, "numbers": {"-5": 5}, "messages": {"true": {"name": ""}}}},
        {"maps": {"colours": {"7": "COLOUR_BLUE"}, "bytes": {"k": "/w=="}}},
        {"presence": {"number": 0, "text": "", "@named": "n", "nothing": None}},
        {"presence": {"inner": {"inner": {}}}},
        {"wellKnown": {"time": "2026-02-28T09:30:00.123456Z", "duration": "-3.000000001s", "mask": "aB,c.dE"}},
        {"wellKnown": {"structure": {"a": [1, None, {"b": "c"}]}, "value": None, "list": [True], "empty": {}}},
        {"wellKnown": {"aDouble": 0, "aFloat": 0.5, "anInt64": "1", "aUint64": "2", "anInt32": 3, "aUint32": 4}},
        {"wellKnown": {"aBool": False, "aString": "", "aBytes": "", "wrapped": ["1", "0"]}},
        {"wellKnown": {"times": ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"]}},
        {"wellKnown": {"any": {"@type": "type.googleapis.com/transcode.test.Presence", "id": "5"}}},
        {"wellKnown": {"any": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1.500s"}}},
    ]

    # Python 4.21 prints floats as doubles and an unset NullValue oddly; numbers are compared as numbers.
    def same(self, ours, theirs, path=""):
        if isinstance(theirs, dict):
            self.assertEqual(sorted(ours), sorted(theirs), path)
            for key in theirs:
                self.same(ours[key], theirs[key], path + "." + key)
        elif isinstance(theirs, list):
            self.assertEqual(len(ours), len(theirs), path)
            for index, item in enumerate(theirs):
                self.same(ours[index], item, "%s[%d]" % (path, index))
        elif isinstance(theirs, float):
            self.assertAlmostEqual(ours / theirs if theirs else ours + 1, 1, 6, path)
        else:
            self.assertEqual(ours, theirs, path)

    def test_every_kind_of_field_means_the_same_to_both(self):
        for request in self.REQUESTS:
            with self.subTest(request=request):
                answer = self.post("/v1/echo", request)
                self.assertEqual(answer.status, 200, answer.body)
                reply = json.loads(answer.body)
                self.same(reply["request"], json.loads(reply["json"]))

    def test_path_and_query_become_fields(self):
        answer = self.ask("GET", "/v1/echo/a%2Fb%20c?kinds.an_int64=5&lists.texts=x&lists.texts=y&wellKnown.aBool=true")
        request = json.loads(answer.body)["request"]
        self.assertEqual(request["text"], "a/b c")
        self.assertEqual(request["kinds"]["anInt64"], "5")
        self.assertEqual(request["lists"]["texts"], ["x", "y"])
        self.assertIs(request["wellKnown"]["aBool"], True)

    def test_a_patch_says_what_it_changes(self):
        for query, mask in [("", "anInt32,inner.aBool"), ("?updateMask=aString", "aString")]:
            body = json.dumps({"anInt32": 1, "inner": {"a_bool": True}})
            answer = self.ask("PATCH", "/v1/echoes/x" + query, body, WRITING)
            self.assertEqual(answer.status, 200, answer.body)
            request = json.loads(answer.body)["request"]
            self.assertEqual(request["updateMask"], mask)
            self.assertIs(request["kinds"]["inner"]["aBool"], True)

    def test_what_does_not_fit_is_named(self):
        for path, body, field, reason in [
            ("/v1/echo", '{"kinds":{"nope":1}}', "kinds.nope", "UNKNOWN_FIELD"),
            ("/v1/echo", '{"lists":{"messages":[{},{"id":"x"}]}}', "lists.messages[1].id", "INVALID_VALUE"),
            ("/v1/echo", '{"text":"a","text":"b"}', "text", "DUPLICATE_FIELD"),
            ("/v1/echo?x=1", "{}", "x", "UNKNOWN_PARAMETER"),
        ]:
            with self.subTest(body=body):
                answer = self.ask("POST", path, body, WRITING)
                error = self.refusal(answer)
                self.assertEqual(answer.status, 400)
                self.assertEqual(error["status"], "INVALID_ARGUMENT")
                self.assertEqual(error["details"][0]["reason"], reason)
                self.assertEqual(error["details"][0]["metadata"], {field: reason})
                self.assertEqual(error["details"][1]["fieldViolations"][0]["field"], field)
        answer = self.ask("POST", "/v1/echo", '{"text":\n  nope}', WRITING)
        self.assertIn("line 2, column 3", self.refusal(answer)["message"])
        answer = self.ask("GET", "/v1/watch?nope=1")
        self.assertEqual(self.refusal(answer)["details"][1]["fieldViolations"][0]["field"], "nope")

    def test_an_empty_body_is_an_empty_message(self):
        self.assertEqual(self.ask("POST", "/v1/echo", None, {"X-Smartpass": "1"}).status, 200)

    def test_a_body_must_be_json_and_not_too_large(self):
        answer = self.ask("POST", "/v1/echo", "{}", {**WRITING, "Content-Type": "text/plain"})
        self.assertEqual(answer.status, 415)
        answer = self.ask("POST", "/v1/echo", b'{"text":"%s"}' % (b"x" * (1 << 20)), WRITING)
        self.assertEqual(answer.status, 413)

        def chunks():
            for _ in range(64):
                yield b"x" * 32768

        answer = self.ask("POST", "/v1/echo", chunks(), WRITING)
        self.assertEqual(answer.status, 413)


class Calls(Case):
    def test_metadata_tells_the_server_who_calls(self):
        headers = {"User-Agent": "Browser/1 \xe9", "X-Request-Id": "abc-1", "Cookie": "a=b; smartpass=t0k-en; c=d"}
        answer = self.ask("GET", "/v1/echo/x", None, headers)
        metadata = json.loads(answer.body)["metadata"]
        self.assertEqual(metadata["authorization"], "Bearer t0k-en")
        self.assertEqual(metadata["smartpass-session-transport"], "cookie")
        self.assertEqual(metadata["smartpass-client-address"], "127.0.0.1")
        self.assertEqual(metadata["x-request-id"], "abc-1")
        self.assertEqual(metadata["smartpass-user-agent"], "Browser/1 ?")
        self.assertEqual(answer.headers["X-Request-Id"], "abc-1")

    def test_an_authorization_header_is_passed_through(self):
        answer = self.ask("GET", "/v1/echo/x", None, {"Authorization": "Bearer own", "Cookie": "smartpass=other"})
        metadata = json.loads(answer.body)["metadata"]
        self.assertEqual(metadata["authorization"], "Bearer own")
        self.assertNotIn("smartpass-session-transport", metadata)

    def test_a_malformed_cookie_or_request_id_is_left_out(self):
        headers = {"Cookie": 'smartpass="a b"', "X-Request-Id": "a b\tc"}
        answer = self.ask("GET", "/v1/echo/x", None, headers)
        metadata = json.loads(answer.body)["metadata"]
        self.assertNotIn("authorization", metadata)
        self.assertRegex(metadata["x-request-id"], "^[0-9a-f]{16}$")
        self.assertEqual(answer.headers["X-Request-Id"], metadata["x-request-id"])

    def test_a_token_in_the_trailers_becomes_a_cookie(self):
        answer = self.post("/v1/session:login", {"username": "ann"})
        self.assertEqual(
            answer.headers["Set-Cookie"], "smartpass=t0k-en_ann; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict"
        )
        answer = self.post("/v1/session:login", {"username": "bye"})
        self.assertEqual(answer.headers["Set-Cookie"], "smartpass=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")

    def test_errors_have_http_status_and_details(self):
        table = {3: 400, 9: 400, 11: 400, 5: 404, 6: 409, 10: 409, 7: 403, 16: 401, 8: 429, 12: 501, 14: 503, 4: 504}
        table.update({1: 499, 2: 500, 13: 500, 15: 500})
        for code, status in table.items():
            with self.subTest(code=code):
                answer = self.ask("GET", "/v1/fail/%d?message=Why%%20not" % code)
                self.assertEqual(answer.status, status)
                error = self.refusal(answer)
                self.assertEqual(error["message"], "Why not")
                self.assertEqual(error["details"].pop()["@type"], "type.googleapis.com/google.rpc.RequestInfo")
                self.assertEqual(
                    error["details"],
                    [
                        {
                            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                            "reason": "NO_FACE",
                            "domain": "smartpass",
                            "metadata": {"photo": "NO_FACE"},
                        },
                        {
                            "@type": "type.googleapis.com/google.rpc.BadRequest",
                            "fieldViolations": [{"field": "photo", "description": "No face."}],
                        },
                        {"@type": "type.googleapis.com/no.such.Type", "value": "/w=="},
                    ],
                )
        self.assertEqual(self.refusal(self.ask("GET", "/v1/fail/3"))["status"], "INVALID_ARGUMENT")

    def test_writing_needs_our_page(self):
        own = "http://127.0.0.1:%d" % self.gateway.port
        for headers, status in [
            ({"X-Smartpass": "1"}, 200),
            ({"X-Smartpass": "1", "Origin": own}, 200),
            ({}, 403),
            ({"X-Smartpass": "2"}, 403),
            ({"Origin": own}, 403),
            ({"X-Smartpass": "1", "Origin": "http://evil.example"}, 403),
            ({"X-Smartpass": "1", "Origin": "http://127.0.0.1:1"}, 403),
            ({"X-Smartpass": "1", "Origin": own.replace("http", "https")}, 403),
            ({"X-Smartpass": "1", "Origin": "null"}, 403),
        ]:
            with self.subTest(headers=headers):
                answer = self.ask("POST", "/v1/echo", "{}", headers)
                self.assertEqual(answer.status, status)
                if status == 403:
                    self.assertEqual(self.refusal(answer)["details"][0]["reason"], "CSRF")

    def test_a_foreign_host_is_turned_away(self):
        for host, status in [("localhost:1", 200), ("[::1]:2", 200), ("LOCALHOST", 200), ("evil.example", 421)]:
            with self.subTest(host=host):
                self.assertEqual(self.ask("GET", "/v1/echo/x", None, {"Host": host}).status, status)

    def test_unknown_paths_and_methods_are_refused_in_json(self):
        answer = self.ask("GET", "/v1/nowhere")
        self.assertEqual(self.refusal(answer)["status"], "NOT_FOUND")
        answer = self.ask("DELETE", "/v1/echo", None, {"X-Smartpass": "1"})
        self.assertEqual(answer.status, 405)
        self.assertEqual(answer.headers["Allow"], "POST")
        answer = self.ask("DELETE", "/v1/echo/x", None, {"X-Smartpass": "1"})
        self.assertEqual(answer.headers["Allow"], "GET, HEAD")
        self.assertEqual(self.ask("POST", "/").status, 405)

    def test_head_answers_without_a_body(self):
        answer = self.ask("HEAD", "/v1/echo/x")
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertGreater(int(answer.headers["Content-Length"]), 2)

    def test_a_connection_serves_many_requests(self):
        connection = self.gateway.connect()
        for number in range(50):
            body = json.dumps({"text": str(number)})
            connection.request("POST", "/v1/echo", body, WRITING)
            reply = json.loads(connection.getresponse().read())
            self.assertEqual(reply["request"]["text"], str(number))
        connection.close()

    def test_healthz_tells_that_the_server_serves(self):
        answer = self.ask("GET", "/healthz")
        self.assertEqual((answer.status, answer.body), (200, b'{"status":"SERVING"}'))

    def test_a_client_that_leaves_cancels_its_call_within_a_second(self):
        before = self.seen()["cancelled"]
        connection = self.gateway.connect()
        connection.request("GET", "/v1/sleep")
        self.assertTrue(wait_for(lambda: self.seen()["active"] > 0, 5))
        time.sleep(0.3)
        connection.close()
        left = time.monotonic()
        self.assertTrue(wait_for(lambda: self.seen()["cancelled"] > before, 5))
        self.assertLess(time.monotonic() - left, 1)

    def test_security_fields_stand_on_every_answer(self):
        for path in ["/", "/v1/echo/x", "/v1/nowhere", "/assets/logo.svg", "/nothing.txt"]:
            with self.subTest(path=path):
                headers = self.ask("GET", path).headers
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin")
                self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
                self.assertNotIn("Strict-Transport-Security", headers)

    def test_malformed_requests_do_no_harm(self):
        for raw in [
            b"GET / HTTP/1.1\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"GET /v1/echo/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET " + b"/a" * 30000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /v1/echo/x HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 20000 + b"\r\n",
            b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: -1\r\n\r\n{}",
            b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 2\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"GET /v1/echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50,
        ]:
            with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=0.5) as peer:
                try:
                    peer.sendall(raw)
                    while peer.recv(65536):
                        pass
                except (ConnectionError, TimeoutError):
                    pass
        self.assertEqual(self.ask("GET", "/v1/echo/x").status, 200)


class Streams(Case):
    def stream(self, path, **headers):
        connection = self.gateway.connect()
        connection.request("GET", path, None, headers)
        return connection, connection.getresponse()

    def events(self, answer, count):
        """The next events as dictionaries of their fields."""
        events = []
        while len(events) < count:
            event = {}
            for line in iter(answer.readline, b"\n"):
                if not line:
                    return events
                name, _, value = line.decode().rstrip("\n").partition(": ")
                event[name or "comment"] = value
            if "data" in event:
                events.append(event)
        return events

    def test_events_come_as_they_happen(self):
        connection, answer = self.stream("/v1/watch?pauseMs=200", Accept="text/event-stream")
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        begun = time.monotonic()
        events = self.events(answer, 3)
        self.assertEqual([event["id"] for event in events], ["e1", "e2", "e3"])
        self.assertEqual(json.loads(events[2]["data"])["number"], 3)
        self.assertLess(time.monotonic() - begun, 1.5)
        connection.close()

    def test_the_last_event_id_reaches_the_server_and_wins_over_the_query(self):
        headers = {"Accept": "text/event-stream", "Last-Event-ID": "e41"}
        connection, answer = self.stream("/v1/watch?last_event_id=e7", **headers)
        self.assertEqual(json.loads(self.events(answer, 1)[0]["data"])["lastEventId"], "e41")
        connection.close()

    def test_a_quiet_stream_opens_and_shows_signs_of_life(self):
        connection, answer = self.stream("/v1/watch?count=1&pauseMs=0", Accept="text/event-stream")
        text = b""
        while text.count(b": ping\n\n") < 2:
            text += answer.readline()
        answer.close()
        connection.close()

    def test_a_refused_stream_is_an_http_error(self):
        for accept in ["text/event-stream", "application/x-ndjson"]:
            connection, answer = self.stream("/v1/watch?count=-1", Accept=accept)
            self.assertEqual(answer.status, 401)
            self.assertEqual(json.loads(answer.read())["error"]["message"], "Who are you?")
            connection.close()

    def test_a_failure_in_the_midst_is_the_last_event(self):
        connection, answer = self.stream("/v1/watch?count=2&endCode=8", Accept="text/event-stream")
        events = self.events(answer, 3)
        self.assertEqual(events[2]["event"], "error")
        self.assertEqual(json.loads(events[2]["data"])["error"]["status"], "RESOURCE_EXHAUSTED")
        self.assertEqual(answer.read(), b"")
        connection.close()

    def test_lines_of_json(self):
        connection, answer = self.stream("/v1/watch?count=2&endCode=3", Accept="application/x-ndjson")
        self.assertEqual(answer.headers["Content-Type"], "application/x-ndjson")
        lines = [json.loads(line) for line in answer.read().splitlines()]
        self.assertEqual([line["result"]["id"] for line in lines[:2]], ["e1", "e2"])
        self.assertEqual(lines[2]["error"]["code"], 400)
        connection.close()

    def test_a_client_that_leaves_cancels_its_stream_within_a_second(self):
        before = self.seen()
        streams = [self.stream("/v1/watch?count=1&pauseMs=0", Accept="text/event-stream") for _ in range(10)]
        for _, answer in streams:
            self.events(answer, 1)
        self.assertEqual(self.seen()["active"], before["active"] + 10)
        time.sleep(0.4)
        for connection, answer in streams:
            answer.close()
            connection.close()
        left = time.monotonic()
        self.assertTrue(wait_for(lambda: self.seen()["active"] == before["active"], 5))
        self.assertLess(time.monotonic() - left, 1)
        self.assertEqual(self.seen()["cancelled"], before["cancelled"] + 10)

    def test_a_slow_reader_holds_the_server_back(self):
        connection, answer = self.stream("/v1/watch?pauseMs=0&padding=60000", Accept="text/event-stream")
        self.events(answer, 1)
        time.sleep(1.5)
        before = self.seen()["sent"]
        time.sleep(0.5)
        self.assertEqual(self.seen()["sent"], before, "the server goes on although nobody reads")
        first = self.events(answer, 200)
        self.assertEqual(len(first), 200)
        self.assertGreater(int(self.seen()["sent"]), int(before))
        connection.close()


class Bodies(Case):
    def upload(self, body, **headers):
        return self.ask("POST", "/v1/uploads", body, {"X-Smartpass": "1", "Content-Type": "image/jpeg", **headers})

    def test_an_upload_arrives_whole_in_small_parts(self):
        for size in [0, 1, 65535, 65536, 65537, LARGE]:
            with self.subTest(size=size):
                body = os.urandom(size)
                answer = self.upload(body)
                self.assertEqual(answer.status, 200, answer.body)
                reply = json.loads(answer.body)
                self.assertEqual(reply["contentType"], "image/jpeg")
                self.assertEqual(int(reply["size"]), size)
                self.assertEqual(reply["sha256"], hashlib.sha256(body).hexdigest())
                self.assertLessEqual(reply["largestPart"], 65536)

    def test_a_chunked_upload_arrives_whole(self):
        parts = [os.urandom(10000) for _ in range(50)]
        answer = self.upload(iter(parts))
        self.assertEqual(json.loads(answer.body)["sha256"], hashlib.sha256(b"".join(parts)).hexdigest())

    def test_an_upload_that_is_too_large_is_refused(self):
        answer = self.upload(bytes(17 << 20))
        self.assertEqual(answer.status, 413)

    def test_a_chunked_upload_that_is_too_large_is_refused(self):
        answer = self.upload(bytes(1 << 20) for _ in range(17))
        self.assertEqual(answer.status, 413)
        self.assertTrue(wait_for(lambda: self.seen()["active"] == 0, 2))

    def test_an_upload_that_the_server_refuses_early_gets_its_answer(self):
        answer = self.upload(bytes(LARGE), **{"Content-Type": "text/refused"})
        self.assertEqual(answer.status, 400)
        self.assertEqual(self.refusal(answer)["message"], "Not this type.")

    def test_an_upload_needs_our_page(self):
        answer = self.ask("POST", "/v1/uploads", bytes(100000), {"Content-Type": "image/jpeg"})
        self.assertEqual(answer.status, 403)

    def test_a_client_that_leaves_cancels_its_upload(self):
        before = self.seen()["cancelled"]
        # The trial server can take a call for answered that ends while it asks for the next part: so several leave.
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", self.gateway.port)) as peer:
                peer.sendall(
                    b"POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 100000\r\n\r\nabc"
                )
                self.assertTrue(wait_for(lambda: self.seen()["active"] > 0, 10))
            self.assertTrue(wait_for(lambda: self.seen()["active"] == 0, 10))
        self.assertGreater(self.seen()["cancelled"], before)

    def test_a_server_that_takes_nothing_holds_the_client_back(self):
        self.upload(bytes(LARGE))
        self.trials.gate.clear()
        before = self.gateway.resident_kib()
        total = 0
        try:
            with socket.create_connection(("127.0.0.1", self.gateway.port)) as peer:
                peer.sendall(
                    b"POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 16777216\r\n\r\n"
                )
                peer.settimeout(1)
                with self.assertRaises(TimeoutError):
                    while total < 16777216:
                        total += peer.send(bytes(65536))
                self.assertLess(self.gateway.resident_kib() - before, 4096)
        finally:
            self.trials.gate.set()

    def test_a_download_comes_whole_with_its_type(self):
        for size in [1, 65536, LARGE]:
            answer = self.ask("GET", "/v1/downloads/%d?contentType=image/png" % size)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["Content-Type"], "image/png")
            self.assertEqual(answer.headers["Cache-Control"], "private, max-age=3600, immutable")
            self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
            self.assertEqual(len(answer.body), size)

    def test_a_download_with_a_malformed_type_is_plain_bytes(self):
        answer = self.ask("GET", "/v1/downloads/5?contentType=a%0d%0aX:y")
        self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")

    def test_a_download_that_fails_at_once_is_an_error(self):
        answer = self.ask("GET", "/v1/downloads/0?code=5")
        self.assertEqual(answer.status, 404)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_a_download_that_breaks_off_is_noticed(self):
        with self.assertRaises(http.client.IncompleteRead):
            self.ask("GET", "/v1/downloads/100000?code=13")

    def test_a_slow_download_takes_little_memory(self):
        before = self.gateway.resident_kib()
        sent = int(self.seen()["sent"])
        with socket.create_connection(("127.0.0.1", self.gateway.port)) as peer:
            peer.sendall(b"GET /v1/downloads/500000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(1.5)
            self.assertLess(self.gateway.resident_kib() - before, 8192)
            self.assertLess(int(self.seen()["sent"]) - sent, 50000000)
        self.assertTrue(wait_for(lambda: self.seen()["active"] == 0, 2))


class Leavers(Case):
    """Clients that leave at any moment, politely or not."""

    HEAD = b" HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\n"
    REQUESTS = [
        b"GET /v1/echo/x" + HEAD + b"\r\n",
        (b"GET /v1/echo/x" + HEAD + b"\r\n") * 10,
        b"GET /v1/sleep" + HEAD + b"\r\n",
        b"GET /v1/watch?pauseMs=5&padding=20000" + HEAD + b"Accept: text/event-stream\r\n\r\n",
        b"GET /v1/downloads/3000000" + HEAD + b"\r\n",
        b"POST /v1/uploads" + HEAD + b"Content-Length: 300000\r\n\r\n",
        b"POST /v1/uploads" + HEAD + b"Content-Length: 300000\r\n\r\n" + bytes(1000),
        b"POST /v1/uploads" + HEAD + b"Content-Length: 300000\r\n\r\n" + bytes(300000),
        b"GET /",
    ]

    def leave_often(self, seed, until):
        chance = random.Random(seed)
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=2) as peer:
                    peer.sendall(chance.choice(self.REQUESTS))
                    time.sleep(chance.choice([0, 0, 0.001, 0.01, 0.3]))
                    if chance.random() < 0.5:
                        peer.settimeout(0.05)
                        peer.recv(chance.choice([1, 1000, 100000]))
                    if chance.random() < 0.5:  # by a reset instead of a farewell
                        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            except OSError:
                pass

    def test_whoever_leaves_leaves_nothing_behind(self):
        until = time.monotonic() + 4
        crowd = [threading.Thread(target=self.leave_often, args=(seed, until)) for seed in range(12)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        self.assertTrue(wait_for(lambda: self.trials.active == 0, 10))
        self.assertGreater(self.trials.cancelled, 20)
        self.assertEqual(self.ask("GET", "/v1/echo/x").status, 200)


class Files(Case):
    def test_the_page_has_a_fresh_nonce_each_time(self):
        nonces = set()
        for path in ["/", "/index.html", "/employees/12", "/deep/path"]:
            answer = self.ask("GET", path)
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            nonce = re.search(r"style-src 'self' 'nonce-([^']+)'", answer.headers["Content-Security-Policy"]).group(1)
            self.assertEqual(answer.body.decode().count('"%s"' % nonce), 2)
            nonces.add(nonce)
        self.assertEqual(len(nonces), 4)

    def test_hashed_files_are_kept_for_ever_and_others_are_asked_for(self):
        answer = self.ask("GET", "/assets/index-DiwrgTda.js")
        self.assertEqual(answer.headers["Cache-Control"], "public, max-age=31536000, immutable")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/javascript"))
        answer = self.ask("GET", "/assets/logo.svg")
        self.assertEqual(answer.headers["Cache-Control"], "no-cache")
        again = self.ask("GET", "/assets/logo.svg", None, {"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_files_come_compressed_to_those_who_ask(self):
        path = "/assets/index-DiwrgTda.js"
        plain = self.ask("GET", path)
        packed = self.ask("GET", path, None, {"Accept-Encoding": "gzip, deflate, br"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(packed.headers["Vary"], "Accept-Encoding")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        refused = self.ask("GET", path, None, {"Accept-Encoding": "gzip;q=0"})
        self.assertNotIn("Content-Encoding", refused.headers)
        brotli = self.ask("GET", "/assets/pre-ABCDEFGH.css", None, {"Accept-Encoding": "gzip, br"})
        self.assertEqual((brotli.headers["Content-Encoding"], brotli.body), ("br", b"brotli bytes"))

    def test_nothing_but_the_build_is_served(self):
        for path in [
            "/.secret",
            "/passwd.txt",
            "/assets/pre-ABCDEFGH.css.br",
            "/../etc/passwd.x",
            "/assets/../../gateway.log",
            "/%2e%2e/gateway.log",
            "/assets/",
            "//etc/passwd.x",
        ]:
            with self.subTest(path=path):
                answer = self.ask("GET", path)
                self.assertTrue(answer.status == 404 or b"<html>" in answer.body)
                self.assertNotIn(b"root:", answer.body)
                self.assertNotIn(b"secret", answer.body)


class Lifetimes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="gateway-test-")
        write_file(self.folder + "/web/index.html", "<html></html>")
        self.addCleanup(shutil.rmtree, self.folder)

    def start_gateway(self, *options, **more):
        gateway = Gateway(self.folder, "--web-root", self.folder + "/web", *options, **more)
        self.addCleanup(lambda: gateway.process.poll() is None and gateway.process.kill())
        return gateway

    def start_server(self):
        return trial_server.start(CONTRACT, "unix:%s/rpc.sock" % self.folder)[0]

    def test_a_server_that_is_away_is_told_quickly_and_found_again(self):
        gateway = self.start_gateway()
        begun = time.monotonic()
        answer = gateway.ask("GET", "/v1/echo/x")
        self.assertEqual(answer.status, 503)
        self.assertEqual(json.loads(answer.body)["error"]["details"][0]["reason"], "SERVER_UNAVAILABLE")
        self.assertEqual(gateway.ask("GET", "/healthz").status, 503)
        stream = gateway.ask("GET", "/v1/watch", None, {"Accept": "text/event-stream"})
        self.assertEqual(stream.status, 200)
        self.assertIn(b"event: error", stream.body)
        self.assertLess(time.monotonic() - begun, 2)

        for _ in range(2):
            server = self.start_server()
            self.assertTrue(wait_for(lambda: gateway.ask("GET", "/v1/echo/x").status == 200, 10))
            connection = gateway.connect()
            connection.request("GET", "/v1/watch?count=1", None, {"Accept": "text/event-stream"})
            events = connection.getresponse()
            server.stop(0).wait()
            self.assertIn(b"e1", events.read())
            connection.close()
            self.assertEqual(gateway.ask("GET", "/v1/echo/x").status, 503)
        self.assertEqual(gateway.stop(), 0)

    def test_transcoding_takes_no_more_memory_than_it_may(self):
        server = self.start_server()
        gateway = self.start_gateway("--gateway-memory-max", "1048576")
        headers = {"X-Smartpass": "1", "Content-Type": "application/json"}

        def echo(request):
            return gateway.ask("POST", "/v1/echo", json.dumps(request), headers)

        self.assertTrue(wait_for(lambda: echo({"text": "small"}).status == 200, 10))
        keys = {str(key): 1 for key in range(60000)}  # what finds a key given twice outgrows the limit
        refused = echo({"maps": {"numbers": keys}})
        self.assertEqual(refused.status, 413)
        self.assertEqual(json.loads(refused.body)["error"]["details"][0]["reason"], "TOO_LARGE")
        refused = echo({"text": "x" * 600000})  # comes back twice
        self.assertEqual(refused.status, 500)
        self.assertEqual(echo({"text": "small"}).status, 200)
        self.assertEqual(gateway.stop(), 0)
        server.stop(0).wait()

    def test_stopping_ends_open_streams_and_calls(self):
        server = self.start_server()
        gateway = self.start_gateway()
        streams = []
        for path in ["/v1/watch?count=1", "/v1/watch?padding=60000", "/v1/downloads/500000000"]:
            connection = gateway.connect()
            connection.request("GET", path, None, {"Accept": "text/event-stream"})
            streams.append((connection, connection.getresponse()))
        upload = socket.create_connection(("127.0.0.1", gateway.port))
        upload.sendall(b"POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 9\r\n\r\na")
        idle = socket.create_connection(("127.0.0.1", gateway.port))
        time.sleep(0.3)
        begun = time.monotonic()
        self.assertEqual(gateway.stop(), 0)
        self.assertLess(time.monotonic() - begun, 5)
        for connection, _ in streams:
            connection.close()
        upload.close()
        idle.close()
        server.stop(0).wait()

    def test_a_client_that_dawdles_is_cut_off(self):
        gateway = self.start_gateway("--web-head-timeout", "500ms")
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as peer:
            begun = time.monotonic()
            try:
                for letter in b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100:
                    peer.sendall(bytes([letter]))
                    time.sleep(0.05)
                self.assertIn(b"408", peer.recv(100))
            except ConnectionError:
                pass
            self.assertLess(time.monotonic() - begun, 3)
        self.assertEqual(gateway.stop(), 0)

    def make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
            + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
            + ["-keyout", self.folder + "/key.pem", "-out", self.folder + "/cert.pem"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        return ["--tls-cert", self.folder + "/cert.pem", "--tls-key", self.folder + "/key.pem"]

    def test_https_has_its_own_cookie_and_transport_security(self):
        server = self.start_server()
        gateway = self.start_gateway(*self.make_certificate(), listen="0.0.0.0:0")
        trust = ssl.create_default_context(cafile=self.folder + "/cert.pem")
        connection = http.client.HTTPSConnection("localhost", gateway.port, context=trust, timeout=20)
        connection.request("POST", "/v1/session:login", '{"username":"ann"}', WRITING)
        answer = connection.getresponse()
        answer.read()
        self.assertEqual(
            answer.headers["Set-Cookie"],
            "__Host-smartpass=t0k-en_ann; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure",
        )
        self.assertIn("max-age=", answer.headers["Strict-Transport-Security"])
        connection.request("GET", "/v1/echo/x", None, {"Cookie": "__Host-smartpass=abc; smartpass=stolen"})
        self.assertEqual(json.loads(connection.getresponse().read())["metadata"]["authorization"], "Bearer abc")
        own = {"Origin": "https://localhost:%d" % gateway.port, **WRITING}
        connection.request("POST", "/v1/echo", "{}", own)
        self.assertEqual(connection.getresponse().read()[:1], b"{")
        body = os.urandom(300000)
        connection.request("POST", "/v1/uploads", body, {"X-Smartpass": "1", "Content-Type": "image/png"})
        reply = json.loads(connection.getresponse().read())
        self.assertEqual(reply["sha256"], hashlib.sha256(body).hexdigest())
        connection.request("GET", "/v1/watch?count=2&endCode=3", None, {"Accept": "application/x-ndjson"})
        self.assertEqual(len(connection.getresponse().read().splitlines()), 3)
        connection.close()
        self.assertEqual(gateway.stop(), 0)
        server.stop(0).wait()

    def refused_start(self, *options):
        done = subprocess.run(
            [GATEWAY, "--gateway-server", "unix:/nowhere", "--gateway-descriptors", DESCRIPTORS]
            + ["--web-root", self.folder + "/web", *options],
            capture_output=True,
            text=True,
            timeout=30,
        )
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_what_cannot_be_served_is_said_at_start(self):
        self.assertIn("needs HTTPS", self.refused_start("--web-listen", "0.0.0.0:9000"))
        self.assertIn("between 9000 and 9999", self.refused_start("--web-listen", "localhost:8080"))
        self.assertIn("numeric address", self.refused_start("--web-listen", "example.org:9000"))
        self.assertIn("both", self.refused_start("--tls-cert", "/nowhere"))
        self.assertIn("/nowhere", self.refused_start("--tls-cert", "/nowhere", "--tls-key", "/nowhere"))
        self.assertIn("index.html", self.refused_start("--web-root", self.folder))
        self.assertIn("descriptor", self.refused_start("--gateway-descriptors", "/etc/hostname").lower())
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            for port in range(9000, 10000):
                try:
                    holder = socket.create_server(("127.0.0.1", port))
                    break
                except OSError:
                    continue
            with holder:
                error = self.refused_start("--web-listen", "127.0.0.1:%d" % port)
            self.assertIn("another program uses this port", error)


if __name__ == "__main__":
    gateway_case.run()
