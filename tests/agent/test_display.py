"""The pass display: how plan and pictures come to the terminal, and who sees them when."""
import os
import time

from display_case import ANNA, BAD, NOBODY, WEI, DisplayCase
from link_case import main
from link_server import pb, types

PART = 16384


class Fetching(DisplayCase):
    def test_pictures_come_part_by_part_and_the_plan_is_reported_and_durable(self):
        server, agent = self.ready()
        plan = self.plan(server, 7, [(11, "large", 5, False), (12, "person1", 5, True)], {WEI: 11})
        self.assertEqual(self.send(server, plan), {})
        size = len(self.bytes_of("large"))
        self.assertGreater(size, 3 * PART)
        self.assertEqual(server.display_requests, [(11, offset) for offset in range(0, size, PART)] + [(12, 0)])
        self.assertEqual(agent.status()["displayVersion"], "7")
        agent.kill()
        agent.start()
        self.assertEqual(server.wait_stream(2).hello.display_version, 7)
        self.assertEqual((self.shown(agent, WEI), self.shown(agent, NOBODY)), (11, 12))

    def test_what_is_here_already_is_not_fetched_again(self):
        server, agent = self.ready()
        self.send(server, self.plan(server, 1, [(11, "person1", 5, False), (12, "person2", 5, False)]))
        fetched = len(server.display_requests)
        plan = self.plan(server, 2, [(21, "person2", 5, False), (22, "person2", 5, True), (23, "person3", 9, False)], {WEI: 21})
        self.assertEqual(self.send(server, plan), {})
        self.assertEqual(server.display_requests[fetched:], [(23, 0)])
        self.assertEqual(self.shown(agent, WEI), 21)
        self.send(server, self.plan(server, 3, [(31, "person1", 5, False)]))  # it was not kept for later
        self.assertEqual(server.display_requests[fetched + 1:], [(31, 0)])

    def test_an_empty_plan_takes_everything_away(self):
        server, agent = self.ready()
        self.send(server, self.plan(server, 1, [(11, "person1", 60, False)], {WEI: 11}))
        self.assertEqual(self.shown(agent, WEI), 11)
        self.assertEqual(self.send(server, self.plan(server, 2, [])), {})
        self.assertEqual(agent.status()["display"], "0")  # at once
        self.assertEqual(self.shown(agent, WEI), 0)

    def test_a_server_that_knows_of_none_takes_everything_away(self):
        server, agent = self.ready()
        self.send(server, self.plan(server, 5, [(11, "person1", 60, False)], {WEI: 11}))
        self.assertEqual(self.send(server, self.plan(server, 0, [])), {})
        self.assertEqual((agent.status()["displayVersion"], self.shown(agent, WEI)), ("0", 0))

    def test_what_cannot_be_used_is_refused_and_the_rest_is_in_force(self):
        server, agent = self.ready()
        server.display_mangler = lambda chunk: self.change_byte(chunk) if chunk.id == 11 else chunk
        pictures = [(11, "person1", 5, False), (12, b"no picture at all" * 9, 5, False), (13, "person2", 5, False)]
        plan = self.plan(server, 4, pictures, {WEI: 11, ANNA: 13})
        self.assertEqual(self.send(server, plan), {11: "DAMAGED", 12: "DAMAGED"})
        self.assertEqual((self.shown(agent, WEI), self.shown(agent, ANNA)), (0, 13))

        # It asks for the plan again, and has what it lacked.
        server.display_mangler = None
        server.streams[-1].end()
        stream = server.wait_stream(2)
        self.assertEqual(stream.hello.display_version, 0)
        fetched = len(server.display_requests)
        self.assertEqual(self.send(server, plan, stream), {12: "DAMAGED"})
        self.assertEqual(server.display_requests[fetched:], [(11, 0), (12, 0)])
        self.assertEqual((self.shown(agent, WEI), self.shown(agent, ANNA)), (11, 13))

    @staticmethod
    def change_byte(chunk):
        """It is a picture all the same: the version of JFIF in its head is another."""
        return pb.DisplayChunk(id=chunk.id, offset=chunk.offset, total=chunk.total,
                               data=chunk.data[:12] + b"\0" + chunk.data[13:])

    def test_parts_that_make_no_sense_are_refused_or_passed_over(self):
        wrong = {
            "another total": lambda c: pb.DisplayChunk(id=c.id, offset=c.offset, total=c.total + 1, data=c.data),
            "empty": lambda c: pb.DisplayChunk(id=c.id, offset=c.offset, total=c.total),
            "too much": lambda c: pb.DisplayChunk(id=c.id, offset=c.offset, total=c.total, data=c.data + b"x"),
        }
        server, agent = self.ready()
        for version, (what, mangler) in enumerate(wrong.items(), 1):
            server.display_mangler = mangler
            with self.subTest(what):
                plan = self.plan(server, version, [(version, "person1", 5, False)])
                self.assertEqual(self.send(server, plan), {version: "DAMAGED"})
        server.display_mangler = lambda c: None  # of another picture, of another place, and for nobody
        stream = server.wait_stream()
        plan = self.plan(server, 9, [(9, "person1", 5, False)], {WEI: 9})
        stream.send(display_plan=plan)
        server.wait(lambda: (9, 0) in server.display_requests)
        data = self.bytes_of("person1")
        for number, offset, part in ((8, 0, data), (9, 3, data[3:]), (9, 0, data), (9, 0, data)):
            stream.send(display_chunk=pb.DisplayChunk(id=number, offset=offset, total=len(data), data=part))
        self.assertEqual(self.outcome(server, 9), {})
        self.assertEqual(self.shown(agent, WEI), 9)

    def test_plans_that_make_no_sense_change_nothing(self):
        server, agent = self.ready()
        good = self.plan(server, 1, [(11, "person1", 5, False)], {WEI: 11})
        self.send(server, good)
        two = self.plan(server, 2, [(21, "person1", 5, True), (22, "person2", 5, True)])
        same = self.plan(server, 3, [(31, "person1", 5, True), (31, "person2", 5, False)])
        nobody, twice, large, empty, version = [pb.DisplayPlan() for _ in range(5)]
        nobody.CopyFrom(good)
        nobody.owners[0].picture = 1
        twice.CopyFrom(good)
        twice.owners.add(person_id=WEI, picture=0)
        large.CopyFrom(good)
        large.pictures[0].size = 512001
        empty.CopyFrom(good)
        empty.pictures[0].sha256 = b""
        version.CopyFrom(good)
        version.version = 0
        for plan in (two, same, nobody, twice, large, empty, version):
            server.wait_stream().send(display_plan=plan)
        self.assertEqual(self.shown(agent, WEI), 11)
        self.assertEqual(agent.status()["displayVersion"], "1")
        self.assertEqual(len(server.display_reports), 1)
        self.assertEqual(self.send(server, self.plan(server, 5, [])), {})  # on the same stream
        self.assertEqual(len([s for s in server.streams if s.hello]), 1)

    def test_a_newer_plan_takes_the_place_of_one_that_is_on_its_way(self):
        server, agent = self.ready()
        server.display_mangler = lambda chunk: None if chunk.offset else chunk
        stream = server.wait_stream()
        stream.send(display_plan=self.plan(server, 1, [(11, "large", 5, False)], {WEI: 11}))
        server.wait(lambda: (11, PART) in server.display_requests)
        server.display_mangler = None
        self.assertEqual(self.send(server, self.plan(server, 2, [(21, "person2", 5, False)], {WEI: 21})), {})
        self.assertEqual(self.shown(agent, WEI), 21)
        self.assertEqual([report.version for report in server.display_reports], [2])

    def test_a_picture_that_is_withdrawn_ends_the_plan_until_the_next(self):
        server, agent = self.ready()
        self.send(server, self.plan(server, 1, [(11, "person1", 5, False)], {WEI: 11}))
        plan = self.plan(server, 2, [(21, "person2", 5, False)], {WEI: 21})
        server.displays.clear()
        server.wait_stream().send(display_plan=plan)
        server.wait(lambda: (21, 0) in server.display_requests)
        time.sleep(0.3)
        self.assertEqual((self.shown(agent, WEI), agent.status()["displayVersion"]), (11, "1"))
        self.assertEqual(self.send(server, self.plan(server, 3, [(31, "person3", 5, False)], {WEI: 31})), {})

    def test_records_go_first(self):
        server, agent = self.ready()
        agent.ask("cut on")
        for _ in range(150):
            agent.see(self.picture("person1"))
        plan = self.plan(server, 1, [(11, "large", 5, False)])
        server.on_hello = lambda s, stream: (stream.send(welcome=s.welcome(stream)), stream.send(display_plan=plan))
        agent.ask("cut off")
        self.assertEqual(self.outcome(server, 1), {})
        order = server.wait_stream(2).order
        self.assertLess(max(i for i, kind in enumerate(order) if kind == "records"), order.index("display_request"))


class Showing(DisplayCase):
    def planned(self, *options, seconds=5):
        server, agent = self.ready(*options)
        pictures = [(11, "person1", seconds, False), (12, "large", seconds, False), (13, "person4", seconds, True)]
        self.send(server, self.plan(server, 1, pictures, {WEI: 11, ANNA: 12, BAD: 12}))
        return server, agent

    def test_whoever_may_pass_sees_his_picture_and_the_verdict(self):
        _, agent = self.planned()
        self.assertEqual((self.shown(agent, WEI), self.shown(agent, ANNA)), (11, 12))
        screen = agent.status()["screen"]
        self.assertTrue(screen.startswith("[green] Welcome · Person 200 · 36.6 ℃ · display 12 | online"), screen)

    def test_whoever_may_not_pass_sees_why_and_nothing_else(self):
        server, agent = self.planned()
        self.assertEqual(self.shown(agent, WEI, "--temp", "38.5"), 0)
        self.assertEqual(self.shown(agent, BAD), 0)
        self.settle(server, 2, mask_required=True)
        self.assertEqual(self.shown(agent, WEI, "--no-mask"), 0)
        self.assertEqual(self.shown(agent, WEI), 11)

    def test_strangers_see_theirs_unless_they_are_asked_for_something(self):
        server, agent = self.planned()
        self.assertEqual(self.shown(agent, NOBODY), 13)
        self.assertTrue(agent.status()["screen"].startswith("[red]"))
        self.settle(server, 3, stranger_mode=True, mask_required=True)
        self.assertEqual(self.shown(agent, NOBODY), 13)
        self.assertTrue(agent.status()["screen"].startswith("[green]"))
        self.assertEqual(self.shown(agent, NOBODY, "--no-mask"), 0)
        self.assertEqual(self.shown(agent, NOBODY, "--temp", "39"), 0)

    def test_the_switch_holds_at_once(self):
        server, agent = self.planned(seconds=60)
        self.assertEqual(self.shown(agent, WEI), 11)
        agent.ask("set pass_display false")
        status = agent.status()
        self.assertEqual((status["display"], status["screen"][:7]), ("0", "[green]"))
        self.assertEqual(self.shown(agent, WEI), 0)
        agent.ask("set pass_display true")
        self.assertEqual(self.shown(agent, WEI), 11)

    def test_it_is_shown_for_its_seconds_whoever_leaves(self):
        _, agent = self.planned(seconds=5)
        self.assertEqual(self.shown(agent, WEI), 11)
        began = time.monotonic()
        time.sleep(3.2)  # longer than anything else stands there
        self.assertEqual(agent.see(self.picture("blank"))["reason"], "NO_FACE")
        self.assertEqual(agent.see(self.picture("missing"))["reason"], "NO_PICTURE")
        self.assertEqual(agent.status()["display"], "11")
        agent.wait(lambda s: s["screen"].startswith("[home]"))
        self.assertGreater(time.monotonic() - began, 4.5)
        self.assertLess(time.monotonic() - began, 6.5)
        self.assertEqual(agent.status()["display"], "0")

    def test_the_next_pass_the_menu_and_the_photo_screen_win(self):
        server, agent = self.planned(seconds=60)
        self.assertEqual([self.shown(agent, who) for who in (WEI, ANNA, BAD, WEI)], [11, 12, 0, 11])
        self.assertEqual(agent.ask("menu 123456")["menu"], "OPENED")
        self.assertEqual(agent.status()["display"], "0")
        agent.ask("home")
        self.assertEqual(self.shown(agent, WEI), 11)
        server.wait_stream().send(capture=pb.CaptureOrder(id=1, step=pb.CAPTURE_STEP_TAKE, time_left_ms=60000))
        agent.wait(lambda s: s["screen"].startswith("[photo]"))
        self.assertEqual(agent.status()["display"], "0")

    def test_a_short_one_ends_early_and_without_a_time_it_is_five_seconds(self):
        server, agent = self.planned(seconds=1)
        self.shown(agent, WEI)
        agent.wait(lambda s: s["screen"].startswith("[home]"), 2)
        self.send(server, self.plan(server, 2, [(11, "person1", 0, False)], {WEI: 11}))
        self.shown(agent, WEI)
        time.sleep(3.5)
        self.assertEqual(agent.status()["display"], "11")
        agent.wait(lambda s: s["screen"].startswith("[home]"), 3)


class Seen(DisplayCase):
    """By whoever looks at the screen from the console."""

    def test_the_picture_is_on_the_screen_while_it_is_shown(self):
        server, agent = self.ready()
        self.send(server, self.plan(server, 1, [(11, "large", 60, False)], {WEI: 11}))
        server.wait_stream().send(screen=pb.ScreenOrder(wanted_ms=60000, interval_ms=200))
        self.shown(agent, ANNA)
        server.wait(lambda: [jpeg for _, jpeg in server.frames() if jpeg], what="a frame")
        before = len(server.screen_parts)
        usual = max(len(jpeg) for _, jpeg in server.frames() if jpeg)
        self.assertEqual(self.shown(agent, WEI), 11)
        server.wait(lambda: any(part.total > 2 * usual for part in server.screen_parts[before:]),
                    what="a frame full of the picture's noise")
        self.shown(agent, ANNA)
        server.wait(lambda: server.frames()[-1][1] is None or len(server.frames()[-1][1]) <= 2 * usual,
                    what="a frame without it")


class Forgetting(DisplayCase):
    def planned(self):
        server, agent = self.ready()
        self.send(server, self.plan(server, 6, [(11, "person1", 60, False)], {WEI: 11}))
        self.assertEqual(self.shown(agent, WEI), 11)
        return server, agent

    def pictures_on_the_disk(self):
        """How many of the plan's picture lie in the store's files."""
        needle, found = self.bytes_of("person1")[200:600], 0
        for name in os.listdir(self.folder):
            if name.startswith("terminal.db"):
                with open(os.path.join(self.folder, name), "rb") as file:
                    found += needle in file.read()
        return found

    def test_a_wipe_takes_it_along(self):
        server, agent = self.planned()
        self.assertGreater(self.pictures_on_the_disk(), 0)
        server.streams[-1].send(wipe=pb.Wipe(reason="deleted", order=5))
        stream = server.wait_stream(2)
        self.assertEqual((stream.hello.display_version, agent.status()["display"]), (0, "0"))
        self.assertEqual(agent.status()["displayVersion"], "0")

    def test_a_reset_takes_it_along(self):
        server, agent = self.planned()
        server.wait_stream().send(command=pb.CommandOrder(id=3, kind=types.COMMAND_KIND_RESET, left_ms=30000,
                                                          not_after_ms=int(time.time() * 1000) + 30000))
        stream = server.wait_stream(2, 30)
        self.assertEqual((stream.hello.display_version, agent.status()["display"]), (0, "0"))

    def test_another_epoch_begins_without_it(self):
        server, agent = self.planned()
        server.acked_override = {1: 99}  # records that this terminal never made
        server.streams[-1].end()
        server.wait(lambda: [s for s in server.streams if s.hello and s.hello.store_epoch == 2], what="the next epoch")
        self.assertEqual([s.hello.display_version for s in server.streams if s.hello], [0, 6, 0])
        self.assertEqual(self.shown(agent, WEI), 0)

    def test_a_damaged_store_begins_without_it(self):
        server, agent = self.planned()
        agent.kill()
        for name in ("terminal.db-wal", "terminal.db-shm"):
            os.unlink(os.path.join(self.folder, name))
        with open(os.path.join(self.folder, "terminal.db"), "r+b") as file:
            file.write(b"x" * 4096)
        agent.start()
        self.assertEqual(server.wait_stream(2).hello.display_version, 0)


if __name__ == "__main__":
    main()
