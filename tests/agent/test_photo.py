"""The photo screen: what a terminal does when the server wants a photo of whoever stands before it."""
import os

from link_case import LinkCase, main
from link_server import pb, setting_changes

TAKE, DONE, CANCEL = pb.CAPTURE_STEP_TAKE, pb.CAPTURE_STEP_DONE, pb.CAPTURE_STEP_CANCEL
LARGEST = 512000


class Photo(LinkCase):
    def ordered(self, *options, number=1, left_ms=60000):
        server, agent = self.online(*options)
        stream = server.wait_stream()
        self.order(stream, number, left_ms=left_ms)
        agent.wait(lambda s: s["screen"].startswith("[photo]"))
        return server, agent, stream

    @staticmethod
    def order(stream, number, step=TAKE, again="", left_ms=60000):
        stream.send(capture=pb.CaptureOrder(id=number, step=step, again_reason=again, time_left_ms=left_ms))

    @staticmethod
    def at_home(agent, seconds=20):
        agent.wait(lambda s: s["screen"].startswith("[home]"), seconds)

    def bytes_of(self, stem):
        with open(self.picture(stem), "rb") as file:
            return file.read()

    def test_the_picture_goes_up_as_the_camera_gave_it(self):
        server, agent, stream = self.ordered()
        server.wait(lambda: server.capture_reports)
        self.assertEqual([(r.id, r.event) for r in server.capture_reports], [(1, pb.CAPTURE_EVENT_SHOWING)])
        answer = agent.see(self.picture("large"))
        self.assertEqual((answer["result"], answer["reason"], answer["seq"]), ("NONE", "PHOTO_SCREEN", 0))
        server.wait(lambda: server.photo_of(1))
        self.assertEqual(server.photo_of(1), self.bytes_of("large"))
        self.assertTrue(all(len(part.data) <= 16384 for part in server.capture_parts))
        self.order(stream, 1, DONE)
        agent.wait(lambda s: "thank you" in s["screen"])
        self.at_home(agent)

    def test_a_picture_that_is_too_large_is_made_smaller(self):
        server, agent, _ = self.ordered()
        self.assertGreater(os.path.getsize(self.picture("huge")), LARGEST)
        agent.see(self.picture("huge"))
        server.wait(lambda: server.photo_of(1))
        self.assertLessEqual(len(server.photo_of(1)), LARGEST)
        self.assertEqual(server.photo_of(1)[:3], b"\xff\xd8\xff")

    def test_without_a_face_nothing_is_sent_and_the_screen_says_so(self):
        server, agent, _ = self.ordered()
        agent.see(self.picture("blank"))
        agent.wait(lambda s: "No face found" in s["screen"])
        self.assertEqual(server.capture_parts, [])
        agent.see(self.picture("person1"))
        server.wait(lambda: server.photo_of(1))

    def test_the_camera_is_asked_without_being_told(self):
        folder = os.path.join(self.folder, "camera")
        os.mkdir(folder)
        for i, stem in enumerate(("blank", "person2")):
            os.symlink(self.picture(stem), os.path.join(folder, f"{i}.jpg"))
        server, _, _ = self.ordered("--camera", folder)
        server.wait(lambda: server.photo_of(1))
        self.assertEqual(server.photo_of(1), self.bytes_of("person2"))

    def test_a_refused_picture_is_replaced_by_another_one(self):
        server, agent, stream = self.ordered()
        agent.see(self.picture("person1"))
        server.wait(lambda: server.photo_of(1))
        agent.see(self.picture("person2"))  # while the server looks at the first
        self.order(stream, 1, again="TURNED_AWAY")
        agent.wait(lambda s: "straight into the camera" in s["screen"])
        agent.see(self.picture("person3"))
        server.wait(lambda: server.photo_of(1) == self.bytes_of("person3"))

    def test_records_go_before_the_picture(self):
        server, agent = self.online()
        server.acking = False
        agent.ask("cut on")
        for _ in range(150):
            agent.see(self.picture("person1"))
        agent.ask("cut off")
        stream = server.wait_stream(2)
        self.order(stream, 1)
        agent.wait(lambda s: s["screen"].startswith("[photo]"))
        agent.see(self.picture("large"))
        server.wait(lambda: server.photo_of(1))
        self.assertLess(max(i for i, kind in enumerate(stream.order) if kind == "records"),
                        stream.order.index("capture_chunk"))

    def test_time_ends_it_without_a_word(self):
        server, agent, _ = self.ordered(left_ms=1500)
        self.at_home(agent)
        agent.see(self.picture("person1"))
        self.assertEqual(agent.status()["lastSeq"], 1)
        self.assertEqual([r.event for r in server.capture_reports], [pb.CAPTURE_EVENT_SHOWING])
        self.assertEqual(server.capture_parts, [])

    def test_the_server_and_whoever_stands_there_can_end_it(self):
        server, agent, stream = self.ordered()
        self.order(stream, 9, CANCEL)  # about another one
        self.order(stream, 1, CANCEL)
        self.at_home(agent)
        self.order(stream, 2)
        agent.wait(lambda s: s["screen"].startswith("[photo]"))
        agent.ask("leave")
        self.at_home(agent)
        server.wait(lambda: [r for r in server.capture_reports if r.id == 2 and r.event == pb.CAPTURE_EVENT_CANCELLED])
        agent.ask("leave")  # there is nothing to leave any more
        self.assertEqual(len(server.capture_reports), 3)

    def test_a_lost_connection_ends_it_and_nothing_of_it_is_sent_later(self):
        server, agent, stream = self.ordered()
        stream.end()
        self.at_home(agent)
        stream = server.wait_stream(2)
        agent.wait(lambda s: s["link"] == "online")
        self.assertTrue(agent.status()["screen"].startswith("[home]"))
        self.order(stream, 1)  # the same number is a new order on a new stream
        agent.wait(lambda s: s["screen"].startswith("[photo]"))

    def test_a_newer_order_takes_the_place_of_an_older_one(self):
        server, agent, stream = self.ordered()
        agent.see(self.picture("person1"))
        server.wait(lambda: server.photo_of(1))
        self.order(stream, 2)
        agent.wait(lambda s: "look into the camera" in s["screen"])
        agent.see(self.picture("person2"))
        server.wait(lambda: server.photo_of(2))

    def test_orders_that_make_no_sense_change_nothing(self):
        server, agent = self.online()
        stream = server.wait_stream()
        self.order(stream, 0)
        self.order(stream, 1, left_ms=0)
        self.order(stream, 1, step=99)
        self.order(stream, 1, DONE)
        self.order(stream, 1, again="NO_FACE", left_ms=0)
        stream.send(heartbeat_ack=pb.HeartbeatAck(server_time_ms=1700000000000))
        agent.see(self.picture("person1"))
        server.wait(lambda: (1, 1) in server.records)
        self.assertTrue(agent.status()["screen"].startswith("[red]"))
        self.assertEqual(server.capture_reports, [])

    def test_nobody_passes_while_the_photo_screen_is_shown(self):
        server, agent = self.online()
        stream = server.wait_stream()
        stream.send(setting_changes=setting_changes(2, stranger_mode=True))
        agent.wait(lambda s: s["settings"]["strangerMode"])
        self.assertEqual(agent.see(self.picture("person1"))["result"], "ALLOWED")
        self.order(stream, 1)
        agent.wait(lambda s: s["screen"].startswith("[photo]"))
        for stem in ("person1", "blank", "person2"):
            self.assertEqual(agent.see(self.picture(stem), "--card", "C1")["result"], "NONE")
        self.assertEqual((agent.status()["relayCount"], agent.status()["lastSeq"]), (1, 1))


if __name__ == "__main__":
    main()
