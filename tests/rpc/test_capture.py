"""Register from device: a real terminal takes photos for a form, with the real worker looking at them; and a terminal of
another make that does not keep to the rules."""

import hashlib
import os
import subprocess
import sys
import time
import unittest

from fixture import BIN, MODULES, PHOTOS, Refused, Server, photo, wait_until
from terminal import PART, Terminal, link

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from agent_process import Agent  # noqa: E402

capture = MODULES["capture"]
TAKE, DONE, CANCEL = link.CAPTURE_STEP_TAKE, link.CAPTURE_STEP_DONE, link.CAPTURE_STEP_CANCEL
SHOWING = link.CAPTURE_EVENT_SHOWING


def name(state):
    return capture.CaptureState.Name(state)[len("CAPTURE_STATE_"):]


class CaptureCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.numbers = iter(range(1, 999))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def create(self, device, client=None):
        return (client or self.admin).call("CaptureService.CreateCapture", device_id=device)

    def get(self, number, client=None):
        return (client or self.admin).call("CaptureService.GetCapture", id=number)

    def state(self, number):
        shown = self.get(number)
        return name(shown.state), shown.reason

    def wait(self, number, state, reason="", seconds=30):
        wait_until(lambda: self.state(number) == (state, reason), seconds)
        return self.get(number)

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception


class RealTerminalTest(CaptureCase):
    """The agent. Its simulated engine takes any picture for a face, so it is the server's look that refuses."""

    def setUp(self):
        self.folder = os.path.join(self.server.folder, "agent-%d" % next(self.numbers))
        done = subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server",
                               "localhost:%d" % self.server.port, "--username", "admin", "--serial",
                               os.path.basename(self.folder), "--name", "Gate", "--data", self.folder],
                              input=Server.PASSWORD, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.agent = Agent(os.path.join(BIN, "smartpass-agent"), self.folder)
        self.addCleanup(self.agent.close)

    def start(self, *options):
        self.agent.options = options
        self.agent.start()
        status = self.agent.wait(lambda status: status["link"] == "online")
        self.device = int(status["deviceId"])

    def see(self, file):
        return self.agent.see(os.path.join(PHOTOS, file))

    def screen(self):
        return self.agent.status()["screen"]

    def shown(self):
        """A photo that the terminal was told to take, once its screen says so."""
        number = self.create(self.device).id
        self.wait(number, "SHOWING")
        self.assertTrue(self.screen().startswith("[photo]"), self.screen())
        return number

    def employ(self, **fields):
        return self.admin.call("PeopleService.CreateEmployee",
                               employee=dict(number="n%d" % next(self.numbers), name="Ann", **fields))

    def test_the_photo_comes_back_into_the_form_and_is_claimed_by_who_is_saved(self):
        self.start()
        asked = self.create(self.device)
        self.assertEqual((name(asked.state), asked.device_id, asked.device_name), ("SENT", self.device, "Gate"))
        self.assertTrue(50 < asked.expire_time.seconds - time.time() < 61)
        self.wait(asked.id, "SHOWING")
        self.assertEqual(self.see("person-01.jpg")["reason"], "PHOTO_SCREEN")
        taken = self.wait(asked.id, "DONE").photo
        self.assertGreater(taken.id, 0)
        self.assertGreater(taken.width, 0)
        self.agent.wait(lambda status: "thank you" in status["screen"])
        kind, thumbnail = self.admin.download("PeopleService.DownloadPhoto", id=taken.id, thumbnail=True)
        self.assertEqual((kind, thumbnail[:3]), ("image/jpeg", b"\xff\xd8\xff"))
        made = self.employ(photo_id=taken.id)
        self.assertEqual(made.photo_id, taken.id)
        self.assertFalse(self.get(asked.id).HasField("photo"))  # claimed: the form has it
        self.agent.wait(lambda status: status["screen"].startswith("[home]"))
        self.see("person-02.jpg")  # and people pass again
        self.assertEqual(self.agent.status()["lastSeq"], 1)

    def test_whose_face_it_is_already_is_said(self):
        self.start()
        first = self.employ(photo_id=self.admin.upload(photo("person-06.jpg")).id)
        number = self.shown()
        self.see("person-06-visit.jpg")
        self.wait(number, "DONE")
        self.assertEqual([(one.person_id, one.name) for one in self.get(number).photo.duplicates], [(first.id, "Ann")])
        number = self.shown()
        self.see("person-07.jpg")
        self.assertEqual(list(self.wait(number, "DONE").photo.duplicates), [])

    def test_a_refused_photo_says_why_and_another_one_is_taken(self):
        self.start()
        number = self.shown()
        self.see("nobody.jpg")
        self.wait(number, "SHOWING", "NO_FACE")
        self.agent.wait(lambda status: "No face found" in status["screen"])
        self.see("two-faces.jpg")
        self.wait(number, "SHOWING", "SEVERAL_FACES")
        self.see("person-03.jpg")
        self.assertTrue(self.wait(number, "DONE").HasField("photo"))

    def test_while_the_photo_screen_is_shown_nobody_passes(self):
        self.start()
        self.admin.call("DevicesService.UpdateDeviceSettings", id=self.device, settings=dict(
            relay_seconds=1, stranger_mode=True), update_mask=dict(paths=["temperature_detection", "relay_seconds", "stranger_mode"]))
        self.agent.wait(lambda status: status["settings"]["strangerMode"])
        self.assertEqual(self.see("person-01.jpg")["result"], "ALLOWED")
        number = self.shown()
        before = self.agent.status()
        self.assertEqual(self.see("nobody.jpg")["result"], "NONE")
        self.see("person-01.jpg")
        self.wait(number, "SHOWING", "NO_FACE")
        self.assertEqual(self.see("person-01.jpg")["result"], "NONE")
        self.wait(number, "DONE")
        self.assertEqual(self.agent.status()["relayCount"], before["relayCount"])
        self.assertEqual(self.agent.status()["lastSeq"], before["lastSeq"])
        self.assertEqual(self.see("person-01.jpg")["result"], "ALLOWED")

    def test_a_terminal_with_the_engine_looks_itself_and_sends_only_what_has_a_face(self):
        self.folder_of_pictures = os.path.join(self.folder, "camera")
        os.mkdir(self.folder_of_pictures)
        for i, file in enumerate(("nobody.jpg", "two-faces.jpg", "person-04.jpg")):
            os.symlink(os.path.join(os.path.abspath(PHOTOS), file), os.path.join(self.folder_of_pictures, "%d.jpg" % i))
        self.start("--engine", "native", "--weights", os.path.join(PHOTOS, "..", "face.weights"),
                   "--camera", self.folder_of_pictures)
        number = self.create(self.device).id
        seen = []
        wait_until(lambda: seen.append(self.state(number)) or seen[-1][0] == "DONE")
        self.assertEqual({reason for _, reason in seen}, {""})

    def test_cancelling_takes_the_photo_screen_away(self):
        self.start()
        number = self.shown()
        cancelled = self.admin.call("CaptureService.CancelCapture", id=number)
        self.assertEqual(name(cancelled.state), "CANCELLED")
        self.agent.wait(lambda status: status["screen"].startswith("[home]"))
        again = self.admin.call("CaptureService.CancelCapture", id=number)
        self.assertEqual(again, cancelled)
        self.shown()  # the next one may come at once

    def test_whoever_stands_at_the_terminal_may_leave(self):
        self.start()
        number = self.shown()
        self.agent.ask("leave")
        self.wait(number, "CANCELLED", "AT_DEVICE")
        self.assertTrue(self.screen().startswith("[home]"))

    def test_a_camera_that_gives_no_picture_is_said_to_have_failed(self):
        self.start()
        number = self.shown()
        self.wait(number, "FAILED", "CAMERA_FAILED", 40)
        self.assertTrue(self.screen().startswith("[home]"))

    def test_a_cable_that_is_pulled_ends_it(self):
        self.start()
        number = self.shown()
        self.agent.ask("cut on")
        self.assertTrue(self.screen().startswith("[home]"))
        wait_until(lambda: self.state(number) == ("FAILED", "DEVICE_LEFT"), 60)
        self.assertEqual(self.refused(self.create, self.device).reason, "DEVICE_OFFLINE")
        self.agent.ask("cut off")
        self.agent.wait(lambda status: status["link"] == "online")
        self.shown()

    def test_its_records_come_first(self):
        self.start()
        self.agent.ask("cut on")
        for _ in range(3):
            self.see("person-01.jpg")
        self.agent.ask("cut off")
        self.agent.wait(lambda status: status["link"] == "online")
        number = self.shown()
        self.see("person-05.jpg")
        self.wait(number, "DONE")
        self.assertEqual(self.agent.status()["unsentRecords"], 0)


class ForeignTerminalTest(CaptureCase):
    """A terminal that speaks through Python, and does what ours never would."""

    def setUp(self):
        self.terminal = Terminal(self.server, "foreign-%d" % next(self.numbers), "admin", Server.PASSWORD, name="Gate")
        self.stream = self.terminal.online()
        self.addCleanup(lambda: self.stream.close())

    def ordered(self):
        number = self.create(self.terminal.id).id
        order = self.stream.read("capture")
        self.assertEqual((order.id, order.step, order.again_reason), (number, TAKE, ""))
        self.assertTrue(50000 < order.time_left_ms <= 60000, order.time_left_ms)
        return number

    def report(self, number, event, reason=""):
        self.stream.send(capture=link.CaptureReport(id=number, event=event, reason=reason))

    def part(self, number, picture, offset, sha256=None, total=None, data=None):
        self.stream.send(capture_chunk=link.CaptureChunk(
            id=number, sha256=hashlib.sha256(picture).digest() if sha256 is None else sha256, offset=offset,
            total=len(picture) if total is None else total, data=picture[offset:offset + PART] if data is None else data))

    def send(self, number, picture, **fields):
        for offset in range(0, len(picture), PART):
            self.part(number, picture, offset, **fields)

    def again(self, number, reason):
        order = self.stream.read("capture")
        self.assertEqual((order.id, order.step, order.again_reason), (number, TAKE, reason))
        self.assertEqual(self.state(number), ("SHOWING", reason))

    def settled(self):
        """Everything that was sent has been dealt with: the lane works in order, and answers this."""
        self.stream.send(photo_request=link.PhotoRequest(person_id=1))
        self.stream.read("photo")

    def photos(self):
        return int(self.server.sql("SELECT count(*) FROM photo")[0][0])

    # ---- The way it should be

    def test_the_states_follow_each_other(self):
        number = self.ordered()
        self.assertEqual(self.state(number), ("SENT", ""))
        self.report(number, SHOWING)
        self.wait(number, "SHOWING")
        picture = photo("person-02.jpg")
        self.part(number, picture, 0)
        self.wait(number, "CHECKING")
        for offset in range(PART, len(picture), PART):
            self.part(number, picture, offset)
        order = self.stream.read("capture")
        self.assertEqual((order.id, order.step), (number, DONE))
        self.assertEqual(self.state(number), ("DONE", ""))

    def test_what_ended_stays_as_it_is(self):
        number = self.ordered()
        self.send(number, photo("person-02.jpg"))
        self.wait(number, "DONE")
        self.report(number, link.CAPTURE_EVENT_FAILED, "CAMERA_FAILED")
        self.send(number, photo("person-03.jpg"))
        self.settled()
        self.assertEqual(name(self.admin.call("CaptureService.CancelCapture", id=number).state), "DONE")

    # ---- Who may

    def test_a_terminal_takes_one_at_a_time(self):
        number = self.ordered()
        refused = self.refused(self.create, self.terminal.id)
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "DEVICE_BUSY"))
        self.admin.call("CaptureService.CancelCapture", id=number)
        self.assertEqual(self.stream.read("capture").step, CANCEL)
        self.ordered()

    def test_two_who_ask_at_once_do_not_both_get_it(self):
        from concurrent.futures import ThreadPoolExecutor

        def attempt(_):
            try:
                return self.create(self.terminal.id).id
            except Refused as refused:
                return refused.reason
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(attempt, range(8)))
        self.assertEqual(outcomes.count("DEVICE_BUSY"), 7, outcomes)

    def test_only_an_online_terminal_is_asked_and_nothing_is_kept_for_later(self):
        self.stream.half_close()
        self.stream.end()
        wait_until(lambda: self.admin.call("DevicesService.GetDevice", id=self.terminal.id).state == 2)
        refused = self.refused(self.create, self.terminal.id)
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "DEVICE_OFFLINE"))
        self.stream = self.terminal.online()
        self.settled()
        self.assertNotIn("capture", self.stream.kept())

    def test_a_terminal_that_nobody_knows_is_a_fault_of_the_field(self):
        self.assertEqual(self.refused(self.create, 4711).fields, {"device_id": "DEVICE_UNKNOWN"})

    def test_anothers_capture_is_not_there(self):
        number = self.ordered()
        other = self.server.public()
        made = self.admin.call("UsersService.CreateUser", user=dict(
            username="other%d" % next(self.numbers), display_name="Other", group_administrator=True),
            password="first " + Server.PASSWORD).user
        token = other.call("SessionService.Login", username=made.username, password="first " + Server.PASSWORD).token
        other = other.with_token(token)
        other.call("SessionService.ChangePassword", old_password="first " + Server.PASSWORD,
                   new_password=Server.PASSWORD)
        for method in ("GetCapture", "CancelCapture"):
            refused = self.refused(other.call, "CaptureService." + method, id=number)
            self.assertEqual((refused.code, refused.reason), ("NOT_FOUND", "CAPTURE_NOT_FOUND"))
        self.send(number, photo("person-02.jpg"))
        taken = self.wait(number, "DONE").photo
        refused = self.refused(other.call, "PeopleService.CreateEmployee",
                               employee=dict(number="stolen", name="Eve", photo_id=taken.id))
        self.assertEqual(refused.fields, {"employee.photo_id": "PHOTO_UNKNOWN"})

    def test_asking_and_cancelling_are_in_the_log(self):
        number = self.ordered()
        self.admin.call("CaptureService.CancelCapture", id=number)
        actions = self.server.sql("SELECT action, object FROM audit_row ORDER BY id DESC LIMIT 2")
        self.assertEqual(actions, [["cancel registration", "device Gate"], ["register from device", "device Gate"]])

    # ---- The end

    def test_it_is_over_when_its_time_is_over_whoever_looks(self):
        number = self.ordered()
        self.server.sql("UPDATE capture SET expires_at = now() WHERE id = %d" % number)
        self.assertEqual(self.state(number), ("FAILED", "TIMED_OUT"))
        self.assertEqual(self.stream.read("capture").step, CANCEL)
        self.send(number, photo("person-02.jpg"))
        self.settled()
        self.assertEqual(self.state(number), ("FAILED", "TIMED_OUT"))

    def test_one_that_is_over_does_not_keep_the_terminal_busy(self):
        first = self.ordered()
        self.server.sql("UPDATE capture SET expires_at = now() WHERE id = %d" % first)
        second = self.create(self.terminal.id).id
        orders = [self.stream.read("capture"), self.stream.read("capture")]
        self.assertEqual([(order.id, order.step) for order in orders], [(first, CANCEL), (second, TAKE)])
        self.assertEqual(self.state(first), ("FAILED", "TIMED_OUT"))

    def test_a_photo_that_comes_too_late_is_not_kept(self):
        number = self.ordered()
        picture, before = photo("person-02.jpg"), self.photos()
        self.part(number, picture, 0)
        self.wait(number, "CHECKING")
        self.admin.call("CaptureService.CancelCapture", id=number)
        for offset in range(PART, len(picture), PART):
            self.part(number, picture, offset)
        self.assertEqual(self.stream.read("capture").step, CANCEL)
        self.settled()
        self.assertEqual((self.state(number)[0], self.photos()), ("CANCELLED", before))

    def test_a_link_that_is_cut_midway_ends_it(self):
        number = self.ordered()
        self.part(number, photo("person-02.jpg"), 0)
        self.wait(number, "CHECKING")
        self.stream.close()
        self.wait(number, "FAILED", "DEVICE_LEFT")

    def test_another_stream_does_not_go_on_with_it(self):
        number = self.ordered()
        picture = photo("person-02.jpg")
        self.part(number, picture, 0)
        self.wait(number, "CHECKING")
        former, self.stream = self.stream, self.terminal.online()
        self.wait(number, "FAILED", "DEVICE_LEFT")
        for offset in range(PART, len(picture), PART):
            self.part(number, picture, offset)
        self.settled()
        self.assertNotIn("capture", self.stream.kept())
        former.close()

    # ---- Against the rules

    def test_a_photo_that_nobody_asked_for_is_dropped(self):
        before = self.photos()
        for number in (0, 4711, -1):
            self.send(number, photo("person-02.jpg"))
            self.report(number, SHOWING)
        self.settled()
        self.assertEqual(self.photos(), before)
        self.assertNotIn("capture", self.stream.kept())

    def test_nobody_answers_for_another_terminal(self):
        number = self.ordered()
        victim, before = self.stream, self.photos()
        self.stream = Terminal(self.server, "thief-%d" % next(self.numbers), "admin", Server.PASSWORD).online()
        self.addCleanup(victim.close)
        self.send(number, photo("person-02.jpg"))
        self.report(number, link.CAPTURE_EVENT_FAILED, "CAMERA_FAILED")
        self.settled()
        self.assertEqual((self.state(number), self.photos()), (("SENT", ""), before))

    def test_parts_that_do_not_fit_together_are_asked_for_again(self):
        number = self.ordered()
        picture = photo("person-02.jpg")
        self.part(number, picture, 0)
        self.part(number, picture, 2 * PART)
        self.again(number, "DAMAGED")
        self.send(number, picture, sha256=b"\1" * 32)
        self.again(number, "DAMAGED")
        self.part(number, picture, 0, sha256=b"short")
        self.again(number, "DAMAGED")
        self.part(number, picture, 0, total=10)
        self.again(number, "DAMAGED")
        self.part(number, picture, 0, total=512001)
        self.again(number, "TOO_LARGE")
        self.part(number, picture, 0, data=b"")
        self.again(number, "DAMAGED")
        self.part(number, picture, 2 ** 32 - 1)  # the rest of nothing
        self.send(number, b"\xff\xd8\xff" + b"\0" * 100000)
        self.again(number, "NOT_AN_IMAGE")
        self.send(number, picture)
        self.wait(number, "DONE")

    def test_reasons_of_a_terminal_are_words_and_nothing_else(self):
        for said, shown in (("CAMERA_FAILED", "CAMERA_FAILED"), ("LENS_7", "LENS_7"), ("", "CAMERA_FAILED"),
                            ("<b>hello</b>", "CAMERA_FAILED")):
            number = self.ordered()
            self.report(number, link.CAPTURE_EVENT_FAILED, said)
            self.wait(number, "FAILED", shown)

    def test_events_and_steps_of_a_newer_contract_do_no_harm(self):
        number = self.ordered()
        self.report(number, 77)
        self.report(number, link.CAPTURE_EVENT_UNSPECIFIED)
        self.settled()
        self.assertEqual(self.state(number), ("SENT", ""))


class RestartTest(CaptureCase):
    def test_a_server_that_dies_leaves_nothing_open(self):
        terminal = Terminal(self.server, "restart", "admin", Server.PASSWORD, name="Gate")
        stream = terminal.online()
        number = self.create(terminal.id).id
        stream.read("capture")
        stream.send(capture=link.CaptureReport(id=number, event=SHOWING))
        self.wait(number, "SHOWING")
        self.server.kill()
        self.server.start()
        type(self).admin = self.server.admin()
        self.assertEqual(self.state(number), ("SHOWING", ""))
        stream = terminal.online()
        self.wait(number, "FAILED", "DEVICE_LEFT")
        # Nobody holds the terminal's stream any more, and time passes.
        second = self.create(terminal.id).id
        stream.read("capture")
        self.server.kill()
        self.server.environment = {"SMARTPASS_CLOCK_SHIFT_MS": "61000"}
        self.server.start()
        type(self).admin = self.server.admin()
        self.assertEqual(self.state(second), ("FAILED", "TIMED_OUT"))


if __name__ == "__main__":
    unittest.main()
