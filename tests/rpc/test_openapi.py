"""What the gateway answers is what /openapi.json says, for every operation of it, done and refused."""

import gzip
import hashlib
import http.client
import json
import os
import re
import subprocess
import unittest
import urllib.parse

from jsonschema import Draft202012Validator

from fixture import BIN, METHODS as RPCS, Server, photo, wait_until
from openapi_commands import CommandsStory
from openapi_devices import DevicesStory
from openapi_displays import DisplaysStory
from openapi_document import Document
from openapi_management import ManagementStory
from openapi_packages import PackagesStory
from openapi_people import PeopleStory
from openapi_screens import ScreensStory
from openapi_transfer import TransferStory
from operation_rows import put_operation
from terminal import Terminal, link, record

from google.api import annotations_pb2  # one of the fixture's stubs

JSON = "application/json"


class Gateway:
    """The real one, before the real server."""

    def __init__(self, server):
        ready, theirs = os.pipe()
        self.process = subprocess.Popen(
            [os.path.join(BIN, "smartpass-gateway"), "--gateway-server", "unix:" + server.socket, "--web-listen",
             "127.0.0.1:0", "--ready-fd", str(theirs)], pass_fds=[theirs], stdout=subprocess.DEVNULL)
        os.close(theirs)
        with os.fdopen(ready) as lines:
            self.port = int(re.search(r"port=(\d+)", lines.readline()).group(1))

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer
        finally:
            connection.close()

    def open(self, path, headers, seconds=20):
        """The answer of a stream, to be read line by line."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.connection = connection
        return answer

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)


class OpenApiCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.server.admin()
        cls.gateway = Gateway(cls.server)
        cls.addClassCleanup(cls.gateway.stop)
        cls.document = Document(json.loads(cls.gateway.ask("GET", "/openapi.json").body))


class DocumentTest(OpenApiCase):
    def test_every_route_of_the_contract_appears_and_no_other(self):
        routes = set()
        for name, rpc in RPCS.items():
            rule = rpc.GetOptions().Extensions[annotations_pb2.http]
            for binding in (rule, *rule.additional_bindings):
                kind = binding.WhichOneof("pattern")
                if kind:
                    path = re.sub(r"\{[^}]*\}", "{}", getattr(binding, kind))
                    routes.add((kind.upper(), path, rpc.containing_service.full_name + "/" + rpc.name))
        documented = {(method, re.sub(r"\{[^}]*\}", "{}", path), operation["x-grpc-method"])
                      for method, path, operation in self.document.operations.values()}
        self.assertGreater(len(routes), 15)
        self.assertEqual(documented, routes)

    def test_every_schema_is_one(self):
        for name, schema in self.document.raw["components"]["schemas"].items():
            with self.subTest(name):
                Draft202012Validator.check_schema(schema)

    def test_it_is_sent_compressed_and_not_twice(self):
        plain = self.gateway.ask("GET", "/openapi.json")
        self.assertEqual((plain.status, plain.headers["Content-Type"]), (200, JSON))
        small = self.gateway.ask("GET", "/openapi.json", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(small.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(small.body), plain.body)
        again = self.gateway.ask("GET", "/openapi.json", headers={"If-None-Match": plain.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_the_page_has_a_strict_policy_and_all_its_files(self):
        page = self.gateway.ask("GET", "/docs")
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        policy = page.headers["Content-Security-Policy"]
        self.assertIn("script-src 'self';", policy)
        self.assertNotIn("unsafe", policy)
        wanted = re.findall(r'(?:src|href)="(/docs/[^"]*)"', page.body.decode())
        self.assertGreaterEqual(len(wanted), 5)
        for path in wanted:
            self.assertEqual(self.gateway.ask("GET", path).status, 200, path)
        self.assertEqual(self.gateway.ask("GET", "/docs/").body, page.body)
        self.assertEqual(self.gateway.ask("GET", "/docs/nothing.js").status, 404)


class AnswersTest(CommandsStory, DevicesStory, DisplaysStory, ManagementStory, PackagesStory, PeopleStory, ScreensStory, TransferStory,
                  OpenApiCase):
    """One long story, so that every operation has something to answer with."""

    def setUp(self):
        self.headers = {}
        self.done, self.refused = set(), set()

    def check(self, operation_id, answer, operation):
        """The answer is what the document says; its value when it is JSON."""
        response = self.document.response(operation, answer.status)
        for name in self.document.required_headers(response):
            self.assertIsNotNone(answer.headers[name], name)
        if answer.status == 304:
            return answer.body
        kind = answer.headers["Content-Type"]
        media = self.document.media(response, kind)
        self.assertIsNotNone(media, "%s answers %s" % (operation_id, kind))
        if kind != JSON:
            return answer.body
        value = json.loads(answer.body)
        self.assertEqual(self.document.faults(media["schema"], value), [], "%s %s" % (operation_id, value))
        return value

    def call(self, operation_id, status=200, body=None, raw=None, headers=None, query=None, **path):
        """Calls an operation as its description says; the value of its answer."""
        method, template, operation = self.document.operations[operation_id]
        # "{id}" and "{group.id}" are both given as id.
        url = re.sub(r"\{(?:\w+\.)*(\w+)\}", lambda m: urllib.parse.quote(str(path[m.group(1)]), safe=""), template)
        if query:
            url += "?" + urllib.parse.urlencode(query, doseq=True)
        sent = {**self.headers, **({} if method == "GET" else {"X-Smartpass": "1"}), **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", JSON)
            raw = json.dumps(body)
            if status == 200:  # what is taken is what the document lets through
                schema = operation["requestBody"]["content"][JSON]["schema"]
                self.assertEqual(self.document.faults(schema, body), [], operation_id)
        answer = self.gateway.ask(method, url, raw, sent)
        self.assertEqual(answer.status, status, "%s: %s" % (operation_id, answer.body[:500]))
        value = self.check(operation_id, answer, operation)
        (self.done if status < 400 else self.refused).add(operation_id)
        if answer.headers["Set-Cookie"]:
            self.headers = {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}
        return value

    def refuse(self, operation_id, status, reason=None, **arguments):
        error = self.call(operation_id, status, **arguments)["error"]
        self.assertEqual(error["code"], status)
        if reason:
            self.assertIn(reason, [detail.get("reason") for detail in error["details"]], error)
        return error

    def watch(self, accept):
        """The event stream for somebody who comes back too late."""
        _, path, _ = self.document.operations["ConsoleService_WatchEvents"]
        answer = self.gateway.open(path, {**self.headers, "Accept": accept, "Last-Event-ID": "long ago"})
        self.addCleanup(answer.connection.close)
        return answer

    def next_message(self, stream, begins):
        """The next message of the event stream, by its description."""
        _, _, operation = self.document.operations["ConsoleService_WatchEvents"]
        media = self.document.media(self.document.response(operation, stream.status), stream.headers["Content-Type"])
        line = next(line for line in stream if line.startswith(begins))
        value = json.loads(line[len(begins):])
        self.assertEqual(self.document.faults(media["x-itemSchema"], value), [], value)
        self.done.add("ConsoleService_WatchEvents")
        return value

    # ---- The story

    def sign_in(self):
        login = "SessionService_Login"
        self.refuse("SessionService_GetSession", 401, "SESSION_MISSING")
        self.refuse(login, 403, "CSRF", body={}, headers={"X-Smartpass": "0"})
        self.refuse(login, 401, "BAD_CREDENTIALS", body={"username": "admin", "password": "wrong password"})
        self.refuse(login, 400, body={"username": "admin"})
        self.refuse(login, 400, body={"username": 7})
        self.refuse(login, 415, body={}, headers={"Content-Type": "text/plain"})
        for operation_id, (method, _, operation) in self.document.operations.items():
            if operation["x-caller"] != "anyone" and operation_id != "SessionService_GetSession":
                parameters = {p["name"].split(".")[-1]: "1" for p in operation["parameters"] if p["in"] == "path"}
                raw = b"" if method == "GET" else b"{}"
                self.refuse(operation_id, 401, "SESSION_MISSING", raw=raw, **parameters)
        self.call(login, body={"username": "admin", "password": Server.PASSWORD})
        self.assertTrue(self.call("SessionService_GetSession")["superAdmin"])

    def people(self):
        create, get = "PeopleService_CreateEmployee", "PeopleService_GetEmployee"
        self.refuse("PeopleService_UploadPhoto", 400, "NOT_AN_IMAGE", raw=b"hello",
                    headers={"Content-Type": "image/jpeg"})
        made = self.call("PeopleService_UploadPhoto", raw=photo("person-01.jpg"),
                         headers={"Content-Type": "image/jpeg"})
        form = (b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
                b"Content-Type: image/jpeg\r\n\r\n" + photo("person-02.jpg") + b"\r\n--edge--\r\n")
        self.call("PeopleService_UploadPhoto", raw=form,
                  headers={"Content-Type": "multipart/form-data; boundary=edge"})
        self.call("PeopleService_DownloadPhoto", id=made["id"])
        self.call("PeopleService_DownloadPhoto", id=made["id"], query={"thumbnail": "true"})
        self.refuse("PeopleService_DownloadPhoto", 404, id=7)
        part = self.call("PeopleService_DownloadPhoto", 206, headers={"Range": "bytes=0-9"}, id=made["id"])
        self.assertEqual(len(part), 10)
        self.refuse("PeopleService_DownloadPhoto", 416, headers={"Range": "bytes=9999999-"}, id=made["id"])
        self.call("PeopleService_DownloadPhoto", 304, headers={"If-None-Match": "*"}, id=made["id"])
        self.refuse(create, 400, body={"number": "", "name": ""})
        self.refuse(create, 400, body={"nmae": "Ann"})
        self.refuse(create, 400, raw=b"{", headers={"Content-Type": JSON})
        self.refuse(create, 400, body={"number": "1", "name": "x" * 97})
        employee = self.call(create, body={"number": "007", "name": "Zoë 王", "photoId": made["id"]})
        self.assertEqual(self.call(get, id=employee["id"]), employee)
        self.refuse(get, 404, id=7)
        self.refuse(get, 400, id="seven")
        # What was answered may be sent back as it is.
        employee["phone"] = "+86 1"
        self.assertEqual(self.call("PeopleService_UpdateEmployee", body=employee, id=employee["id"])["phone"], "+86 1")
        found = self.call("PeopleService_ListEmployees", query={"pageSize": 1, "query": "zoë"})
        self.assertEqual(found["totalSize"], 1)
        self.refuse("PeopleService_ListEmployees", 400, "UNKNOWN_PARAMETER", query={"page": 1})
        return employee["id"]

    def terminals(self, person):
        terminal = Terminal(self.server, "openapi", "admin", Server.PASSWORD, name="Gate")
        stream = terminal.online()
        self.addCleanup(stream.close)
        device = str(terminal.id)
        events, lines = self.watch("text/event-stream"), self.watch("application/x-ndjson")
        self.assertIn("resync", self.next_message(events, b"data: "))
        self.assertIn("resync", self.next_message(lines, b"")["result"])
        grants = {"personIds": [person], "deviceIds": [device], "validUntil": "2100-01-01T00:00:00Z"}
        self.assertEqual(self.call("PassService_BatchCreateGrants", body=grants)["count"], 1)
        self.refuse("PassService_BatchCreateGrants", 400, body={"personIds": [], "deviceIds": ["1"] * 201})
        self.assertEqual(len(self.call("PassService_ListGrants", query={"personId": person})["grants"]), 1)
        picture = photo("person-02.jpg")
        stream.send_records(record(1, person_id=int(person), kind=1),
                            record(2, snapshot_sha256=hashlib.sha256(picture).digest(), snapshot_size=len(picture)))
        stream.acked(2)
        passes = self.call("PassService_ListPasses", query={"from": "2020-01-01T00:00:00Z"})["passes"]
        self.assertEqual(len(passes), 2)
        stream.send_picture(2, picture)
        stranger = next(p["id"] for p in passes if p["personId"] == "0")
        self.refuse("PassService_DownloadSnapshot", 404, id=7)
        self.assertEqual(self.call("PassService_DownloadSnapshot", id=stranger), picture)
        for kind in ("pass", "snapshot"):
            while kind not in self.next_message(events, b"data: "):
                pass
            while kind not in self.next_message(lines, b"")["result"]:
                pass
        self.assertEqual(len(self.call("DevicesService_ListDevices")["devices"]), 1)
        settings = self.call("DevicesService_GetDevice", id=device)["settings"]
        settings["relaySeconds"] = 7
        changed = self.call("DevicesService_UpdateDeviceSettings", body=settings, id=device,
                            query={"updateMask": "relaySeconds"})
        self.assertEqual(changed["relaySeconds"], 7)
        self.refuse("DevicesService_UpdateDeviceSettings", 400, body=settings, id=device)
        view = self.call("SettingsService_UpdateSettings", body={
            "deviceIds": [device], "settings": {"volume": 9, "silent": True}, "updateMask": "volume,silent"})
        self.assertEqual((view["settings"]["volume"], view["settings"]["relaySeconds"], view["deviceCount"]), (9, 7, 1))
        self.refuse("SettingsService_UpdateSettings", 400, body={"deviceIds": [device], "settings": {}})
        self.assertEqual(self.call("SettingsService_GetSettings", query={"deviceIds": device}), view)
        self.refuse("SettingsService_GetSettings", 400)
        group = self.call("OrgService_ListGroups")["groups"][0]["id"]
        self.call("DevicesService_UpdateDevice", body={"name": "Main gate", "groupId": group}, id=device)
        self.refuse("DevicesService_DeleteDevice", 400, id=device)
        key = {"personId": person, "deviceId": device}
        self.assertEqual(self.call("PassService_BatchRevokeGrants", body={"grants": [key]})["count"], 1)
        return stream, device

    def register_from_device(self, stream, device):
        create, get = "CaptureService_CreateCapture", "CaptureService_GetCapture"
        cancel = "CaptureService_CancelCapture"
        given_up = self.call(create, body={"deviceId": device})["id"]
        self.refuse(create, 400, "DEVICE_BUSY", body={"deviceId": device})
        self.assertEqual(self.call(cancel, body={}, id=given_up)["state"], "CAPTURE_STATE_CANCELLED")
        self.refuse(cancel, 404, "CAPTURE_NOT_FOUND", body={}, id=7)
        taken = self.call(create, body={"deviceId": device})["id"]
        while stream.read("capture").id != int(taken):
            pass
        stream.send_photo(int(taken), photo("person-03.jpg"))
        self.assertGreater(self.call(get, id=taken)["photo"]["width"], 0)
        self.refuse(get, 404, "CAPTURE_NOT_FOUND", id=7)

    def monitoring(self, stream, device):
        stream.send(log=link.LogBatch(store_epoch=1, lines=[
            link.LogLine(number=1, at_ms=1700000000000, level=2, event="DOOR_OPENED", detail="by hand")]))
        stream.read("log_ack")
        self.server.sql("INSERT INTO alarm SELECT enterprise_id, 7, now(), 'RECORD_GAP', id, 'records 7 to 9', now() FROM device"
                        " WHERE id = %s" % device)
        alarm, = self.call("MonitorService_ListAlarms", query={"kind": "ALARM_KIND_RECORD_GAP"})["alarms"]
        self.assertEqual((alarm["id"], alarm["deviceId"], alarm["detail"]), ("7", device, "records 7 to 9"))
        self.refuse("MonitorService_ListAlarms", 400, query={"skip": -1})
        acknowledge = "MonitorService_AcknowledgeAlarms"
        self.assertEqual(self.call(acknowledge, body={"ids": ["7"]})["acknowledgedCount"], 1)
        self.refuse(acknowledge, 400, body={"ids": [str(i) for i in range(1001)]})
        self.assertEqual(self.call("MonitorService_GetFleetHealth")["onlineCount"], 1)
        self.refuse("MonitorService_GetFleetHealth", 404, "GROUP_NOT_FOUND", query={"groupId": 7})
        line, = self.call("MonitorService_ListDeviceLog", deviceId=device)["lines"]
        self.assertEqual((line["event"], line["level"]), ("DOOR_OPENED", "LOG_LEVEL_WARNING"))
        self.refuse("MonitorService_ListDeviceLog", 404, "DEVICE_NOT_FOUND", deviceId=7)

    def test_every_operation_answers_as_described(self):
        self.sign_in()
        person = self.people()
        visitor, entry = self.visitors(person), self.blacklist()
        stream, device = self.terminals(person)
        self.register_from_device(stream, device)
        self.live_screen(stream, device)
        self.displays(device, person)
        self.commands(device)
        self.packages(device)
        self.trust_in_devices()
        self.monitoring(stream, device)
        self.transfers()
        self.enterprises()
        self.users(self.groups())
        self.account()
        self.sign_in_elsewhere()
        self.operations()
        self.assertGreaterEqual(len(self.call("ConsoleService_GetSummary")["hours"]), 24)
        self.audit_log()
        self.erasures(person, visitor, entry)
        self.end(stream, device)
        everything = set(self.document.operations)
        self.assertEqual(everything - self.done, set(), "never done")
        self.assertEqual(everything - self.refused, set(), "never refused")

    def operations(self):
        get, cancel = "OperationsService_GetOperation", "OperationsService_CancelOperation"
        dismiss = "OperationsService_DeleteOperation"
        waiting, failed = (put_operation(self.server, "admin", state=state) for state in ("queued", "failed"))
        self.assertEqual(self.call(get, id=failed)["error"]["reason"], "INTERRUPTED")
        self.refuse(get, 404, "OPERATION_NOT_FOUND", id=7)
        found = self.call("OperationsService_ListOperations", query={"state": "OPERATION_STATE_FAILED"})
        self.assertEqual([one["id"] for one in found["operations"]], [str(failed)])
        self.refuse("OperationsService_ListOperations", 400, query={"pageSize": 101})
        self.refuse(dismiss, 400, "OPERATION_NOT_ENDED", id=waiting)
        self.assertTrue(self.call(cancel, body={}, id=waiting)["done"])
        self.refuse(cancel, 404, body={}, id=7)
        self.call(dismiss, id=waiting)

    def audit_log(self):
        page = self.call("AuditService_ListAuditRows", query={"pageSize": 1, "query": "update employee"})
        row = self.call("AuditService_GetAuditRow", id=page["rows"][0]["id"])
        self.assertEqual(json.loads(row["after"])["phone"], "+86 1")
        self.refuse("AuditService_GetAuditRow", 404, "AUDIT_ROW_NOT_FOUND", id=7)
        self.assertIn("update employee", self.call("AuditService_ExportAuditRows").decode())
        self.assertIn(self.call("AuditService_VerifyAudit").get("firstBadSeal", "0"), ("0", 0))
        self.refuse("AuditService_VerifyAudit", 400, query={"anchorHead": "no head", "anchorSeal": 1})

    def end(self, stream, device):
        stream.close()
        wait_until(lambda: self.call("DevicesService_GetDevice", id=device)["state"] == "DEVICE_STATE_OFFLINE")
        self.call("DevicesService_DeleteDevice", id=device)
        error = self.refuse("SessionService_ChangePassword", 400,
                            body={"oldPassword": Server.PASSWORD, "newPassword": "short"})
        self.assertIn("PASSWORD_TOO_SHORT", json.dumps(error))
        self.call("SessionService_ChangePassword",
                  body={"oldPassword": Server.PASSWORD, "newPassword": "another horse battery"})
        self.call("SessionService_Logout", body={})
