"""Visitors, and what the three kinds have in common: fields, uniqueness, cards that change hands, filters."""

import unittest

from fixture import MODULES, photo
from people_case import PeopleCase

people = MODULES["people"]

EVERYTHING = {
    "employee": dict(number="0001", name="Ann 王", gender=people.GENDER_FEMALE, phone="+86 1", identity_number="ID 01",
                     card_number="00C1", nationality="Chinese", birthplace="Chengdu", birth_date="1990-02-28",
                     address="1 Long Road", employed_from="2020-01-01", employed_until="2099-12-31",
                     consent_date="2026-01-02", consent_note="on paper", notes="two\nlines"),
    "visitor": dict(number="0001", name="Ben", gender=people.GENDER_MALE, phone="2", identity_number="ID 01",
                    card_number="00C2", nationality="French", ethnicity="none", birth_date="2000-02-29", address="2 Short Road",
                    company="ACME", purpose="audit", consent_date="2026-01-02", consent_note="by mail", notes="n"),
    "blacklist_entry": dict(number="0001", name="Cid", gender=people.GENDER_OTHER, phone="3", identity_number="ID 03",
                            card_number="00C3", birthplace="Paris", ethnicity="none", birth_date="1980-12-01",
                            address="3 Wide Road", notes="n"),
}


class VisitorsTest(PeopleCase):
    def test_every_field_of_every_kind_comes_back(self):
        """The same number, and the same identity of an employee and a visitor: kinds do not touch each other."""
        for kind, fields in EVERYTHING.items():
            with self.subTest(kind):
                made = self.create(kind, **fields)
                for name, value in fields.items():
                    self.assertEqual(getattr(made, name), value, name)
                self.assertEqual(self.get(kind, made.id), made)
                self.assertIn("0001", self.numbers_found(kind))
                self.assertEqual(self.refused(self.get, "visitor" if kind != "visitor" else "employee", made.id).code,
                                 "NOT_FOUND")
                bare = self.update(kind, made, **{name: type(value)() for name, value in fields.items()
                                                  if name not in ("number", "name")})
                self.assertEqual((bare.number, bare.phone, bare.birth_date, bare.gender), ("0001", "", "", 0))

    def test_faults_are_told_at_their_fields(self):
        for kind, fields, faults in (
                ("visitor", dict(number="", birth_date="2001-02-29", company="a\nb", gender=9),
                 dict(number="FIELD_REQUIRED", birth_date="DATE_INVALID", company="VALUE_INVALID", gender="VALUE_INVALID")),
                ("employee", dict(employed_from="2026-02-01", employed_until="2026-01-31"),
                 dict(employed_until="DATES_REVERSED")),
                ("blacklist_entry", dict(name=" ", birth_date="yesterday"),
                 dict(name="FIELD_REQUIRED", birth_date="DATE_INVALID")),
                ("visitor", dict(host_id=7), dict(host_id="HOST_UNKNOWN")),
                ("visitor", dict(group_id=7), dict(group_id="GROUP_UNKNOWN")),
                ("visitor", dict(section_id=7), dict(section_id="SECTION_UNKNOWN")),
                ("visitor", dict(photo_id=7), dict(photo_id="PHOTO_UNKNOWN"))):
            with self.subTest(kind=kind, **fields):
                self.assertEqual(self.refused(self.create, kind, **fields).fields,
                                 {"%s.%s" % (kind, name): reason for name, reason in faults.items()})

    def test_numbers_and_identities_are_unique_in_their_kind(self):
        for kind in EVERYTHING:
            with self.subTest(kind):
                self.create(kind, number="u1", identity_number="u-id")
                refused = self.refused(self.create, kind, number="u1", identity_number="u-id")
                self.assertEqual(refused.fields, {kind + ".number": "NUMBER_TAKEN", kind + ".identity_number": "IDENTITY_TAKEN"})
                other = self.create(kind, number="u2")
                refused = self.refused(self.update, kind, other, identity_number="u-id")
                self.assertEqual(refused.fields, {kind + ".identity_number": "IDENTITY_TAKEN"})

    def test_two_at_the_same_time_cannot_both_have_the_identity(self):
        from concurrent.futures import ThreadPoolExecutor

        def attempt(_):
            try:
                self.create("visitor", identity_number="race-id")
                return "made"
            except Exception as refused:
                return refused.fields.get("visitor.identity_number")
        with ThreadPoolExecutor(8) as pool:
            self.assertEqual(sorted(pool.map(attempt, range(8))), ["IDENTITY_TAKEN"] * 7 + ["made"])

    def test_sections_are_of_the_kind(self):
        root = self.admin.call("OrgService.ListGroups").groups[0].id
        sections = {kind: self.admin.call("OrgService.CreateSection",
                                          section=dict(group_id=root, module=module, name="of " + kind)).id
                    for kind, module in (("employee", 2), ("visitor", 3), ("blacklist_entry", 4))}
        for kind in sections:
            made = self.create(kind, number="sectioned", section_id=sections[kind])
            self.assertEqual(made.section_id, sections[kind])
            self.assertEqual(self.numbers_found(kind, section_id=sections[kind]), ["sectioned"])
            self.assertNotIn("sectioned", self.numbers_found(kind, section_id=-1))
            other = sections["visitor" if kind != "visitor" else "employee"]
            self.assertEqual(self.refused(self.create, kind, section_id=other).fields,
                             {kind + ".section_id": "SECTION_UNKNOWN"})

    # ---- Hosts

    def test_a_host_is_an_employee_whom_the_caller_sees(self):
        west, east = self.group("Hosts west"), self.group("Hosts east")
        clerk = self.clerk("host-clerk", west)
        seen, unseen = self.create("employee", name="Seen", group_id=west), self.create("employee", name="Unseen", group_id=east)
        made = self.create("visitor", client=clerk, host_id=seen.id)
        self.assertEqual((made.host_id, made.host_name), (seen.id, "Seen"))
        self.assertEqual(self.refused(self.update, "visitor", made, client=clerk, host_id=unseen.id).fields,
                         {"visitor.host_id": "HOST_UNKNOWN"})
        self.assertEqual(self.refused(self.update, "visitor", made, host_id=made.id).fields,
                         {"visitor.host_id": "HOST_UNKNOWN"})
        # Whoever may see more gave him another host: the name stays hidden, and the host may stay.
        self.assertEqual(self.update("visitor", made, host_id=unseen.id).host_name, "Unseen")
        made = self.get("visitor", made.id, client=clerk)
        self.assertEqual((made.host_id, made.host_name), (unseen.id, ""))
        self.assertEqual(self.update("visitor", made, client=clerk, name="Renamed").host_id, unseen.id)

    # ---- Cards

    def test_a_card_changes_hands_when_that_is_asked_for(self):
        first = self.create("employee", number="card-1", name="Ann", card_number="K1")
        refused = self.refused(self.create, "visitor", card_number="K1")
        self.assertEqual(refused.fields, {"visitor.card_number": "CARD_TAKEN"})
        self.assertEqual(refused.facts["card_holder"], "Ann (card-1)")
        second = self.create("visitor", card_number="K1", take_card=True)
        self.assertEqual((second.card_number, self.get("employee", first.id).card_number), ("K1", ""))
        # And back, between people who are there already.
        self.assertEqual(self.update("employee", first, take_card=True).card_number, "K1")
        self.assertEqual(self.get("visitor", second.id).card_number, "")
        rows = self.server.sql("SELECT p.object, p.before LIKE '%K1%', p.after LIKE '%K1%' FROM audit_row r"
                               " JOIN audit_payload p ON p.row_id = r.id WHERE action = 'take card' AND p.person_id = " +
                               str(first.id))
        self.assertEqual(rows, [["employee card-1 Ann", "t", "f"]])

    def test_an_entry_of_the_blacklist_takes_nobodys_card(self):
        self.create("employee", card_number="K2")
        self.create("blacklist_entry", card_number="K2")
        self.create("blacklist_entry", card_number="K2")
        self.create("visitor", card_number="K2x")

    def test_whoever_is_not_seen_or_may_not_be_edited_keeps_his_card(self):
        west, east = self.group("Cards west"), self.group("Cards east")
        holder = self.create("employee", name="Unseen", card_number="K3", group_id=east)
        beside = self.create("employee", name="Beside", card_number="K4", group_id=west)
        clerk = self.clerk("card-clerk", west)
        refused = self.refused(self.create, "employee", client=clerk, card_number="K3", take_card=True)
        self.assertEqual(refused.fields, {"employee.card_number": "CARD_TAKEN"})
        self.assertNotIn("card_holder", refused.facts)
        guard = self.clerk("visitors-clerk", west, "visitors.view", "visitors.edit")
        refused = self.refused(self.create, "visitor", client=guard, card_number="K4", take_card=True)
        self.assertEqual(refused.fields, {"visitor.card_number": "CARD_TAKEN"})
        self.assertNotIn("card_holder", refused.facts)
        self.assertEqual([self.get("employee", one.id).card_number for one in (holder, beside)], ["K3", "K4"])

    def test_two_who_take_each_others_card_end_with_one_each_or_a_refusal(self):
        from concurrent.futures import ThreadPoolExecutor
        pair = [self.create("employee", card_number="S%d" % i) for i in range(2)]

        def swap(i):
            try:
                self.update("employee", self.get("employee", pair[i % 2].id), card_number="S%d" % (i // 2 % 2), take_card=True)
                return ""
            except Exception as refused:
                return refused.fields.get("employee.card_number", str(refused))
        with ThreadPoolExecutor(8) as pool:
            outcomes = set(pool.map(swap, range(80)))
        self.assertLessEqual(outcomes, {"", "CARD_TAKEN"})
        cards = sorted(self.get("employee", one.id).card_number for one in pair)
        self.assertTrue(all(card in ("", "S0", "S1") for card in cards) and (not all(cards) or cards == ["S0", "S1"]), cards)

    # ---- Lists

    def test_lists_are_searched_and_filtered(self):
        group = self.group("Filters")
        picture = self.admin.upload(photo("person-01.jpg"))
        made = {number: self.create("visitor", number=number, group_id=group, **fields).id for number, fields in (
            ("f1", dict(name="Zoë", card_number="F-CARD")), ("f2", dict(name="zoëlle", identity_number="F-ID")),
            ("f3", dict(phone="F-555")), ("f4", dict(photo_id=picture.id)))}
        for filters, found in (
                (dict(query="ZO"), "f1 f2"), (dict(query="F-CARD"), "f1"), (dict(query="F-CAR"), ""),
                (dict(query="F-ID"), "f2"), (dict(query="F-555"), "f3"), (dict(query="f"), "f1 f2 f3 f4"),
                (dict(photo=people.PHOTO_FILTER_WITH), "f4"), (dict(photo=people.PHOTO_FILTER_WITHOUT), "f1 f2 f3"),
                (dict(grant=people.GRANT_FILTER_NONE), "f1 f2 f3 f4"), (dict(grant=people.GRANT_FILTER_PENDING), ""),
                (dict(section_id=-1), "f1 f2 f3 f4"), (dict(section_id=7), "")):
            with self.subTest(**filters):
                self.assertEqual(self.numbers_found("visitor", group_id=group, **filters), found.split())
        self._grant(made)
        for grant, found in ((people.GRANT_FILTER_NONE, "f4"), (people.GRANT_FILTER_PENDING, "f1"),
                             (people.GRANT_FILTER_ON_DEVICE, "f2"), (people.GRANT_FILTER_FAILED, "f2 f3")):
            with self.subTest(grant=grant):
                self.assertEqual(self.numbers_found("visitor", group_id=group, grant=grant), found.split())

    def _grant(self, made):
        """f1 on its way to a terminal, f2 on one and failed at another, f3 failed, f4 taken off."""
        enterprise, root = self.server.sql("SELECT enterprise_id, group_id FROM app_user WHERE username = 'admin'")[0]
        for number in (71, 72):
            self.server.sql("INSERT INTO device VALUES (%s, %d, %s, 'SN%d', 'Gate', '', '', now())"
                            % (enterprise, number, root, number))
        self.server.sql("INSERT INTO device_person VALUES " + ",".join(
            "(%s, %d, %d, %d, %s, NULL, NULL, %d, %d, now(), now())" % (enterprise, device, made[number], revision, present,
                                                                         confirmed, failure)
            for device, number, revision, present, confirmed, failure in (
                (71, "f1", 1, "true", 0, 0), (71, "f2", 2, "true", 2, 0), (72, "f2", 3, "true", 3, 2),
                (71, "f3", 4, "true", 4, 3), (71, "f4", 5, "false", 5, 0))))

    def test_a_clerk_sees_his_part_of_every_kind(self):
        west = self.group("Seen west")
        clerk = self.clerk("part-clerk", west)
        for kind in EVERYTHING:
            inside, outside = self.create(kind, number="in", group_id=west), self.create(kind, number="out")
            self.assertEqual(self.numbers_found(kind, client=clerk), ["in"])
            self.assertEqual(self.get(kind, inside.id, client=clerk).number, "in")
            self.assertEqual(self.refused(self.get, kind, outside.id, client=clerk).code, "NOT_FOUND")
            self.assertEqual(self.refused(self.update, kind, outside, client=clerk, name="Eve").code, "NOT_FOUND")

    def test_permissions_are_of_the_kind(self):
        root = self.admin.call("OrgService.ListGroups").groups[0].id
        clerk = self.clerk("one-kind", root, "visitors.view")
        visitor, employee = self.create("visitor"), self.create("employee")
        self.assertEqual(self.get("visitor", visitor.id, client=clerk).id, visitor.id)
        self.assertEqual(self.refused(self.get, "employee", employee.id, client=clerk).code, "PERMISSION_DENIED")
        self.assertEqual(self.refused(self.create, "visitor", client=clerk).code, "PERMISSION_DENIED")

    def test_photos_are_seen_by_whoever_may_view_the_kind(self):
        root = self.admin.call("OrgService.ListGroups").groups[0].id
        clerk = self.clerk("photo-clerk", root, "visitors.view", "photos.view")
        pictures = {}
        for kind in EVERYTHING:
            pictures[kind] = self.admin.upload(photo("person-02.jpg")).id
            self.create(kind, photo_id=pictures[kind])
        self.assertEqual(clerk.download("PeopleService.DownloadPhoto", id=pictures["visitor"])[0], "image/jpeg")
        for kind in ("employee", "blacklist_entry"):
            self.assertEqual(self.refused(clerk.download, "PeopleService.DownloadPhoto", id=pictures[kind]).code, "NOT_FOUND")


if __name__ == "__main__":
    unittest.main()
