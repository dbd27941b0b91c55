"""The live screen: who may look at what a terminal shows, for how long, and that nothing is sent or kept for nobody."""

import os
import queue
import shutil
import signal
import time

from device_case import DeviceCase
from fixture import Refused, Server, photo, wait_until
from terminal import PART, link

LOOK = 10  # seconds that a look lasts
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x03\x20\x01\xe0\x01\x01\x11\x00\xff\xda\x00\x02%s\xff\xd9"


def picture(text, size=0):
    """What looks like a JPEG of 480 by 800 from outside."""
    return JPEG % text.encode().ljust(size, b".")


class ScreenCase(DeviceCase):
    approval = False

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 0, code

    def setUp(self):
        super().setUp()
        self.gate = self.terminal()
        self.stream = self.online(self.gate)
        self.frame = 0

    def tearDown(self):
        super().tearDown()
        self.server.sql("DELETE FROM screen_watch")

    def watch(self, client=None, gate=None):
        return (client or self.admin).call("ScreensService.WatchScreen", device_id=(gate or self.gate).id)

    def get(self, after=0, client=None):
        return (client or self.admin).call("ScreensService.GetScreen", device_id=self.gate.id, after=after)

    def leave_screen(self, client=None):
        (client or self.admin).call("ScreensService.LeaveScreen", device_id=self.gate.id)

    def ordered(self, stream=None, seconds=20):
        """The next order that wants something."""
        while True:
            order = (stream or self.stream).read("screen", seconds)
            if order.wanted_ms > 0:
                return order

    def stopped(self, seconds=20):
        while self.stream.read("screen", seconds).wanted_ms > 0:
            pass

    def send(self, data, stream=None, frame=None, total=None):
        time.sleep(0.35)  # no faster than the server listens
        self.frame = frame or self.frame + 1
        for offset in range(0, len(data), PART):
            (stream or self.stream).send(screen=link.ScreenChunk(
                frame=self.frame, offset=offset, total=total or len(data), data=data[offset:offset + PART]))

    def unchanged(self):
        self.stream.send(screen=link.ScreenChunk(frame=self.frame))

    def shown(self, data, client=None):
        """Waits until this picture is what is shown; how it is shown."""
        return wait_until(lambda: (lambda screen: screen if screen.picture == data else None)(self.get(client=client)))

    def settled(self):
        """Everything that was sent has been dealt with: the lane works in order, and answers this."""
        self.stream.send(photo_request=link.PhotoRequest(person_id=1))
        self.stream.read("photo")

    def frames(self):
        return int(self.server.sql("SELECT count(*) FROM screen_frame WHERE device_id = %d" % self.gate.id)[0][0])

    def refusal(self, what, *arguments, **fields):
        refused = self.refused(what, *arguments, **fields)
        return refused.code, refused.reason


class LookingTest(ScreenCase):
    def test_the_picture_comes_to_whoever_looks(self):
        first = self.watch()
        self.assertEqual((first.device_id, first.online, first.frame, first.picture), (self.gate.id, True, 0, b""))
        self.assertFalse(first.HasField("show_time"))
        order = self.ordered()
        self.assertTrue(8000 < order.wanted_ms <= 10000, order)
        self.assertEqual(order.interval_ms, 1000)
        self.send(picture("hello", 40000))
        shown = self.shown(picture("hello", 40000))
        self.assertGreater(shown.frame, 0)
        self.assertLess(abs(shown.show_time.seconds - time.time()), 5)
        self.send(picture("bye"))
        again = self.shown(picture("bye"))
        self.assertNotEqual(again.frame, shown.frame)

    def test_the_picture_that_the_caller_has_is_not_sent_again(self):
        self.watch()
        self.ordered()
        self.send(picture("hello"))
        shown = self.shown(picture("hello"))
        again = self.get(after=shown.frame)
        self.assertEqual((again.frame, again.picture), (shown.frame, b""))
        self.assertEqual(self.get(after=7).picture, picture("hello"))

    def test_that_nothing_has_changed_makes_the_picture_young(self):
        self.watch()
        self.ordered()
        self.send(picture("hello"))
        shown = self.shown(picture("hello"))
        time.sleep(1)
        self.unchanged()
        wait_until(lambda: self.get().show_time.ToMilliseconds() > shown.show_time.ToMilliseconds() + 500)
        self.assertEqual(self.get().frame, shown.frame)

    def test_it_goes_on_while_somebody_looks_and_stops_soon_after(self):
        self.watch()
        began = self.ordered()
        for _ in range(6):  # longer than one look lasts
            time.sleep(2)
            self.get()
        looked = time.time()
        self.assertGreater(self.ordered().wanted_ms, 5000, began)
        self.send(picture("still there"))
        self.shown(picture("still there"))
        looked = time.time()
        self.stopped(20)
        self.assertLess(time.time() - looked, LOOK + 5)
        self.assertEqual(self.frames(), 0)
        self.assertEqual(self.refusal(self.get), ("FAILED_PRECONDITION", "NOT_WATCHING"))

    def test_who_leaves_ends_it_at_once_unless_another_one_looks(self):
        other = self.account(self.group("Below"))
        self.server.sql("UPDATE app_user SET group_id = (SELECT id FROM org_group WHERE parent_id IS NULL LIMIT 1)"
                        " WHERE username = 'user%d'" % (next(self.numbers) - 1))
        self.watch()
        self.ordered()
        self.watch(other)
        self.ordered()
        self.send(picture("hello"))
        self.shown(picture("hello"))
        self.leave_screen()
        self.assertEqual(self.refusal(self.get), ("FAILED_PRECONDITION", "NOT_WATCHING"))
        self.ordered()
        self.shown(picture("hello"), other)
        began = time.time()
        self.leave_screen(other)
        self.stopped()
        self.assertLess(time.time() - began, 2)
        self.leave_screen(other)  # need not be said, and may be said twice

    def test_whoever_looks_anew_sees_nothing_of_before(self):
        self.watch()
        self.ordered()
        self.send(picture("somebody at the door"))
        self.shown(picture("somebody at the door"))
        self.server.sql("DELETE FROM screen_watch")  # as when a look runs out, a moment before the terminal hears of it
        self.assertEqual(self.watch().frame, 0)
        self.ordered()
        self.unchanged()  # the terminal believes that we have it
        self.stopped()
        self.ordered()
        self.send(picture("somebody at the door"), frame=1)
        self.shown(picture("somebody at the door"))

    def test_each_look_is_written_down_and_no_renewal_is(self):
        name = self.device(self.gate).name
        before = self.audited("watch screen").count(["device " + name, ""])
        self.watch()
        self.get()
        self.get()
        self.leave_screen()
        self.assertEqual(self.audited("watch screen").count(["device " + name, ""]), before + 1)

    def test_what_the_database_keeps_is_sealed(self):
        self.watch()
        self.ordered()
        self.send(picture("somebody at the door"))
        self.shown(picture("somebody at the door"))
        kept, = self.server.sql("SELECT encode(picture, 'hex') FROM screen_frame WHERE device_id = %d" % self.gate.id)
        self.assertNotIn(b"somebody", bytes.fromhex(kept[0]))
        self.server.sql("UPDATE screen_frame SET picture = set_byte(picture, 40, get_byte(picture, 40) # 1)")
        self.assertEqual(self.refusal(self.get), ("DATA_LOSS", "SEAL_BROKEN"))


class WhoMayTest(ScreenCase):
    def test_a_terminal_that_is_not_there_or_not_seen(self):
        stranger = self.account(self.group("Elsewhere"))
        for client, gate in ((stranger, self.gate.id), (self.admin, 4711)):
            for method in ("WatchScreen", "GetScreen", "LeaveScreen"):
                self.assertEqual(self.refusal(client.call, "ScreensService." + method, device_id=gate),
                                 ("NOT_FOUND", "DEVICE_NOT_FOUND"))

    def test_one_that_is_offline_or_waits(self):
        self.leave(self.gate, self.stream)
        self.assertEqual(self.refusal(self.watch), ("FAILED_PRECONDITION", "DEVICE_OFFLINE"))
        self.stream = self.online(self.gate)
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % self.gate.id)
        self.assertEqual(self.refusal(self.watch), ("FAILED_PRECONDITION", "DEVICE_WAITING"))

    def test_who_may_see_devices_may_not_see_their_screens(self):
        group = self.admin.call("OrgService.ListGroups").groups[0].id
        client = self.account(group)
        name = self.server.sql("SELECT username FROM app_user ORDER BY id DESC LIMIT 1")[0][0]
        role = self.admin.call("UsersService.CreateRole",
                               role=dict(name="R%d" % next(self.numbers), permissions=["devices.view", "devices.screen"]))
        self.server.sql("UPDATE app_user SET group_administrator = false, role_id = %d WHERE username = '%s'" % (role.id, name))
        self.watch(client)
        self.ordered()
        self.get(client=client)
        self.server.sql("UPDATE role SET permissions = '{devices.view}' WHERE id = %d" % role.id)
        for method in ("WatchScreen", "GetScreen", "LeaveScreen"):
            self.assertEqual(self.refusal(client.call, "ScreensService." + method, device_id=self.gate.id),
                             ("PERMISSION_DENIED", "PERMISSION_MISSING"))
        self.stopped(LOOK + 5)  # and with that the terminal is left alone

    def test_a_terminal_that_moves_away_is_seen_no_more(self):
        elsewhere = self.group("Elsewhere")
        here = self.group("Here")
        client = self.account(here)
        self.server.sql("UPDATE device SET group_id = %d WHERE id = %d" % (here, self.gate.id))
        self.watch(client)
        self.ordered()
        self.send(picture("hello"))
        self.shown(picture("hello"), client)
        self.server.sql("UPDATE device SET group_id = %d WHERE id = %d" % (elsewhere, self.gate.id))
        self.assertEqual(self.refusal(self.get, client=client), ("NOT_FOUND", "DEVICE_NOT_FOUND"))
        self.stopped(LOOK + 5)
        self.assertEqual(self.frames(), 0)

    def test_a_session_that_ends_ends_it(self):
        client = self.account(self.admin.call("OrgService.ListGroups").groups[0].id)
        self.watch(client)
        self.ordered()
        client.call("SessionService.Logout")
        self.assertEqual(self.refusal(self.get, client=client)[0], "UNAUTHENTICATED")
        self.stopped(LOOK + 5)

    def test_eight_screens_at_once_and_no_more(self):
        for _ in range(8):
            gate = self.terminal()
            self.online(gate)
            self.watch(gate=gate)
        self.assertEqual(self.refusal(self.watch), ("RESOURCE_EXHAUSTED", "SCREENS_TOO_MANY"))
        self.watch(gate=gate)


class TerminalTest(ScreenCase):
    """What it sends, and what it should not."""

    def test_what_nobody_looks_at_is_not_taken(self):
        self.send(picture("unasked"))
        self.settled()
        self.assertEqual(self.frames(), 0)
        self.watch()
        self.ordered()
        self.assertEqual(self.get().frame, 0)
        self.leave_screen()
        self.stopped()
        self.send(picture("late"))
        self.settled()
        self.assertEqual(self.frames(), 0)

    def test_what_is_no_picture_is_not_kept(self):
        self.watch()
        self.ordered()
        for bad in (b"x" * 100, b"\xff\xd8\xff\xd9", picture("hello")[:-2], b"GIF89a" + picture("hello"),
                    b"<svg onload=alert(1)>" * 10, picture("hello").replace(b"\x03\x20", b"\xff\xff")):
            self.send(bad)
            self.unchanged()
        self.settled()
        self.assertEqual(self.frames(), 0)
        while "screen" in self.stream.kept():  # nor is it asked for again and again
            self.assertGreater(self.stream.read("screen").wanted_ms, 0)
        self.send(picture("good"))
        self.shown(picture("good"))

    def test_a_real_picture_is_taken_as_it_is(self):
        self.watch()
        self.ordered()
        real = photo("person-02.jpg")
        self.send(real)
        self.shown(real)

    def test_one_that_is_too_large_or_does_not_fit_together(self):
        self.watch()
        self.ordered()
        large = picture("large", 256 << 10)
        self.send(large)
        self.send(picture("short"), total=100000)
        self.send(picture("much", 40000), total=20000)
        self.stream.send(screen=link.ScreenChunk(frame=99, offset=5, total=100, data=b"x" * 50))
        self.stream.send(screen=link.ScreenChunk(frame=99, offset=0, total=2 ** 32 - 1, data=b"x"))
        self.stream.send(screen=link.ScreenChunk(frame=100, offset=0, total=100, data=b""))
        self.settled()
        self.assertEqual(self.frames(), 0)
        largest = picture("largest", (256 << 10) - len(picture("")))
        self.assertEqual(len(largest), 256 << 10)
        self.send(largest)
        self.shown(largest)

    def test_a_flood_is_not_listened_to(self):
        self.watch()
        self.ordered()
        self.send(picture("first"))
        self.shown(picture("first"))
        for i in range(200):
            data = picture("flood %d" % i)
            self.stream.send(screen=link.ScreenChunk(frame=1000 + i, total=len(data), data=data))
        self.settled()
        self.assertNotEqual(self.get().picture, picture("flood 199"))

    def test_one_that_leaves_and_returns_goes_on(self):
        self.watch()
        self.ordered()
        self.send(picture("before"))
        self.shown(picture("before"))
        self.stream.half_close()
        self.stream.end()
        gone = wait_until(lambda: (lambda screen: screen if not screen.online else None)(self.get()))
        self.assertEqual(gone.picture, picture("before"))  # as it was when it left, with its time
        self.stream = self.online(self.gate)
        self.ordered_while_looking()
        self.send(picture("after"), frame=1)
        self.assertTrue(self.shown(picture("after")).online)

    def ordered_while_looking(self):
        while True:
            try:
                return self.ordered(seconds=1)
            except queue.Empty:
                self.get()


class ServersTest(ScreenCase):
    def test_a_server_that_is_killed_is_looked_at_again_when_it_is_back(self):
        self.watch()
        self.ordered()
        self.send(picture("before"))
        self.shown(picture("before"))
        self.server.kill()
        self.server.start()
        type(self).admin = self.server.admin()
        stream = self.stream = self.online(self.gate)
        try:
            self.get()
        except Refused as refused:  # the database was not spared
            self.assertEqual(refused.reason, "NOT_WATCHING")
            self.watch()
        self.ordered(stream)
        self.send(picture("after"), frame=1)
        self.shown(picture("after"))

    def test_viewer_and_terminal_may_be_at_different_servers(self):
        second = Server("--database-url", "host=%s/postgres-socket port=3306 user=smartpass dbname=smartpass"
                        % self.server.data)
        self.addCleanup(second.close)
        os.makedirs(second.data)
        for name in os.listdir(self.server.data):
            source = os.path.join(self.server.data, name)
            if name == "secrets":
                shutil.copytree(source, os.path.join(second.data, name))
            elif name.startswith("authority"):
                shutil.copy(source, second.data)
        second.start()
        viewer = second.public().with_token(self.server._token)
        self.watch(viewer)
        began = time.time()
        self.ordered()
        self.assertLess(time.time() - began, 2)  # by notification, not by the slow look
        self.send(picture("from the first server"))
        self.shown(picture("from the first server"), viewer)
        self.leave_screen(viewer)
        began = time.time()
        self.stopped()
        self.assertLess(time.time() - began, 2)
        self.assertEqual(second.stop(signal.SIGTERM), 0)
