"""Pass display, as the console manages it: pictures for people and strangers at a terminal."""

import time
import unittest

from display_case import NOBODY, WAITING, DisplayCase, png, size_of
from fixture import MODULES, photo

types = MODULES["types"]


class ConsoleTest(DisplayCase):
    def test_what_is_given_is_listed_with_its_people(self):
        ann, bob = self.employ("Ann"), self.employ("Bob")
        made = self.create(person_ids=[bob.id, ann.id, bob.id], seconds=7)
        self.assertEqual((made.device_id, made.strangers, made.seconds, made.people_count), (self.gate.id, False, 7, 2))
        self.assertEqual([(one.person_id, one.name, one.number, one.kind) for one in made.people],
                         [(ann.id, "Ann", ann.number, types.PERSON_KIND_EMPLOYEE),
                          (bob.id, "Bob", bob.number, types.PERSON_KIND_EMPLOYEE)])
        self.assertEqual(list(made.person_ids), [ann.id, bob.id])
        self.assertEqual((made.width, made.height, made.state, made.reason), (32, 24, WAITING, ""))
        self.assertAlmostEqual(made.create_time.seconds, time.time(), delta=5)
        strangers = self.create(strangers=True)
        self.assertEqual((strangers.seconds, strangers.strangers, list(strangers.people)), (5, True, []))
        self.assertEqual(list(self.list()), [made, strangers])

    def test_the_picture_is_drawn_anew(self):
        made = self.create(png(2000, 500, text=b"taken at home"), strangers=True)
        self.assertEqual((made.width, made.height), (1280, 320))
        kind, jpeg = self.picture(made)
        self.assertEqual((kind, size_of(jpeg)), ("image/jpeg", (1280, 320)))
        self.assertNotIn(b"taken at home", jpeg)
        nobody = self.change(made, picture=photo("nobody.jpg"))  # no face is asked for
        self.assertEqual(size_of(self.picture(nobody)[1]), (nobody.width, nobody.height))

    def test_a_picture_that_cannot_be_used(self):
        whole = photo("person-01.jpg")
        for picture, reason in ((b"GIF89a" + b"x" * 100, "NOT_AN_IMAGE"), (png(64, 64)[:80], "DAMAGED"),
                                (whole[:3000], "DAMAGED"), (png(5000, 4000), "TOO_LARGE_PIXELS"),
                                (b"\xff" * 512001, "FIELD_TOO_LONG")):
            error = self.refused(self.create, picture, strangers=True)
            self.assertEqual((error.code, error.fields), ("INVALID_ARGUMENT", {"picture": reason}))
        with self.subTest("none"):
            error = self.refused(self.admin.call, "DisplaysService.CreateDisplay", display=dict(device_id=self.gate.id, strangers=True))
            self.assertEqual(error.fields, {"picture": "FIELD_REQUIRED"})
        self.assertEqual(list(self.list()), [])

    def test_the_last_picture_of_a_person_counts_and_of_strangers(self):
        ann, bob = self.employ("Ann"), self.employ("Bob")
        first = self.create(person_ids=[ann.id, bob.id], strangers=True)
        second = self.create(person_ids=[ann.id])
        self.assertEqual(list(self.get(first).person_ids), [bob.id])
        third = self.create(person_ids=[bob.id], strangers=True)
        left = self.get(first)
        self.assertEqual((list(left.person_ids), left.strangers, left.state), ([], False, NOBODY))
        self.change(left, person_ids=[ann.id])
        self.assertEqual([list(self.get(one).person_ids) for one in (first, second, third)], [[ann.id], [], [bob.id]])

    def test_a_change_keeps_the_picture_unless_there_is_another(self):
        ann, bob = self.employ("Ann"), self.employ("Bob")
        made = self.create(person_ids=[ann.id])
        before, keys = self.picture(made), self.keys()
        changed = self.change(made, person_ids=[bob.id], strangers=True, seconds=60)
        self.assertEqual((list(changed.person_ids), changed.strangers, changed.seconds), ([bob.id], True, 60))
        self.assertEqual(self.picture(made), before)
        self.change(changed, picture=png(10, 10, (0, 0, 255)))
        self.assertNotEqual(self.picture(made), before)
        later = self.get(made).picture_version
        self.assertNotEqual(later, made.picture_version)
        download = lambda version: self.admin.download("DisplaysService.DownloadDisplayPicture", id=made.id, picture_version=version)
        self.assertEqual(download(later), self.picture(made))
        self.assertEqual(self.refused(download, made.picture_version).reason, "DISPLAY_NOT_FOUND")
        self.assertEqual(self.keys(), keys)  # nothing is left of the former one
        self.delete(made)
        self.assertEqual((list(self.list()), self.keys()), ([], keys - 1))
        for again in (self.delete, self.picture, self.change):
            self.assertEqual(self.refused(again, made).reason, "DISPLAY_NOT_FOUND")

    def test_what_cannot_be_asked_for(self):
        ann, deny = self.employ(), self.admin.call("BlacklistService.CreateBlacklistEntry",
                                                   blacklist_entry=dict(number="B%d" % next(self.numbers), name="Mallory", card_number="4711"))
        made = self.create(person_ids=[ann.id])
        for fields, violation in ((dict(), {"display.person_ids": "NOBODY_CHOSEN"}),
                                  (dict(strangers=True, seconds=61), {"display.seconds": "OUT_OF_RANGE"}),
                                  (dict(strangers=True, seconds=-1), {"display.seconds": "OUT_OF_RANGE"}),
                                  (dict(person_ids=[4711]), {"display.person_ids": "PERSON_UNKNOWN"}),
                                  (dict(person_ids=[deny.id]), {"display.person_ids": "PERSON_UNKNOWN"})):
            self.assertEqual(self.refused(self.create, **fields).fields, violation)
            values = dict(dict(person_ids=[], strangers=False), **fields)
            self.assertEqual(self.refused(self.change, made, **values).fields, violation)

        class Nothing:
            id = 4711
        self.assertEqual(self.refused(self.create, device=Nothing, strangers=True).fields, {"display.device_id": "DEVICE_UNKNOWN"})
        self.assertEqual(self.refused(self.list, device=Nothing).reason, "DEVICE_NOT_FOUND")
        self.assertEqual(self.refused(self.change, made, device_id=4711).fields, {"display.device_id": "DEVICE_UNKNOWN"})

    def test_whom_the_blacklist_names_is_not_chosen_but_may_stay(self):
        eve, bob = self.employ("Eve"), self.employ("Bob")
        made = self.create(person_ids=[eve.id])
        self.server.sql("UPDATE person SET identity_number = 'ID-%d' WHERE id = %d" % (eve.id, eve.id))
        self.admin.call("BlacklistService.CreateBlacklistEntry", blacklist_entry=dict(
            number="B%d" % next(self.numbers), name="Eve", identity_number="ID-%d" % eve.id))
        self.assertEqual(self.refused(self.create, person_ids=[bob.id, eve.id]).fields, {"display.person_ids": "PERSON_BLACKLISTED"})
        self.assertEqual(self.change(made, person_ids=[bob.id, eve.id]).people_count, 2)

    def test_no_more_than_a_terminal_keeps(self):
        for _ in range(16):
            last = self.create(strangers=True)
        self.assertEqual(self.refused(self.create, strangers=True).reason, "TOO_MANY_DISPLAYS")
        self.server.sql("INSERT INTO display_person SELECT enterprise_id, device_id, generate_series(1, 1000), id FROM display"
                        " WHERE id = %d" % last.id)
        self.assertEqual(self.refused(self.change, last, person_ids=[self.employ().id]).reason, "TOO_MANY_PEOPLE")
        self.assertEqual((self.get(last).people_count, list(self.get(last).people)), (1000, []))  # they are not there
        self.delete(last)
        self.create(strangers=True)

    def test_who_does_not_see_a_terminal_or_a_person(self):
        inside, outside = self.group("Inside"), self.group("Outside")
        self.admin.call("DevicesService.UpdateDevice", id=self.gate.id, name="Gate", group_id=inside)
        ann, bob = self.employ("Ann", group_id=inside), self.employ("Bob", group_id=outside)
        made = self.create(person_ids=[ann.id, bob.id])
        stranger, part = self.account(outside), self.account(inside)
        self.assertEqual(self.refused(self.list, stranger).reason, "DEVICE_NOT_FOUND")
        self.assertEqual(self.refused(self.picture, made, stranger).reason, "DISPLAY_NOT_FOUND")
        self.assertEqual(self.refused(self.delete, made, stranger).reason, "DISPLAY_NOT_FOUND")
        self.assertEqual(self.refused(self.create, client=stranger, strangers=True).fields, {"display.device_id": "DEVICE_UNKNOWN"})
        seen = self.list(part)[0]
        self.assertEqual(([one.name for one in seen.people], list(seen.person_ids), seen.people_count), (["Ann"], [ann.id], 2))
        self.assertEqual(self.refused(self.create, client=part, person_ids=[bob.id]).fields, {"display.person_ids": "PERSON_UNKNOWN"})
        # Whom he does not see stays, even when he takes everybody out.
        self.assertEqual(self.change(seen, part, person_ids=[]).people_count, 1)
        self.assertEqual(list(self.get(made).person_ids), [bob.id])

    def test_the_log_says_who_did_it_and_keeps_no_names(self):
        ann = self.employ("Ann the first")
        made = self.create(person_ids=[ann.id])
        self.change(made, seconds=9)
        self.delete(made)
        name = self.device(self.gate).name
        for action in ("add pass display", "change pass display", "delete pass display"):
            self.assertIn(["device " + name, ""], self.audited(action))
        kept = self.server.sql("SELECT person_id, before, after FROM audit_payload WHERE before || after LIKE '%%%d%%'" % made.id)
        self.assertEqual(len(kept), 3)
        self.assertNotIn("Ann the first", str(kept))


if __name__ == "__main__":
    unittest.main()
