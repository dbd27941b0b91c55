"""Streams both ways, forms, ranges and conditions: smartpass-gateway before a service that has every kind of them.

Usage: test_gateway_streams.py GATEWAY DESCRIPTOR_SET [unittest options]
"""

import hashlib
import http.client
import json
import os
import socket
import time

import gateway_case
from gateway_case import WRITING, Case, wait_for
from trial_server import pattern

LINES = {"X-Smartpass": "1", "Content-Type": "application/x-ndjson"}
LARGE = 3 * 1024 * 1024
# How much the memory tests move; the full figure takes a while.
BULK = int(os.environ.get("GATEWAY_BULK_MB", "60")) << 20


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def form(*parts, boundary="x-boundary-x"):
    """multipart/form-data of (head fields, data) pairs: (type, body)."""
    body = b""
    for disposition, kind, data in parts:
        head = "--%s\r\nContent-Disposition: form-data; %s\r\n" % (boundary, disposition)
        body += head.encode() + (b"Content-Type: %s\r\n" % kind.encode() if kind else b"") + b"\r\n" + data + b"\r\n"
    return "multipart/form-data; boundary=" + boundary, body + b"--%s--\r\n" % boundary.encode()


class Lines(Case):
    """Streams of messages, one JSON text a line."""

    def test_each_line_is_a_message(self):
        body = b'{"text":"a","number":1}\n\r\n  \n{ "text" : "b" }\n{"text":"c"}'
        answer = self.ask("POST", "/v1/lines/ann:collect", body, LINES)
        self.assertEqual(answer.status, 200, answer.body)
        reply = json.loads(answer.body)
        self.assertEqual((reply["count"], reply["texts"], reply["names"]), (3, ["a", "b", "c"], ["ann"] * 3))

    def test_no_line_is_no_message(self):
        for body in [b"", b"\n\n"]:
            answer = self.ask("POST", "/v1/lines/ann:collect", body, LINES)
            self.assertEqual(json.loads(answer.body)["count"], 0)

    def test_many_lines_in_chunks_all_arrive(self):
        lines = ['{"text":"%d"}\n' % i for i in range(5000)]
        text = "".join(lines).encode()
        answer = self.ask("POST", "/v1/lines/n:collect", iter([text[i:i + 777] for i in range(0, len(text), 777)]), LINES)
        self.assertEqual(json.loads(answer.body)["texts"], [str(i) for i in range(5000)])

    def test_a_line_that_does_not_fit_is_named_and_cancels_the_call(self):
        answer = self.ask("POST", "/v1/lines/n:collect", b'{"text":"a"}\n{"nope":1}\n' + b'{"text":"b"}\n' * 100, LINES)
        error = self.refusal(answer)
        self.assertEqual(answer.status, 400)
        self.assertIn("Message 2", error["message"])
        self.assertEqual(error["details"][0]["metadata"], {"nope": "UNKNOWN_FIELD"})
        self.assertTrue(wait_for(lambda: self.seen()["active"] == 0, 5))

    def test_a_line_that_is_too_large_is_refused(self):
        answer = self.ask("POST", "/v1/lines/n:collect", b'{"text":"' + b"x" * (2 << 20) + b'"}\n', LINES)
        self.assertEqual(answer.status, 413)

    def test_answers_come_while_the_request_goes_on(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            peer.sendall(b"POST /v1/talk HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\n"
                         b"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
            answer = peer.makefile("rb")
            for i in range(3):
                line = b'{"text":"%d","number":%d}\n' % (i, i)
                peer.sendall(b"%x\r\n%s\r\n" % (len(line), line))
                if i == 0:
                    self.assertIn(b"200", answer.readline())
                    while answer.readline() != b"\r\n":
                        pass
                size = int(answer.readline(), 16)
                self.assertEqual(json.loads(answer.read(size))["result"]["text"], "re: %d" % i)
                answer.readline()
            peer.sendall(b"0\r\n\r\n")
            self.assertEqual(answer.readline(), b"0\r\n")
            answer.readline()
            # The connection goes on.
            peer.sendall(b"GET /v1/echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"200", answer.readline())

    def test_answers_may_be_events(self):
        answer = self.ask("POST", "/v1/talk", b'{"text":"a"}\n{"text":"b"}\n', {**LINES, "Accept": "text/event-stream"})
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(answer.body.count(b"data: "), 2)

    def test_a_failure_ends_a_conversation_with_an_error(self):
        answer = self.ask("POST", "/v1/talk", b'{"text":"a"}\n{"text":"fail"}\n' + b'{"text":"x"}\n' * 1000, LINES)
        lines = [json.loads(line) for line in answer.body.splitlines()]
        self.assertEqual(lines[0]["result"]["text"], "re: a")
        self.assertEqual(lines[-1]["error"]["message"], "As you wish.")

    def test_a_malformed_line_in_the_midst_of_a_conversation_is_its_last_word(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            peer.sendall(b"POST /v1/talk HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 10000\r\n\r\n"
                         b'{"text":"a"}\n')
            answer = peer.makefile("rb")
            while b"re: a" not in answer.readline():
                pass
            peer.sendall(b"{nope}\n")
            rest = answer.read()
            self.assertIn(b'{"error":{"code":400', rest)
            self.assertIn(b"Message 2", rest)

    def left_calls_end_within_a_second(self, request, leave):
        peer = socket.create_connection(("127.0.0.1", self.gateway.port))
        peer.sendall(request)
        self.assertTrue(wait_for(lambda: self.seen()["active"] > 0, 5))
        time.sleep(0.1)
        leave(peer)
        left = time.monotonic()
        self.assertTrue(wait_for(lambda: self.seen()["active"] == 0, 5))
        self.assertLess(time.monotonic() - left, 1)
        peer.close()

    def test_a_client_that_leaves_in_the_midst_cancels_within_a_second(self):
        for path in [b"/v1/talk", b"/v1/lines/n:collect", b"/v1/raw:stream"]:
            with self.subTest(path=path):
                request = (b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\n"
                           b"Content-Length: 1000\r\n\r\n" + b'{"text":"a"}\n')
                self.left_calls_end_within_a_second(request, lambda peer: peer.close())

    def test_a_client_that_closes_its_half_is_taken_to_have_left(self):
        for request in [b"GET /v1/sleep HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        b"GET /v1/watch?count=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        b"POST /v1/raw:stream HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Length: 9\r\n\r\na"]:
            with self.subTest(request=request):
                self.left_calls_end_within_a_second(request, lambda peer: peer.shutdown(socket.SHUT_WR))

    def test_a_quick_answer_reaches_a_client_that_closed_its_half(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=5) as peer:
            peer.sendall(b"GET /assets/logo.svg HTTP/1.1\r\nHost: localhost\r\n\r\n")
            peer.shutdown(socket.SHUT_WR)
            self.assertIn(b"<svg/>", peer.makefile("rb").read())


class Bodies(Case):
    """google.api.HttpBody as message, as field, as stream of either."""

    def test_a_raw_body_fills_a_field_beside_query_and_path(self):
        answer = self.ask("POST", "/v1/files/ann?number=7&tags=a&tags=b", b"\xff\x00raw",
                          {"X-Smartpass": "1", "Content-Type": "image/png"})
        self.assertEqual(answer.status, 200, answer.body)
        reply = json.loads(answer.body)
        self.assertEqual((reply["name"], reply["number"], reply["tags"]), ("ann", 7, ["a", "b"]))
        self.assertEqual((reply["contentType"], reply["sha256"]), ("image/png", sha256(b"\xff\x00raw")))

    def test_a_raw_body_is_a_message(self):
        body = os.urandom(100000)
        answer = self.ask("POST", "/v1/raw", body, {"X-Smartpass": "1", "Content-Type": "application/pdf"})
        reply = json.loads(answer.body)
        self.assertEqual((reply["contentType"], reply["sha256"]), ("application/pdf", sha256(body)))

    def test_a_streamed_field_has_the_parameters_in_its_first_message_alone(self):
        for size in [0, 1, 65536, LARGE]:
            with self.subTest(size=size):
                body = os.urandom(size)
                answer = self.ask("POST", "/v1/streams/ann?number=3", body, {"X-Smartpass": "1", "Content-Type": "a/b"})
                self.assertEqual(answer.status, 200, answer.body)
                reply = json.loads(answer.body)
                self.assertEqual((reply["name"], reply["number"], reply["contentType"]), ("ann", 3, "a/b"))
                self.assertEqual((int(reply["size"]), reply["sha256"]), (size, sha256(body)))

    def test_an_unknown_parameter_of_an_upload_is_named(self):
        for path in ["/v1/files/ann?nope=1", "/v1/streams/ann?nope=1"]:
            answer = self.ask("POST", path, b"x", {"X-Smartpass": "1", "Content-Type": "a/b"})
            self.assertEqual(answer.status, 400)
            self.assertEqual(self.refusal(answer)["details"][0]["metadata"], {"nope": "UNKNOWN_PARAMETER"})

    def test_bodies_go_through_both_ways_at_once(self):
        body = os.urandom(LARGE)
        answer = self.ask("POST", "/v1/copy", body, {"X-Smartpass": "1", "Content-Type": "image/x"})
        self.assertEqual(answer.headers["Content-Type"], "image/x")
        self.assertEqual(sha256(answer.body), sha256(body))

    def test_a_compressed_request_is_refused(self):
        for path in ["/v1/raw", "/v1/echo"]:
            answer = self.ask("POST", path, b"x", {**WRITING, "Content-Encoding": "gzip"})
            self.assertEqual(answer.status, 415)

    def test_memory_stays_flat_for_large_bodies(self):
        piece, peaks = bytes(1 << 20), [0, 0]

        def pieces():
            for _ in range(BULK >> 20):
                yield piece
                peaks[0] = max(peaks[0], self.bulky.resident_kib())

        self.bulky.ask("POST", "/v1/copy", bytes(LARGE), {"X-Smartpass": "1"})
        before = self.bulky.resident_kib()
        connection = self.bulky.connect(120)
        connection.request("POST", "/v1/raw:stream", pieces(), {"X-Smartpass": "1"})
        self.assertEqual(int(json.loads(connection.getresponse().read())["size"]), BULK)
        connection.request("GET", "/v1/streams/%d" % BULK)
        answer, total = connection.getresponse(), 0
        while data := answer.read(1 << 20):
            total += len(data)
            peaks[1] = max(peaks[1], self.bulky.resident_kib())
        connection.close()
        self.assertEqual(total, BULK)
        print("%d MB: %d KiB resident before, %d at most on the way up, %d on the way down" % (BULK >> 20, before, *peaks))
        self.assertLess(max(peaks) - before, 16384)  # a sanitizer's own included

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulky = gateway_case.Gateway(cls.folder, "--web-root", cls.web, "--gateway-stream-max", "2000000000")

    @classmethod
    def tearDownClass(cls):
        code = cls.bulky.stop()
        super().tearDownClass()
        assert code == 0


class Forms(Case):
    def post_form(self, path, *parts):
        kind, body = form(*parts)
        return self.ask("POST", path, body, {"X-Smartpass": "1", "Content-Type": kind})

    def test_parts_fill_the_fields_of_the_message(self):
        blob, file = os.urandom(100000), os.urandom(70000)
        answer = self.post_form(
            "/v1/forms",
            ('name="number"', "", b"5"),
            ('name="file"; filename="a.jpg"', "image/jpeg", file),
            ('name="tags"', "text/plain; charset=utf-8", "ü".encode()),
            ('name="tags"', "", b"b"),
            ('name="blob"; filename="b"', "", blob),
            ('name="name"', "", b""),
        )
        self.assertEqual(answer.status, 200, answer.body)
        reply = json.loads(answer.body)
        self.assertEqual((reply["number"], reply["tags"], reply["name"]), (5, ["ü", "b"], ""))
        self.assertEqual((reply["contentType"], reply["sha256"]), ("image/jpeg", sha256(file)))
        self.assertEqual((int(reply["blobSize"]), reply["blobSha256"]), (100000, sha256(blob)))

    def test_a_form_goes_where_a_raw_body_does(self):
        file = os.urandom(300000)
        upload = ('name="file"; filename="a"', "image/png", file)
        for path in ["/v1/files/ann", "/v1/streams/ann", "/v1/raw", "/v1/raw:stream", "/v1/uploads"]:
            with self.subTest(path=path):
                answer = self.post_form(path, upload)
                self.assertEqual(answer.status, 200, answer.body)
                reply = json.loads(answer.body)
                self.assertEqual((reply["contentType"], reply["sha256"]), ("image/png", sha256(file)))

    def test_fields_before_a_streamed_file_are_in_its_first_message(self):
        answer = self.post_form("/v1/streams/ann", ('name="number"', "", b"9"), ('name="tags"', "", b"t"),
                                ('name="file"; filename="a"', "", b"data"))
        self.assertEqual(answer.status, 200, answer.body)
        reply = json.loads(answer.body)
        self.assertEqual((reply["name"], reply["number"], reply["tags"]), ("ann", 9, ["t"]))

    def test_what_does_not_fit_is_named(self):
        file = ('name="file"; filename="a"', "", b"data")
        for path, parts, field, reason in [
            ("/v1/forms", [('name="nope"', "", b"1")], "nope", "UNKNOWN_PARAMETER"),
            ("/v1/forms", [('name="number"', "", b"x")], "number", "INVALID_VALUE"),
            ("/v1/forms", [('name="number"', "", b"1")] * 2, "number", "DUPLICATE_FIELD"),
            ("/v1/forms", [('name="nope"; filename="a"', "", b"1")], "nope", "UNKNOWN_FIELD"),
            ("/v1/streams/ann", [file, ('name="number"', "", b"1")], "number", "INVALID_VALUE"),
            ("/v1/streams/ann", [('name="name"', "", b"1"), file], "name", "UNKNOWN_PARAMETER"),
            ("/v1/streams/ann", [file, file], "file", "DUPLICATE_FIELD"),
            ("/v1/raw", [file, file], "file", "DUPLICATE_FIELD"),
            ("/v1/raw", [('name="text"', "", b"1"), file], "text", "UNKNOWN_FIELD"),
        ]:
            with self.subTest(path=path, parts=parts):
                answer = self.post_form(path, *parts)
                self.assertEqual(answer.status, 400, answer.body)
                self.assertEqual(self.refusal(answer)["details"][0]["metadata"], {field: reason})

    def test_a_form_that_breaks_off_is_refused(self):
        kind, body = form(('name="file"; filename="a"', "", b"data"))
        for path in ["/v1/forms", "/v1/raw:stream"]:
            for cut in [10, len(body) - 10]:
                answer = self.ask("POST", path, body[:cut], {"X-Smartpass": "1", "Content-Type": kind})
                self.assertEqual(answer.status, 400)
        answer = self.ask("POST", "/v1/forms", b"", {"X-Smartpass": "1", "Content-Type": "multipart/form-data"})
        self.assertEqual(answer.status, 400)

    def test_forms_are_bounded(self):
        answer = self.post_form("/v1/forms", ('name="file"; filename="a"', "", bytes(17 << 20)))
        self.assertEqual(answer.status, 413)
        answer = self.post_form("/v1/forms", ('name="name"', "", b"x" * (2 << 20)))
        self.assertEqual(answer.status, 413)
        answer = self.post_form("/v1/forms", *[('name="tags"', "", b"x")] * 100)
        self.assertEqual(answer.status, 400)

    def test_streams_of_messages_take_no_form(self):
        kind, body = form(('name="text"', "", b"x"))
        answer = self.ask("POST", "/v1/talk", body, {"X-Smartpass": "1", "Content-Type": kind})
        self.assertEqual(answer.status, 415)


class Downloads(Case):
    PATHS = ["/v1/streams/200000", "/v1/files/200000", "/v1/fields/200000"]

    def test_what_the_server_says_stands_in_the_head(self):
        for path in self.PATHS:
            with self.subTest(path=path):
                answer = self.ask("GET", path + "?described=true&modified=784111777&fileName=a%20%C3%BC.txt")
                self.assertEqual(answer.status, 200, answer.body[:200])
                self.assertEqual(answer.headers["Content-Length"], "200000")
                self.assertEqual(answer.headers["Content-Type"], "text/plain")
                self.assertEqual(answer.headers["ETag"], '"tag-200000"')
                self.assertEqual(answer.headers["Last-Modified"], "Sun, 06 Nov 1994 08:49:37 GMT")
                self.assertEqual(answer.headers["Accept-Ranges"], "bytes")
                self.assertEqual(answer.headers["Content-Disposition"],
                                 "attachment; filename=\"a __.txt\"; filename*=UTF-8''a%20%C3%BC.txt")
                self.assertEqual(answer.body, pattern(0, 200000))

    def test_a_stream_that_is_not_described_has_no_ranges(self):
        answer = self.ask("GET", "/v1/streams/200000", None, {"Range": "bytes=0-9"})
        self.assertEqual((answer.status, len(answer.body)), (200, 200000))
        self.assertIsNone(answer.headers["Content-Length"])
        self.assertIsNone(answer.headers["ETag"])

    def test_parts_are_the_right_ones(self):
        for path in self.PATHS:
            for asked, first, last in [("0-0", 0, 0), ("65530-65545", 65530, 65545), ("131072-", 131072, 199999),
                                       ("-5", 199995, 199999), ("199999-300000", 199999, 199999)]:
                with self.subTest(path=path, asked=asked):
                    answer = self.ask("GET", path + "?described=true", None, {"Range": "bytes=" + asked})
                    self.assertEqual(answer.status, 206)
                    self.assertEqual(answer.headers["Content-Range"], "bytes %d-%d/200000" % (first, last))
                    self.assertEqual(answer.headers["Content-Length"], str(last - first + 1))
                    self.assertEqual(answer.body, pattern(first, last - first + 1))
            answer = self.ask("GET", path + "?described=true", None, {"Range": "bytes=200000-"})
            self.assertEqual((answer.status, answer.headers["Content-Range"]), (416, "bytes */200000"))
            self.assertEqual(self.refusal(answer)["details"][0]["reason"], "RANGE_BEYOND_END")
            answer = self.ask("GET", path + "?described=true", None, {"Range": "bytes=0-1,5-6"})
            self.assertEqual((answer.status, len(answer.body)), (200, 200000))

    def test_what_the_client_has_is_not_sent_again(self):
        for path in self.PATHS:
            with self.subTest(path=path):
                path += "?described=true&modified=784111777"
                for headers, status in [
                    ({"If-None-Match": '"x", W/"tag-200000"'}, 304),
                    ({"If-None-Match": '"x"'}, 200),
                    ({"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}, 304),
                    ({"If-Modified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"}, 200),
                    ({"Range": "bytes=0-9", "If-Range": '"tag-200000"'}, 206),
                    ({"Range": "bytes=0-9", "If-Range": '"old"'}, 200),
                ]:
                    answer = self.ask("GET", path, None, headers)
                    self.assertEqual(answer.status, status, headers)
                    self.assertEqual(answer.headers["ETag"], '"tag-200000"')
                    if status == 304:
                        self.assertEqual(answer.body, b"")

    def test_head_tells_without_sending(self):
        for path in self.PATHS:
            answer = self.ask("HEAD", path + "?described=true")
            self.assertEqual((answer.status, answer.headers["Content-Length"], answer.body), (200, "200000", b""))
        answer = self.ask("HEAD", "/v1/streams/200000")
        self.assertEqual((answer.status, answer.headers["Content-Length"]), (200, None))

    def test_nobody_sends_on_what_nobody_wants(self):
        size = 500000000
        for headers, method in [({"Range": "bytes=0-9"}, "GET"), ({}, "HEAD"), ({"If-None-Match": "*"}, "GET")]:
            sent = int(self.seen()["sent"])
            answer = self.ask(method, "/v1/streams/%d?described=true" % size, None, headers)
            self.assertIn(answer.status, (200, 206, 304))
            self.assertTrue(wait_for(lambda: self.seen()["active"] == 0, 2))
            self.assertLess(int(self.seen()["sent"]) - sent, 50000000)

    def test_an_empty_body_is_one(self):
        for path in ["/v1/streams/0", "/v1/files/0"]:
            answer = self.ask("GET", path + "?described=true")
            self.assertEqual((answer.status, answer.body, answer.headers["Content-Length"]), (200, b"", "0"))

    def test_a_server_that_says_too_much_or_too_little_is_noticed(self):
        with self.assertRaises(http.client.IncompleteRead):
            self.ask("GET", "/v1/streams/1000?described=true&said=2000")
        answer = self.ask("GET", "/v1/streams/200000?described=true&said=1000")
        self.assertEqual(answer.body, pattern(0, 1000))

    def test_an_old_client_gets_its_body_without_chunks(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as peer:
            peer.sendall(b"GET /v1/streams/100000 HTTP/1.0\r\nHost: localhost\r\n\r\n")
            head, _, body = peer.makefile("rb").read().partition(b"\r\n\r\n")
            self.assertNotIn(b"chunked", head)
            self.assertEqual(body, pattern(0, 100000))


if __name__ == "__main__":
    gateway_case.run()
