"""One day in the life of a terminal under valgrind: no invalid access, nothing leaked. SMARTPASS_SECONDS: people go on
passing for so long."""
import itertools
import os
import time

from link_case import LinkCase, main
from link_server import change, pb, photo_fields, setting_changes, template_fields


SECONDS = float(os.environ.get("SMARTPASS_SECONDS", "0"))


class Day(LinkCase):
    def go_on(self, agent):
        """Known and strange, warm and cold, with the network and without."""
        end, passes = time.time() + SECONDS, 0
        for number in itertools.takewhile(lambda _: time.time() < end, itertools.count()):
            if number % 20 in (12, 17):
                agent.ask("cut on" if number % 20 == 12 else "cut off")
            agent.see(self.picture("person%d" % (number % 3 + 1)), "--temp", "38.2" if number % 11 == 0 else "36.5")
            agent.ask("set volume %d" % (number % 101))
            passes += 1
        agent.ask("cut off")
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 300)
        return passes

    def test_a_day_leaves_valgrind_nothing_to_say(self):
        self.enrol()
        server = self.serve()
        agent = self.agent(server.port, wrapper=["valgrind", "-q", "--error-exitcode=99", "--leak-check=full",
                                                 "--errors-for-leak-kinds=definite,indirect"]).start()
        agent.wait(lambda s: s["link"] == "online", 120)
        photo, fields = photo_fields(self.picture("person2"), "some/other-engine")
        server.photos[fields["photo_sha256"]] = photo
        server.wait_stream().send(people=pb.PeopleChanges(changes=[
            change(1, 100, **template_fields(self.home, "person1")), change(2, 200, **fields)]))
        agent.wait(lambda s: s["people"] == 2, 60)
        self.assertEqual(agent.see(self.picture("person1"))["result"], "ALLOWED")
        self.assertEqual(agent.see(self.picture("person2"), "--temp", "38")["reason"], "TEMPERATURE")
        stream = server.wait_stream()
        stream.send(setting_changes=setting_changes(
            9, volume=101, camera_resolution="1x1", company_name="Acme", relay_mode=3, relay_seconds=1,
            temperature_mode=2, screen_saver_seconds=10))
        server.wait(lambda: server.settings_reports, 60)
        for line in ("set silent true", "set password 4711", "menu 1", "menu 4711", "home", "sounds", "status"):
            agent.ask(line)
        for number, last in ((1, pb.CAPTURE_STEP_DONE), (2, pb.CAPTURE_STEP_CANCEL), (3, None)):
            stream.send(capture=pb.CaptureOrder(id=number, step=pb.CAPTURE_STEP_TAKE, time_left_ms=60000))
            agent.wait(lambda s: s["screen"].startswith("[photo]"), 60)
            agent.see(self.picture("person1"))
            server.wait(lambda: server.photo_of(number), 60)
            if last:
                stream.send(capture=pb.CaptureOrder(id=number, step=last))
                agent.wait(lambda s: not s["screen"].startswith("[photo]"), 60)
        agent.ask("cut on")
        self.assertEqual(agent.see(self.picture("person3"))["reason"], "STRANGER")
        agent.ask("cut off")
        server.wait_stream(2, 60).send_raw(b"\xff\xff")
        agent.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 120)
        if SECONDS > 0:
            print("%d passes in %.0f s" % (self.go_on(agent), SECONDS))
        agent.stop()


if __name__ == "__main__":
    main()
