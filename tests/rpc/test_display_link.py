"""Pass display, as a terminal hears of it: its plan, the pictures, what it reports, and how all of it ends."""

import hashlib
import random
import threading
import time
import unittest

from display_case import ON_DEVICE, REFUSED, WAITING, DisplayCase, png
from fixture import MODULES, Refused, photo, wait_until
from terminal import PART, link

types = MODULES["types"]


class TerminalTest(DisplayCase):
    def test_it_is_told_and_fetches_and_reports(self):
        ann, bob = self.employ("Ann"), self.employ("Bob")
        mine = self.create(png(1200, 900), person_ids=[ann.id, bob.id], seconds=9)
        theirs = self.create(photo("person-03.jpg"), strangers=True)
        stream = self.online(self.gate)
        plan, owners = self.plan(stream)
        self.assertGreater(plan.version, 0)
        self.assertEqual([(one.id, one.seconds, one.strangers) for one in plan.pictures],
                         [(mine.id, 9, False), (theirs.id, 5, True)])
        self.assertEqual(owners, {mine.id: {ann.id, bob.id}, theirs.id: set()})
        for picture, display in zip(plan.pictures, (mine, theirs)):
            data = self.fetch(stream, picture)
            self.assertEqual((len(data), hashlib.sha256(data).digest()), (picture.size, picture.sha256))
            self.assertEqual(data, self.picture(display)[1])
        self.assertGreater(plan.pictures[1].size, PART)
        self.assertEqual([one.state for one in self.list()], [WAITING, WAITING])
        self.report(stream, plan)
        self.assertEqual([one.state for one in self.list()], [ON_DEVICE, ON_DEVICE])

    def test_a_change_is_told_at_once_and_whole(self):
        stream = self.online(self.gate)
        self.untold(stream)
        first = self.create(strangers=True)
        plan, _ = self.plan(stream)
        self.report(stream, plan)
        second = self.create(person_ids=[self.employ().id])
        self.assertEqual([one.state for one in self.list()], [ON_DEVICE, WAITING])
        later, _ = self.plan(stream)
        self.assertGreater(later.version, plan.version)
        self.assertEqual([one.id for one in later.pictures], [first.id, second.id])
        self.report(stream, later)
        self.delete(first)
        self.delete(second)
        while self.plan(stream)[0].pictures:  # both may be told at once
            pass

    def test_a_picture_that_nobody_has_is_not_told(self):
        ann = self.employ()
        self.create(person_ids=[ann.id])
        last = self.create(person_ids=[ann.id])
        self.assertEqual([one.id for one in self.plan(self.online(self.gate))[0].pictures], [last.id])

    def test_it_is_told_only_what_it_has_not(self):
        self.create(strangers=True)
        stream = self.online(self.gate)
        plan, _ = self.plan(stream)
        self.report(stream, plan)
        self.leave(self.gate, stream)
        self.untold(self.online(self.gate, display_version=plan.version))

    def test_a_report_that_was_lost_is_asked_for_again(self):
        self.create(strangers=True)
        stream = self.online(self.gate)
        plan, _ = self.plan(stream)
        self.leave(self.gate, stream)
        stream = self.online(self.gate, display_version=plan.version)
        self.assertEqual(self.plan(stream)[0], plan)
        self.report(stream, plan)
        self.untold(stream)
        self.assertEqual(self.list()[0].state, ON_DEVICE)

    def test_what_it_shows_of_a_forgotten_past_is_taken_back(self):
        plan, _ = self.plan(self.online(self.gate, display_version=4711))
        self.assertEqual((plan.version, len(plan.pictures)), (0, 0))

    def test_what_it_refuses_is_said(self):
        first, second, third = (self.create(person_ids=[self.employ().id]) for _ in range(3))
        stream = self.online(self.gate)
        plan, _ = self.plan(stream)
        self.report(stream, plan, **{"n%d" % first.id: "NO_SPACE", "n%d" % second.id: "<script>"})
        self.assertEqual([(one.state, one.reason) for one in self.list()],
                         [(REFUSED, "NO_SPACE"), (REFUSED, "NOT_OFFERED"), (ON_DEVICE, "")])
        self.change(first, picture=png(8, 8))
        self.assertEqual(self.get(first).state, WAITING)
        later, _ = self.plan(stream)
        self.report(stream, later)
        self.assertEqual([one.state for one in self.list()], [ON_DEVICE] * 3)

    def test_words_about_other_versions_change_nothing(self):
        made = self.create(strangers=True)
        stream = self.online(self.gate)
        plan, _ = self.plan(stream)
        for version in (0, plan.version - 1, plan.version + 1, -1, 2 ** 63 - 1):
            stream.send(display=link.DisplayReport(version=version, refusals=[link.DisplayRefusal(id=made.id, reason="DAMAGED")]))
        self.settled(stream)
        self.assertEqual((self.get(made).state, self.get(made).reason), (WAITING, ""))

    def test_it_gets_nothing_but_its_own(self):
        other = self.terminal()
        made = self.create(photo("person-02.jpg"), strangers=True)
        plan, _ = self.plan(self.online(self.gate))
        picture = plan.pictures[0]
        thief, mine = self.online(other), self.streams[0]
        for stream, fields in ((thief, {}), (mine, dict(sha256=b"x" * 32)), (mine, dict(sha256=b"")), (mine, dict(id=4711))):
            stream.send(display_request=link.DisplayRequest(**dict(dict(id=made.id, sha256=picture.sha256), **fields)))
            self.assertEqual(stream.read("display_chunk").total, 0)
        mine.send(display_request=link.DisplayRequest(id=made.id, sha256=picture.sha256, offset=2 ** 32 - 1))
        chunk = mine.read("display_chunk")
        self.assertEqual((chunk.total, chunk.data), (picture.size, b""))
        thief.send(display=link.DisplayReport(version=plan.version))
        self.settled(thief)
        self.assertEqual(self.get(made).state, WAITING)
        self.delete(made)
        mine.send(display_request=link.DisplayRequest(id=made.id, sha256=picture.sha256))
        self.assertEqual(mine.read("display_chunk").total, 0)

    def test_a_picture_that_was_lost_on_the_disk_ends_no_stream(self):
        made = self.create(strangers=True)
        stream = self.online(self.gate)
        picture = self.plan(stream)[0].pictures[0]
        self.server.sql("UPDATE blob SET place = 1 << 40 WHERE id = (SELECT blob_id FROM display WHERE id = %d)" % made.id)
        stream.send(display_request=link.DisplayRequest(id=made.id, sha256=picture.sha256))
        chunk = stream.read("display_chunk")
        self.assertEqual((chunk.total, chunk.data), (picture.size, b""))
        self.settled(stream)

    def test_one_that_waits_has_none_and_is_given_none(self):
        waiting = self.terminal()
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % waiting.id)
        self.assertEqual(self.refused(self.create, device=waiting, strangers=True).reason, "DEVICE_WAITING")
        stream = self.online(waiting, display_version=4711)
        stream.send(display_request=link.DisplayRequest(id=1, sha256=b"x" * 32))
        stream.send(heartbeat=link.Heartbeat())
        stream.read("heartbeat_ack")
        self.assertFalse({"display_plan", "display_chunk"} & set(stream.kept()))

    def test_a_server_that_was_killed_has_it_all_the_same(self):
        ann = self.employ()
        made = self.create(photo("person-04.jpg"), person_ids=[ann.id])
        self.server.kill()
        self.server.start()
        type(self).admin = self.server.admin()
        plan, owners = self.plan(self.online(self.gate))
        self.assertEqual(owners, {made.id: {ann.id}})
        self.assertEqual(self.fetch(self.streams[-1], plan.pictures[0]), self.picture(made)[1])


class EndTest(DisplayCase):
    """What becomes of pictures when people and terminals go."""

    def test_who_is_erased_is_shown_nothing_and_his_own_picture_goes(self):
        ann, bob = self.employ("Ann"), self.employ("Bob")
        keys = self.keys()
        self.admin.call("PassService.BatchCreateGrants", person_ids=[ann.id, bob.id], device_ids=[self.gate.id])
        both = self.create(person_ids=[bob.id], strangers=True)
        alone = self.create(person_ids=[ann.id])
        elsewhere = self.create(device=self.terminal(), person_ids=[ann.id, bob.id])
        stream = self.online(self.gate)
        plan, owners = self.plan(stream)
        self.assertEqual(owners, {both.id: {bob.id}, alone.id: {ann.id}})
        self.report(stream, plan)
        self.admin.call("PeopleService.DeleteEmployee", id=ann.id)
        plan, owners = self.plan(stream)
        self.assertEqual(owners, {both.id: {bob.id}})
        self.assertEqual(([one.id for one in self.list()], self.keys()), ([both.id], keys + 2))
        self.assertEqual(self.server.sql("SELECT person_id FROM display_person WHERE display_id = %d" % elsewhere.id), [[str(bob.id)]])
        self.assertEqual(self.refused(self.picture, alone).reason, "DISPLAY_NOT_FOUND")

    def test_a_visitor_is_shown_a_picture_like_an_employee_and_is_erased_like_one(self):
        guest = self.admin.call("VisitorsService.CreateVisitor", visitor=dict(number="V%d" % next(self.numbers), name="Guest"))
        made = self.create(person_ids=[guest.id], strangers=True)
        self.assertEqual([one.kind for one in made.people], [types.PERSON_KIND_VISITOR])
        self.admin.call("VisitorsService.DeleteVisitor", id=guest.id)
        self.assertEqual((self.get(made).people_count, self.get(made).state), (0, WAITING))  # strangers see it still

    def test_one_in_its_place_shows_the_same(self):
        ann = self.employ()
        made = self.create(person_ids=[ann.id])
        stream = self.online(self.gate)
        self.report(stream, self.plan(stream)[0])
        self.leave(self.gate, stream)
        spare = self.terminal()
        self.server.sql("UPDATE device SET approved_at = NULL WHERE id = %d" % spare.id)
        self.admin.call("DevicesService.ReplaceDevice", id=self.gate.id, by_id=spare.id)
        moved = self.list(device=spare)
        self.assertEqual([(one.id, one.device_id, one.state) for one in moved], [(made.id, spare.id, WAITING)])
        stream = self.online(spare)
        plan, owners = self.plan(stream)
        self.assertEqual(owners, {made.id: {ann.id}})
        self.report(stream, plan)
        self.assertEqual(self.list(device=spare)[0].state, ON_DEVICE)
        self.admin.call("PeopleService.DeleteEmployee", id=ann.id)
        self.assertEqual(self.plan(stream)[1], {})

    def test_whatever_is_done_at_once_what_is_left_belongs_together(self):
        gates = [self.terminal() for _ in range(3)]
        people = [self.employ("P%d" % i) for i in range(12)]
        expected = {"", "DB_CONFLICT", "DISPLAY_NOT_FOUND", "TOO_MANY_DISPLAYS", "PERSON_UNKNOWN", "NOBODY_CHOSEN", "DISPLAYS_BUSY"}
        met = []

        def work(number):
            chance = random.Random(number)
            for _ in range(15):
                try:
                    self.act(chance, chance.choice(gates), people)
                    met.append("")
                except Refused as error:
                    met.append(error.reason)

        def erase():
            for person in people[::2]:
                time.sleep(0.3)
                self.admin.call("PeopleService.DeleteEmployee", id=person.id)
                met.append("erased")

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)] + [threading.Thread(target=erase)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertLessEqual(set(met), expected | {"erased"})
        self.assertEqual(met.count("erased"), 6)
        self.assertGreater(met.count(""), 20)
        left = ("SELECT count(*) FROM display_person x WHERE NOT EXISTS (SELECT FROM person p WHERE p.id = x.person_id)"
                " OR NOT EXISTS (SELECT FROM display d WHERE d.id = x.display_id AND d.device_id = x.device_id)",
                "SELECT count(*) FROM display d JOIN display_plan p USING (enterprise_id, device_id) WHERE d.version > p.version",
                "SELECT count(*) FROM blob_key WHERE owner LIKE 'display:%' AND substr(owner, 9)::bigint NOT IN"
                " (SELECT picture_id FROM display)")
        self.assertEqual([self.server.sql(statement) for statement in left], [[["0"]]] * 3)
        for gate in gates:
            plan, owners = self.plan(self.online(gate))
            shown = {one.id: set(one.person_ids) for one in self.list(device=gate) if one.strangers or one.people_count}
            self.assertEqual(owners, shown)
            self.assertLessEqual(sum(picture.strangers for picture in plan.pictures), 1)

    def act(self, chance, gate, people):
        chosen = [person.id for person in chance.sample(people, 3)]
        what, there = chance.random(), self.list(device=gate)
        if what < 0.5 or not there:
            self.create(png(8, 8), device=gate, person_ids=chosen, strangers=chance.random() < 0.5)
        elif what < 0.8:
            self.change(chance.choice(there), picture=png(8, 8, (0, 0, 0)) if what < 0.65 else b"", person_ids=chosen)
        else:
            self.delete(chance.choice(there))

    def test_a_terminal_that_is_deleted_takes_them_along(self):
        keys = self.keys()
        made = self.create(strangers=True)
        self.admin.call("DevicesService.DeleteDevice", id=self.gate.id)
        self.assertEqual(self.refused(self.list).reason, "DEVICE_NOT_FOUND")
        self.assertEqual(self.refused(self.picture, made).reason, "DISPLAY_NOT_FOUND")
        wait_until(lambda: self.keys() == keys, 90, 1)  # swept every minute
        self.assertEqual(self.server.sql("SELECT id FROM display WHERE id = %d" % made.id), [])


if __name__ == "__main__":
    unittest.main()
