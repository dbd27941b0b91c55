"""Imports of photos: a zip whose names are personnel IDs."""

import io
import unittest
import zipfile

from fixture import MODULES, photo, wait_until
from terminal import Terminal
from test_import import CANCELLED, FAILED, SUCCEEDED, ImportCase, sheet

link = MODULES["link"]
transfer = MODULES["transfer"]
GOOD, OTHER = "person-01.jpg", "person-02.jpg"
BYTES_MAX = 512000


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    """Pairs of a name and bytes, or the name of a sample photo."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, photo(content) if isinstance(content, str) else content)
    return target.getvalue()


class PhotosCase(ImportCase):
    def add(self, count=1):
        """New employees without photos, by number."""
        numbers = [self.number() for _ in range(count)]
        self.people = {number: self.admin.call("PeopleService.CreateEmployee", employee=dict(number=number, name=number))
                       for number in numbers}
        return numbers

    def start_photos(self, data, client=None):
        client = client or self.admin
        file = self.upload(data, "photos.zip", client)
        return client.call("TransferService.ImportPhotos", id=file.id)

    def import_photos(self, data, client=None):
        operation = self.ended(self.start_photos(data, client), client, 120)
        result = transfer.ImportResult()
        operation.result.Unpack(result)
        return operation, (result.added, result.updated, result.failed)

    def faults(self, operation, client=None):
        """By the name of the file: its position and why."""
        return {p.column: (p.row, p.reason) for p in self.problems(operation, client)}

    def photo_id(self, number):
        return self.employee(number).photo_id


class Imports(PhotosCase):
    def test_photos_become_those_of_their_employees(self):
        a, b = self.add(2)
        operation, counts = self.import_photos(zipped((a + ".jpg", GOOD), (b + ".JPEG", OTHER)))
        self.assertEqual((operation.state, counts), (SUCCEEDED, (2, 0, 0)))
        self.assertEqual((operation.progress, operation.total, operation.failures), (2, 2, 0))
        for number in a, b:
            for thumbnail in False, True:
                _, picture = self.admin.download("PeopleService.DownloadPhoto", id=self.photo_id(number), thumbnail=thumbnail)
                self.assertTrue(picture.startswith(b"\xff\xd8\xff"))
        self.assertEqual(self.server.sql("SELECT count(*) FROM photo WHERE person_id IS NULL"), [["0"]])

    def test_folders_are_flattened_and_what_desktops_add_is_passed_over(self):
        a, b, c = self.add(3)
        operation, counts = self.import_photos(zipped(
            ("photos/", b""), ("photos/.DS_Store", b"x"), ("__MACOSX/photos/._%s.jpg" % a, b"x"), ("photos/Thumbs.db", b"x"),
            ("photos/2026/%s.jpg" % a, GOOD), ("../../../etc/%s.jpg" % b, OTHER), ("C:\\Users\\me\\%s.png" % c, GOOD)))
        self.assertEqual((operation.state, counts, operation.total), (SUCCEEDED, (3, 0, 0), 3))

    def test_what_fails_has_its_position_its_name_and_its_reason(self):
        good, small, dark, text, large, twice, nested, damaged, locked = self.add(9)
        broken = bytearray(zipped((damaged + ".jpg", GOOD), method=zipfile.ZIP_STORED))
        broken[len(broken) // 2] ^= 0xff
        operation, counts = self.import_photos(zipped(
            (good + ".jpg", GOOD), ("nobody-%s.jpg" % good, GOOD), (small + ".jpg", "nobody.jpg"), (text + ".jpg", b"no photo"),
            (large + ".png", bytes(BYTES_MAX + 1)), (twice + ".jpg", GOOD), ("again/%s.png" % twice, OTHER),
            (nested + ".jpg", zipped((nested + ".jpg", GOOD))), ("list.xlsx", b"x"), (" .jpg", GOOD),
            (dark + ".jpg", bytes(64 << 20))))
        self.assertEqual((operation.state, counts), (SUCCEEDED, (2, 0, 9)))
        self.assertEqual(self.faults(operation), {
            "nobody-%s.jpg" % good: (2, "EMPLOYEE_UNKNOWN"), small + ".jpg": (3, "NO_FACE"), text + ".jpg": (4, "NOT_AN_IMAGE"),
            large + ".png": (5, "TOO_LARGE"), twice + ".png": (7, "DUPLICATE_IN_FILE"), nested + ".jpg": (8, "NOT_AN_IMAGE"),
            "list.xlsx": (9, "NOT_AN_IMAGE"), " .jpg": (10, "NUMBER_MISSING"), dark + ".jpg": (11, "FILE_INFLATES_TOO_FAR")})
        unknown = self.problems(operation)[0]
        self.assertEqual((unknown.field, unknown.value), ("number", "nobody-" + good))
        operation, counts = self.import_photos(bytes(broken))
        self.assertEqual((counts, self.faults(operation)), ((0, 0, 1), {damaged + ".jpg": (1, "FILE_DAMAGED")}))
        locked_zip = bytearray(zipped((locked + ".jpg", GOOD)))
        for at in locked_zip.index(b"PK\3\4") + 6, locked_zip.index(b"PK\1\2") + 8:
            locked_zip[at] |= 1
        operation, counts = self.import_photos(bytes(locked_zip))
        self.assertEqual((counts, self.faults(operation)), ((0, 0, 1), {locked + ".jpg": (1, "FILE_ENCRYPTED")}))

    def test_numbers_are_exact_and_of_any_script(self):
        number = "员工-%s" % self.number()
        self.admin.call("PeopleService.CreateEmployee", employee=dict(number=number, name="Ann"))
        operation, counts = self.import_photos(zipped((number + ".jpg", GOOD), (number.replace("员", "職") + ".jpg", GOOD),
                                                      ("0" + number + ".jpg", GOOD)))
        self.assertEqual((counts, [p.reason for p in self.problems(operation)]), ((1, 0, 2), ["EMPLOYEE_UNKNOWN"] * 2))

    def test_a_photo_replaces_the_one_before_and_reaches_the_terminal_again(self):
        number, = self.add()
        self.import_photos(zipped((number + ".jpg", GOOD)))
        before = self.photo_id(number)
        terminal = Terminal(self.server, "photos", "admin", self.server.PASSWORD, name="Gate")
        self.admin.call("PassService.BatchCreateGrants", person_ids=[self.people[number].id], device_ids=[terminal.id])
        stream = terminal.online(engine="another")
        self.addCleanup(stream.close)
        first = stream.read("people").changes[0]
        stream.send(people=link.PeopleReport(outcomes=[link.PersonOutcome(revision=first.revision, person_id=first.person_id)]))
        operation, counts = self.import_photos(zipped((number + ".jpg", OTHER)))
        self.assertEqual((operation.state, counts), (SUCCEEDED, (0, 1, 0)))
        second = stream.read("people").changes[0]
        self.assertEqual(second.person_id, first.person_id)
        self.assertNotEqual(second.photo_sha256, first.photo_sha256)
        self.assertNotEqual(self.photo_id(number), before)
        self.assertEqual(self.server.sql("SELECT count(*) FROM photo WHERE id = %d" % before), [["0"]])
        self.assertEqual(self.server.sql("SELECT count(*) FROM blob b JOIN blob_key k ON k.id = b.key_id"
                                         " WHERE k.owner = 'person:%d'" % self.people[number].id), [["3"]])

    def test_people_out_of_sight_are_unknown(self):
        number, = self.add()
        root = int(self.server.sql("SELECT id FROM org_group WHERE parent_id IS NULL LIMIT 1")[0][0])
        group = self.admin.call("OrgService.CreateGroup", group=dict(name="Branch", parent_id=root))
        made = self.admin.call("UsersService.CreateUser", user=dict(username="branch", group_administrator=True,
                                                                    group_id=group.id))
        first = self.server.public().call("SessionService.Login", username="branch", password=made.one_time_password)
        client = self.server.public().with_token(first.token)
        client.call("SessionService.ChangePassword", old_password=made.one_time_password, new_password="correct horse battery")
        seen = self.number()
        client.call("PeopleService.CreateEmployee", employee=dict(number=seen, name="Ann"))
        operation, counts = self.import_photos(zipped((number + ".jpg", GOOD), (seen + ".jpg", GOOD)), client)
        self.assertEqual((counts, self.faults(operation, client)), ((1, 0, 1), {number + ".jpg": (1, "EMPLOYEE_UNKNOWN")}))
        self.assertEqual(self.photo_id(number), 0)

    def test_an_import_can_be_cancelled_and_keeps_what_it_did(self):
        numbers = self.add(60)
        operation = self.start_photos(zipped(*((number + ".jpg", GOOD) for number in numbers), method=zipfile.ZIP_STORED))
        wait_until(lambda: self.admin.call("OperationsService.GetOperation", id=operation.id).progress > 0, 60)
        self.admin.call("OperationsService.CancelOperation", id=operation.id)
        ended = self.ended(operation)
        self.assertEqual(ended.state, CANCELLED)
        done = sum(self.photo_id(number) != 0 for number in numbers)
        self.assertEqual(done, ended.progress)
        self.assertLess(done, 60)


class Refusals(PhotosCase):
    def test_a_preview_shows_the_first_names_and_counts_all(self):
        data = zipped(*(("p/%04d.jpg" % i, b"x") for i in range(30)), ("readme.txt", b"x"))
        shown = self.admin.call("TransferService.PreviewImport", id=self.upload(data, "photos.zip").id)
        self.assertEqual((shown.total, len(shown.rows), shown.file.name), (31, 20, "photos.zip"))
        self.assertEqual((list(shown.rows[4].cells), shown.rows[4].row, len(shown.rows[4].problems)), (["0004.jpg"], 5, 0))
        shown = self.admin.call("TransferService.PreviewImport", id=self.upload(zipped(("a.txt", b"x"))).id)
        self.assertEqual([p.reason for p in shown.rows[0].problems], ["NOT_AN_IMAGE"])

    def test_a_zip_that_cannot_be_trusted_is_refused_as_a_whole(self):
        whole = zipped(*((self.number() + ".jpg", GOOD) for _ in range(2)))
        overlapping = bytearray(whole)
        first = overlapping.index(b"PK\1\2")
        second = overlapping.index(b"PK\1\2", first + 4)
        overlapping[second + 42:second + 46] = overlapping[first + 42:first + 46]
        split = bytearray(whole)
        end = split.index(b"PK\5\6")
        split[end + 4] = split[end + 6] = 1
        for data, reason in ((whole[:-30], "ARCHIVE_NOT_READABLE"), (bytes(overlapping), "ARCHIVE_OVERLAPS"),
                             (bytes(split), "ARCHIVE_SPLIT"), (b"PK\3\4" + bytes(100), "ARCHIVE_NOT_READABLE")):
            file = self.upload(data, "photos.zip")
            self.assertEqual(self.refused(self.admin.call, "TransferService.PreviewImport", id=file.id).fields, {"id": reason})
            operation = self.ended(self.admin.call("TransferService.ImportPhotos", id=file.id))
            self.assertEqual((operation.state, operation.error.reason), (FAILED, reason))

    def test_a_sheet_is_no_zip_and_a_zip_no_sheet(self):
        file = self.upload(sheet(), "staff.csv")
        self.assertEqual(self.refused(self.admin.call, "TransferService.ImportPhotos", id=file.id).fields,
                         {"id": "FILE_KIND_UNFIT"})
        file = self.upload(zipped(("a.jpg", b"x")), "photos.zip")
        self.assertEqual(self.refused(self.admin.call, "TransferService.ImportEmployees", id=file.id).fields,
                         {"id": "FILE_KIND_UNFIT"})

    def test_an_empty_zip_imports_nothing(self):
        operation, counts = self.import_photos(zipped())
        self.assertEqual((operation.state, counts, operation.total), (SUCCEEDED, (0, 0, 0), 0))


if __name__ == "__main__":
    unittest.main()
