"""Employees and their photos, with the real worker looking at the pictures."""

import struct
import unittest
import zlib

from fixture import Refused, Server, photo


def black_png(width, height):
    """One bit a pixel, so that a huge picture is a small file."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) +
            chunk(b"IDAT", rows) + chunk(b"IEND", b""))


class PeopleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.portrait = photo("person-01.jpg")
        cls.numbers = iter(range(1000, 9999))

    def create(self, **fields):
        fields.setdefault("number", "n%d" % next(self.numbers))
        fields.setdefault("name", "Ann")
        return self.admin.call("PeopleService.CreateEmployee", employee=fields)

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    # ---- Employees

    def test_an_employee_comes_back_as_written(self):
        made = self.create(number=" 007 ", name="Zoë 王", phone="+86 1", card_number="0A1B", notes="two\nlines")
        found = self.admin.call("PeopleService.GetEmployee", id=made.id)
        self.assertEqual(found, made)
        self.assertEqual((found.number, found.name, found.phone, found.card_number, found.notes),
                         ("007", "Zoë 王", "+86 1", "0A1B", "two\nlines"))
        self.assertNotEqual(found.group_id, 0)

    def test_all_faults_are_told_at_once(self):
        refused = self.refused(self.create, number="  ", name="")
        self.assertEqual(refused.code, "INVALID_ARGUMENT")
        self.assertEqual(refused.fields, {"employee.number": "FIELD_REQUIRED", "employee.name": "FIELD_REQUIRED"})

    def test_a_number_and_a_card_belong_to_one(self):
        self.create(number="taken", card_number="CARD-1")
        refused = self.refused(self.create, number="taken", card_number="CARD-1")
        self.assertEqual(refused.fields, {"employee.number": "NUMBER_TAKEN", "employee.card_number": "CARD_TAKEN"})
        other = self.create()
        refused = self.refused(self.admin.call, "PeopleService.UpdateEmployee",
                               employee=dict(id=other.id, number="taken", name="Bob"))
        self.assertEqual(refused.fields, {"employee.number": "NUMBER_TAKEN"})

    def test_two_at_the_same_time_cannot_both_have_the_number(self):
        from concurrent.futures import ThreadPoolExecutor

        def attempt(_):
            try:
                self.create(number="race")
                return "made"
            except Refused as refused:
                return refused.fields.get("employee.number")
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(attempt, range(8)))
        self.assertEqual(sorted(outcomes), ["NUMBER_TAKEN"] * 7 + ["made"])

    def test_an_overlong_field_is_named(self):
        refused = self.refused(self.create, name="x" * 97)
        self.assertEqual(refused.code, "INVALID_ARGUMENT")
        self.assertTrue(any("name" in field for field in refused.fields), refused.fields)

    def test_updating_replaces_and_an_unknown_one_is_not_found(self):
        made = self.create(phone="1")
        made.name, made.phone = "Eve", ""
        changed = self.admin.call("PeopleService.UpdateEmployee", employee=made)
        self.assertEqual((changed.name, changed.phone), ("Eve", ""))
        made.id = 1
        self.assertEqual(self.refused(self.admin.call, "PeopleService.UpdateEmployee", employee=made).code, "NOT_FOUND")

    def test_pages_follow_each_other_without_gap_or_repeat(self):
        made = sorted(self.create(name="Paged", number="p%03d" % i).number for i in range(25))
        found, token = [], ""
        while True:
            page = self.admin.call("PeopleService.ListEmployees", page_size=7, page_token=token, query="paged")
            found += [employee.number for employee in page.employees]
            self.assertEqual(page.total_size, 25)
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(found, made)
        skipped = self.admin.call("PeopleService.ListEmployees", page_size=3, skip=20, query="paged")
        self.assertEqual([employee.number for employee in skipped.employees], made[20:23])

    def test_a_page_that_cannot_be_is_refused(self):
        for fields in (dict(page_size=101), dict(page_size=-1), dict(skip=10001), dict(skip=-1),
                       dict(page_token="§$%")):
            refused = self.refused(self.admin.call, "PeopleService.ListEmployees", **fields)
            self.assertEqual(refused.code, "INVALID_ARGUMENT")

    def test_search_takes_everything_literally(self):
        self.create(name="100% _real_ O'Neil\\")
        for query, count in (("100%", 1), ("_real_", 1), ("O'NEIL\\", 1), ("%", 1), ("' OR '1'='1", 0)):
            page = self.admin.call("PeopleService.ListEmployees", query=query)
            self.assertEqual(page.total_size, count, query)

    # ---- Photos

    def test_a_photo_becomes_the_employees(self):
        uploaded = self.admin.upload(self.portrait)
        self.assertGreater(uploaded.width, 0)
        made = self.create(photo_id=uploaded.id)
        self.assertEqual(made.photo_id, uploaded.id)
        kind, data = self.admin.download("PeopleService.DownloadPhoto", id=uploaded.id)
        self.assertEqual((kind, data[:2]), ("image/jpeg", b"\xff\xd8"))
        kind, small = self.admin.download("PeopleService.DownloadPhoto", id=uploaded.id, thumbnail=True)
        self.assertEqual(kind, "image/jpeg")
        self.assertLess(len(small), len(data))
        # A photo belongs to one person.
        self.assertEqual(self.refused(self.create, photo_id=uploaded.id).fields, {"employee.photo_id": "PHOTO_UNKNOWN"})

    def test_a_new_photo_replaces_the_old_one(self):
        first, second = self.admin.upload(self.portrait), self.admin.upload(photo("person-02.jpg"))
        made = self.create(photo_id=first.id)
        made.photo_id = second.id
        self.assertEqual(self.admin.call("PeopleService.UpdateEmployee", employee=made).photo_id, second.id)
        refused = self.refused(self.admin.download, "PeopleService.DownloadPhoto", id=first.id)
        self.assertEqual(refused.code, "NOT_FOUND")
        made.photo_id = 0
        self.assertEqual(self.admin.call("PeopleService.UpdateEmployee", employee=made).photo_id, 0)

    def test_photos_on_disk_are_sealed(self):
        import os
        uploaded = self.admin.upload(self.portrait)
        _, data = self.admin.download("PeopleService.DownloadPhoto", id=uploaded.id)
        for name in os.listdir(self.server.data + "/blobs"):
            with open(os.path.join(self.server.data, "blobs", name), "rb") as file:
                self.assertNotIn(data[1000:1032], file.read())

    def violation(self, data):
        refused = self.refused(self.admin.upload, data)
        self.assertEqual(refused.code, "INVALID_ARGUMENT")
        return refused.fields

    def test_what_is_no_picture_is_refused(self):
        for data in (b"", b"hello", b"GIF89a" + b"\0" * 100, b"\xff\xd8\xff" + b"\0" * 1000, b"\x89PNG\r\n\x1a\n",
                     b"%PDF-1.4"):
            self.assertEqual(self.violation(data), {"photo": "NOT_AN_IMAGE"}, data[:10])

    def test_too_many_bytes_are_refused_as_they_come(self):
        self.assertEqual(self.violation(self.portrait + b"\0" * 512000), {"photo": "TOO_LARGE"})

    def test_faces_that_do_not_fit_are_refused(self):
        self.assertEqual(self.violation(photo("nobody.jpg")), {"photo": "NO_FACE"})
        self.assertEqual(self.violation(photo("two-faces.jpg")), {"photo": "SEVERAL_FACES"})

    def test_a_picture_with_too_many_pixels_is_refused(self):
        self.assertEqual(self.violation(black_png(20000, 20000)), {"photo": "TOO_LARGE_PIXELS"})

    def test_an_unclaimed_photo_is_its_uploaders_alone(self):
        uploaded = self.admin.upload(self.portrait)
        self.server.command("add-user", "--username", "other", "--password-stdin", password="the other's password")
        other = self.server.public()
        answer = other.call("SessionService.Login", username="other", password="the other's password")
        other = other.with_token(answer.token)
        self.assertEqual(self.refused(other.download, "PeopleService.DownloadPhoto", id=uploaded.id).code, "NOT_FOUND")

    def test_changes_are_audited(self):
        made = self.create(number="audited-1", name="Ann")
        self.refused(self.create, number="audited-1")
        self.admin.call("PeopleService.UpdateEmployee", employee=made)
        rows = self.server.sql("SELECT action, code, operator FROM audit_row r JOIN audit_payload p ON p.row_id = r.id"
                               " WHERE p.object LIKE 'employee audited-1%' ORDER BY id")
        self.assertEqual(rows, [["create employee", "0", "admin"], ["create employee", "3", "admin"],
                                ["update employee", "0", "admin"]])


if __name__ == "__main__":
    unittest.main()
