"""The live screen: what the terminal shows to somebody who looks from the console, and when it stops."""
import os
import struct
import time

from link_case import LinkCase, main
from link_server import change, now_ms, pb, setting_changes, template_fields

LARGEST = 256 * 1024


def size_of(jpeg):
    """Width and height, by the frame header."""
    at = 2
    while jpeg[at + 1] not in (0xc0, 0xc1):
        at += 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
    height, width = struct.unpack(">HH", jpeg[at + 5:at + 9])
    return width, height


class Screen(LinkCase):
    def watch(self, stream, wanted_ms=30000, interval_ms=200):
        stream.send(screen=pb.ScreenOrder(wanted_ms=wanted_ms, interval_ms=interval_ms))

    def watched(self, *options, **order):
        server, agent = self.online(*options)
        stream = server.wait_stream()
        self.watch(stream, **order)
        server.wait(server.frames, what="a frame")
        return server, agent, stream

    def saved(self, agent):
        path = os.path.join(self.folder, "screen.jpg")
        answer = agent.ask(f"screen {path}")
        with open(path, "rb") as file:
            jpeg = file.read()
        self.assertEqual(answer, {"saved": True, "bytes": len(jpeg)})
        return jpeg

    def settle(self, server, version, **values):
        server.wait_stream().send(setting_changes=setting_changes(version, **values))
        server.wait(lambda: server.settings_reports and server.settings_reports[-1].version == version)

    @staticmethod
    def pictures(server):
        return [jpeg for _, jpeg in server.frames() if jpeg]

    def wait_quiet(self, server, agent):
        """Until nobody looks, and then for some frames' time: nothing more may come."""
        agent.wait(lambda s: not s["screenWatched"])
        time.sleep(0.3)
        count = len(server.screen_parts)
        time.sleep(1)
        self.assertEqual(len(server.screen_parts), count)

    def test_a_frame_comes_at_once_and_is_what_the_terminal_shows(self):
        server, agent, _ = self.watched()
        server.wait(lambda: self.pictures(server)[-1] == self.saved(agent), what="the screen as it is")
        self.assertEqual(server.frames()[0][0], 1)
        for jpeg in self.pictures(server):
            self.assertEqual(size_of(jpeg), (480, 800))
            self.assertLessEqual(len(jpeg), LARGEST)
        self.assertTrue(all(len(part.data) <= 16384 for part in server.screen_parts))

    def test_what_does_not_change_is_not_sent_again(self):
        server, agent, _ = self.watched()
        server.wait(lambda: server.frames()[-1][1] is None, what="that nothing has changed")
        frames = agent.status()["screenFrames"]
        count = len(server.frames())
        server.wait(lambda: len(server.frames()) >= count + 3)
        said = server.frames()[count:]
        self.assertEqual({jpeg for _, jpeg in said}, {None})
        self.assertEqual({number for number, _ in said}, {server.frames()[count - 1][0]})
        self.assertEqual(agent.status()["screenFrames"], frames)  # nor is it painted again

    def test_a_pass_is_seen_and_so_is_its_end(self):
        server, agent, _ = self.watched()
        server.wait(lambda: server.frames()[-1][1] is None)
        home = self.pictures(server)[-1]
        agent.see(self.picture("person1"))
        shown = self.saved(agent)
        self.assertTrue(agent.status()["screen"].startswith("[red]"))
        server.wait(lambda: shown in self.pictures(server), what="the refusal")
        server.wait(lambda: self.pictures(server)[-1] == home, what="the home page")  # 3 s later, without the face
        numbers = [number for number, _ in server.frames()]
        self.assertEqual(numbers, sorted(numbers))

    def test_frames_keep_their_distance(self):
        server, agent, _ = self.watched(interval_ms=1000)
        began, count = time.time(), len(server.frames())
        while time.time() < began + 3:
            agent.see(self.picture("person1"))
            agent.see(self.picture("person2"))
        self.assertLessEqual(len(server.frames()) - count, 4)
        self.assertGreaterEqual(len(server.frames()) - count, 1)

    def test_it_stops_by_its_time_and_by_order(self):
        server, agent, stream = self.watched(wanted_ms=1000)
        self.wait_quiet(server, agent)
        self.watch(stream)
        agent.wait(lambda s: s["screenWatched"])
        self.watch(stream, wanted_ms=0)
        self.wait_quiet(server, agent)
        server.screen_parts.clear()
        self.watch(stream)
        server.wait(lambda: server.frames())
        self.assertEqual(server.frames()[0][0], 1)  # counted anew, and whole
        self.assertTrue(server.frames()[0][1])

    def test_an_order_that_is_repeated_prolongs(self):
        server, agent, stream = self.watched(wanted_ms=1500)
        for _ in range(4):
            time.sleep(0.7)
            self.watch(stream, wanted_ms=1500)
        self.assertTrue(agent.status()["screenWatched"])
        self.assertEqual(len([part for part in server.screen_parts if part.frame == 1 and part.offset == 0
                              and part.total]), 1)
        self.wait_quiet(server, agent)

    def test_a_lost_stream_ends_it(self):
        server, agent, stream = self.watched()
        stream.end()
        server.wait_stream(2)
        agent.wait(lambda s: s["link"] == "online")
        self.wait_quiet(server, agent)

    def test_while_a_record_waits_no_frame_goes(self):
        window = 1024  # records that a terminal sends before one is acknowledged
        server, agent = self.online()
        server.acking = False
        agent.ask("cut on")
        for _ in range(window + 10):
            agent.see(self.picture("person1"))
        agent.ask("cut off")
        stream = server.wait_stream(2)
        server.wait(lambda: sum(server.batches) == window)
        self.watch(stream)
        agent.wait(lambda s: s["screenWatched"] and s["screenFrames"] > 0)
        time.sleep(0.5)
        self.assertEqual(server.screen_parts, [])
        server.acking = True
        stream.send(record_ack=pb.RecordAck(store_epoch=1, seq=window, server_time_ms=now_ms()))
        server.wait(server.frames, what="a frame")
        self.assertEqual(sum(server.batches), window + 10)

    def test_where_no_picture_is_kept_none_is_shown(self):
        server, agent, _ = self.watched()
        agent.see(self.picture("person1"))
        one = self.saved(agent)
        agent.see(self.picture("person2"))
        self.assertNotEqual(self.saved(agent), one)  # the same words, another face
        self.settle(server, 2, photo_kept=False)
        agent.see(self.picture("person1"))
        one = self.saved(agent)
        agent.see(self.picture("person2"))
        self.assertEqual(self.saved(agent), one)
        self.assertTrue(agent.status()["screen"].startswith("[red]"))

    def test_the_photo_screen_does_not_show_who_was_there_before(self):
        _, agent, stream = self.watched()
        saved = []
        for number, stem in enumerate(("person1", "person2"), 1):
            agent.see(self.picture(stem))
            stream.send(capture=pb.CaptureOrder(id=number, step=pb.CAPTURE_STEP_TAKE, time_left_ms=60000))
            agent.wait(lambda s: s["screen"].startswith("[photo]"))
            saved.append(self.saved(agent))
            agent.ask("leave")
        self.assertEqual(saved[0], saved[1])

    def test_names_are_shown_as_the_settings_let_them_be(self):
        server, agent, _ = self.watched()
        fields = template_fields(self.home, "person1")
        saved = []
        self.settle(server, 2, success_effect=1, photo_kept=False)
        for revision, name in enumerate(("王小明", "李小龙", "李小龙"), 1):
            if revision == 3:
                self.settle(server, 3, name_display=False)
            server.wait_stream().send(people=pb.PeopleChanges(
                changes=[change(revision, 100, name=name, **fields)], complete=True))
            server.wait(lambda n=revision: len(server.reports) >= n)
            self.assertEqual(agent.see(self.picture("person1"))["result"], "ALLOWED")
            saved.append(self.saved(agent))
        self.assertEqual(len(set(saved)), 3)
        self.assertNotIn("李", agent.status()["screen"])

    def test_digits_of_the_password_are_never_painted(self):
        server, agent, _ = self.watched()
        server.wait(lambda: server.frames()[-1][1] is None)
        home = self.saved(agent)
        self.assertEqual(agent.ask("menu 654321"), {"menu": "WRONG"})
        self.assertEqual(self.saved(agent), home)
        self.assertEqual(agent.ask("menu 123456"), {"menu": "OPENED"})
        menu = self.saved(agent)
        self.assertNotEqual(menu, home)
        server.wait(lambda: self.pictures(server)[-1] == menu, what="the menu")
        self.assertTrue(set(self.pictures(server)) <= {self.pictures(server)[0], home, menu})

    def test_orders_that_make_no_sense_do_no_harm(self):
        server, agent = self.online()
        stream = server.wait_stream()
        self.watch(stream, wanted_ms=0, interval_ms=0)
        self.watch(stream, wanted_ms=2**32 - 1, interval_ms=0)
        server.wait(lambda: len(server.frames()) >= 2)
        self.watch(stream, wanted_ms=1, interval_ms=2**32 - 1)
        self.wait_quiet(server, agent)
        self.assertEqual(agent.see(self.picture("person1"))["result"], "DENIED")

    def test_without_a_font_of_its_own_it_paints_with_those_of_the_machine(self):
        _, agent, _ = self.watched("--font", "/nonexistent.ttf")
        self.assertEqual(size_of(self.saved(agent)), (480, 800))

    def test_it_may_be_stopped_while_it_paints(self):
        _, agent, _ = self.watched()
        agent.see(self.picture("huge"))
        agent.stop()

    def test_a_look_through_the_camera_is_as_quick_as_ever(self):
        """Painting is another thread's: what it costs a look is its copy of the camera's picture."""
        server, agent, stream = self.watched()
        self.watch(stream, wanted_ms=0)
        quiet = self.looks(agent)
        self.watch(stream)
        agent.wait(lambda s: s["screenWatched"])
        watched = self.looks(agent)
        print(f"milliseconds of a look: {quiet:.1f} unwatched, {watched:.1f} watched; of a frame: "
              f"{agent.status()['screenFrameMs']}", flush=True)
        self.assertLess(watched, 2 * quiet + 20)

    def looks(self, agent):
        """Milliseconds from the command to its answer, on average, without those that the machine disturbed."""
        times = []
        for n in range(40):
            began = time.monotonic()
            agent.see(self.picture(f"person{n % 5 + 1}"))
            times.append((time.monotonic() - began) * 1000)
        return sum(sorted(times)[:30]) / 30


if __name__ == "__main__":
    main()
