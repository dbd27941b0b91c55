"""Imports of employees: uploads, previews, the operation, what failed, and the file of failed rows."""

import csv
import io
import os
import time
import unittest
import zipfile
from xml.etree import ElementTree

import grpc

from fixture import MODULES, HttpBody, Refused, Server, wait_until

transfer = MODULES["transfer"]
KEEP, OVERWRITE = transfer.IMPORT_MODE_KEEP, transfer.IMPORT_MODE_OVERWRITE
SUCCEEDED, FAILED, CANCELLED = (MODULES["operations"].OPERATION_STATE_SUCCEEDED, MODULES["operations"].OPERATION_STATE_FAILED,
                                MODULES["operations"].OPERATION_STATE_CANCELLED)
HEADER = ["Personnel ID", "Name", "Gender", "Group", "Phone", "ID card number", "IC card number", "Date of birth",
          "Employed from", "Employed until", "Notes"]
MANUAL = ("The file content or format is incorrect. Please fill in the employee information according to the template "
          "requirements.")


def sheet(*rows, header=HEADER):
    """CSV; a row is a list of cells, or a dictionary by header."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([row.get(name, "") for name in header] if isinstance(row, dict) else row)
    return text.getvalue().encode()


def workbook_rows(data, name=None):
    """The texts of a sheet of an .xlsx, as lists; the first sheet, or the one of this name."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = [s.get("name") for s in ElementTree.fromstring(book.read("xl/workbook.xml")).find("m:sheets", space)]
        part = "xl/worksheets/sheet%d.xml" % ((names.index(name) if name else 0) + 1)
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ["".join(t.text or "" for t in si.iter("{%s}t" % space["m"]))
                      for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        rows = []
        for row in ElementTree.fromstring(book.read(part)).iter("{%s}row" % space["m"]):
            cells = {}
            for cell in row:
                column = 0
                for letter in cell.get("r").rstrip("0123456789"):
                    column = column * 26 + ord(letter) - 64
                value = cell.find("m:v", space)
                text = "".join(t.text or "" for t in cell.iter("{%s}t" % space["m"]))
                cells[column] = shared[int(value.text)] if cell.get("t") == "s" else value.text if value is not None else text
            rows.append([cells.get(i, "") for i in range(1, max(cells, default=0) + 1)])
        return rows


class ImportCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.numbers = iter(range(10000, 99999))

    def number(self):
        return "i%d" % next(self.numbers)

    def upload(self, data, name=None, client=None, part=65536):
        client = client or self.admin

        def parts():
            for i in range(0, max(len(data), 1), part):
                body = HttpBody(data=data[i:i + part])
                if i == 0 and name:
                    body.extensions.add().Pack(MODULES["body"].BodyInfo(file_name=name))
                yield body
        stub = client.channel.stream_unary("/smartpass.v1.TransferService/UploadImport", HttpBody.SerializeToString,
                                           transfer.TransferFile.FromString)
        try:
            return stub(parts(), timeout=60, metadata=list(client.metadata.items()))
        except grpc.RpcError as error:
            raise Refused(error) from None

    def start(self, data, mode=KEEP, client=None, **fields):
        file = self.upload(data, "staff.csv", client)
        return (client or self.admin).call("TransferService.ImportEmployees", id=file.id, mode=mode, **fields)

    def ended(self, operation, client=None, seconds=60):
        def look():
            found = (client or self.admin).call("OperationsService.GetOperation", id=operation.id)
            return found if found.done else None
        return wait_until(look, seconds)

    def run_import(self, data, mode=KEEP, client=None, **fields):
        """The operation as it ended, and its result."""
        operation = self.ended(self.start(data, mode, client, **fields), client)
        result = transfer.ImportResult()
        operation.result.Unpack(result)
        return operation, result

    def problems(self, operation, client=None, **fields):
        return (client or self.admin).call("TransferService.ListImportProblems", operation_id=operation.id,
                                           **{"page_size": 100, **fields}).problems

    def employee(self, number):
        found = self.admin.call("PeopleService.ListEmployees", query=number).employees
        return next((person for person in found if person.number == number), None)

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    def column(self, number, column):
        """As the database has it."""
        return self.server.sql("SELECT coalesce(%s::text, '') FROM person WHERE kind = 1 AND number = '%s'" % (column, number))


class Uploads(ImportCase):
    def test_what_a_file_is_its_bytes_tell(self):
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("0007.jpg", b"x")
        book = io.BytesIO()
        with zipfile.ZipFile(book, "w") as archive:
            archive.writestr("[Content_Types].xml", b"x")
            archive.writestr("xl/workbook.xml", b"x")
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        for data, kind in ((sheet(), transfer.TRANSFER_FILE_KIND_CSV), (zipped.getvalue(), transfer.TRANSFER_FILE_KIND_ZIP),
                           (book.getvalue(), transfer.TRANSFER_FILE_KIND_XLSX), (ole, transfer.TRANSFER_FILE_KIND_XLS)):
            file = self.upload(data, "folder/a\\what.ever")
            self.assertEqual((file.kind, file.size, file.name), (kind, len(data), "what.ever"))

    def test_what_is_no_sheet_and_no_zip_is_refused(self):
        self.assertEqual(self.refused(self.upload, b"\x7fELF\0\0\0\0").fields, {"file": "FILE_KIND_UNKNOWN"})
        self.assertEqual(self.refused(self.upload, b"").fields, {"file": "FILE_EMPTY"})

    def test_files_are_readable_by_the_server_alone(self):
        file = self.upload(sheet())
        folder = os.path.join(self.server.data, "transfer")
        path = os.path.join(folder, str(file.id))
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(os.path.getsize(path), file.size)

    def test_a_large_upload_is_whole(self):
        data = sheet(*([self.number(), "x" * 90] for _ in range(60000)))
        file = self.upload(data, part=1 << 20)
        with open(os.path.join(self.server.data, "transfer", str(file.id)), "rb") as kept:
            self.assertEqual(kept.read(), data)

    def test_an_upload_that_breaks_off_leaves_nothing(self):
        folder = os.path.join(self.server.data, "transfer")
        before = set(os.listdir(folder)) if os.path.isdir(folder) else set()

        def broken():
            yield HttpBody(data=b"a,b\n" * 10000)
            raise RuntimeError("the sender is gone")
        stub = self.admin.channel.stream_unary("/smartpass.v1.TransferService/UploadImport", HttpBody.SerializeToString,
                                               transfer.TransferFile.FromString)
        with self.assertRaises(grpc.RpcError):
            stub(broken(), timeout=60, metadata=list(self.admin.metadata.items()))
        wait_until(lambda: set(os.listdir(folder)) == before)

    def test_an_upload_is_its_uploaders_alone(self):
        file = self.upload(sheet())
        other = self.server.admin().call("UsersService.CreateUser", user=dict(
            username="importer", group_administrator=True, group_id=self.root()))
        first = self.server.public().call("SessionService.Login", username="importer", password=other.one_time_password)
        client = self.server.public().with_token(first.token)
        client.call("SessionService.ChangePassword", old_password=other.one_time_password, new_password="correct horse battery")
        for method in ("PreviewImport", "ImportEmployees"):
            self.assertEqual(self.refused(client.call, "TransferService." + method, id=file.id).reason, "TRANSFER_FILE_NOT_FOUND")

    def root(self):
        return int(self.server.sql("SELECT id FROM org_group WHERE parent_id IS NULL LIMIT 1")[0][0])


class Previews(ImportCase):
    def test_columns_and_rows_are_shown_with_what_is_wrong(self):
        file = self.upload(sheet({"Personnel ID": "007", "Name": "Ann"}, {"Personnel ID": "007", "Date of birth": "05/06/2026"},
                                 header=["Personnel ID *", "name", "Shoe size", "Date of birth"]), "staff.csv")
        shown = self.admin.call("TransferService.PreviewImport", id=file.id)
        self.assertEqual([(column.header, column.field) for column in shown.columns],
                         [("Personnel ID *", "number"), ("name", "name"), ("Shoe size", ""), ("Date of birth", "birth_date")])
        self.assertEqual(shown.file.name, "staff.csv")

    def test_rows_are_numbered_as_the_sheet_counts(self):
        file = self.upload(sheet(["007", "Ann"], ["007", "", "?"], header=["Personnel ID", "Name", "Gender"]))
        shown = self.admin.call("TransferService.PreviewImport", id=file.id)
        self.assertEqual(shown.total, 2)
        self.assertEqual([row.row for row in shown.rows], [2, 3])
        self.assertEqual(list(shown.rows[0].cells), ["007", "Ann"])
        self.assertEqual(len(shown.rows[0].problems), 0)
        self.assertEqual([(problem.column, problem.field, problem.reason) for problem in shown.rows[1].problems],
                         [("Gender", "gender", "GENDER_UNKNOWN"), ("Personnel ID", "number", "DUPLICATE_IN_FILE"),
                          ("Name", "name", "FIELD_REQUIRED")])

    def test_a_chinese_header_is_understood(self):
        file = self.upload(sheet(["1", "王", "女"], header=["人员编号", "姓名", "性别"]))
        shown = self.admin.call("TransferService.PreviewImport", id=file.id)
        self.assertEqual([column.field for column in shown.columns], ["number", "name", "gender"])

    def test_a_preview_shows_twenty_rows_and_counts_all(self):
        file = self.upload(sheet(*([self.number(), "Ann"] for _ in range(345))))
        shown = self.admin.call("TransferService.PreviewImport", id=file.id)
        self.assertEqual((len(shown.rows), shown.total), (20, 345))

    def test_a_sheet_without_the_templates_header_is_refused_in_the_manuals_words(self):
        file = self.upload(sheet(["1", "Ann"], header=["a", "b"]))
        refused = self.refused(self.admin.call, "TransferService.PreviewImport", id=file.id)
        self.assertEqual((refused.code, refused.fields), ("INVALID_ARGUMENT", {"id": "TEMPLATE_MISMATCH"}))
        operation = self.ended(self.admin.call("TransferService.ImportEmployees", id=file.id))
        self.assertEqual((operation.state, operation.error.reason, operation.error.message), (FAILED, "TEMPLATE_MISMATCH", MANUAL))

    def test_a_file_that_is_not_what_it_seems_is_refused_with_a_reason(self):
        file = self.upload(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000)
        refused = self.refused(self.admin.call, "TransferService.PreviewImport", id=file.id)
        self.assertEqual((refused.code, list(refused.fields)), ("INVALID_ARGUMENT", ["id"]))


class Imports(ImportCase):
    def test_rows_become_employees(self):
        a, b = "00" + self.number(), self.number()
        operation, result = self.run_import(sheet(
            {"Personnel ID": a, "Name": " Zoë 王 ", "Gender": "f", "Phone": "+86 1", "ID card number": "ID" + a,
             "IC card number": "IC" + a, "Date of birth": "1990-1-5", "Employed from": "2026/01/05", "Notes": "two\nlines"},
            {"Personnel ID": b, "Name": "Bob", "Gender": "男", "Employed until": "31.12.2030"}))
        self.assertEqual((operation.state, operation.progress, operation.total, operation.failures), (SUCCEEDED, 2, 2, 0))
        self.assertEqual((operation.kind, operation.object), ("import employees", "staff.csv"))
        self.assertEqual((result.added, result.updated, result.failed, result.failed_file_id), (2, 0, 0, 0))
        ann = self.employee(a)
        self.assertEqual((ann.name, ann.phone, ann.card_number, ann.notes), ("Zoë 王", "+86 1", "IC" + a, "two\nlines"))
        for number, column, value in ((a, "gender", "1"), (a, "identity_number", "ID" + a), (a, "birth_date", "1990-01-05"),
                                      (a, "employed_from", "2026-01-05"), (b, "gender", "2"), (b, "employed_until", "2030-12-31")):
            self.assertEqual(self.column(number, column), [[value]] if value else [], (number, column))

    def test_keeping_reports_who_is_there(self):
        number = self.number()
        self.run_import(sheet([number, "Ann"]))
        operation, result = self.run_import(sheet([number, "Bob"], [self.number(), "Carl"]))
        self.assertEqual((operation.state, result.added, result.failed), (SUCCEEDED, 1, 1))
        self.assertEqual([(p.row, p.column, p.field, p.reason, p.value) for p in self.problems(operation)],
                         [(2, "Personnel ID", "number", "NUMBER_TAKEN", number)])
        self.assertEqual(self.employee(number).name, "Ann")

    def test_overwriting_keeps_what_a_row_does_not_state(self):
        number = self.number()
        self.run_import(sheet({"Personnel ID": number, "Name": "Ann", "Phone": "1", "Notes": "old", "Date of birth": "1990-01-05"}))
        operation, result = self.run_import(sheet({"Personnel ID": number, "Name": "Anna", "Notes": "new"}), OVERWRITE)
        self.assertEqual((operation.state, result.added, result.updated, result.failed), (SUCCEEDED, 0, 1, 0))
        ann = self.employee(number)
        self.assertEqual((ann.name, ann.phone, ann.notes), ("Anna", "1", "new"))
        self.assertEqual(self.column(number, "birth_date"), [["1990-01-05"]])

    def test_dates_are_judged_together_with_what_is_stored(self):
        number = self.number()
        self.run_import(sheet({"Personnel ID": number, "Name": "Ann", "Employed from": "2026-06-01"}))
        operation, result = self.run_import(sheet({"Personnel ID": number, "Name": "Ann", "Employed until": "2026-05-01"}), OVERWRITE)
        self.assertEqual(result.failed, 1)
        self.assertEqual([(p.field, p.reason) for p in self.problems(operation)], [("employed_until", "DATES_REVERSED")])

    def test_the_second_row_of_a_number_fails(self):
        for mode in (KEEP, OVERWRITE):
            number = self.number()
            operation, result = self.run_import(sheet([number, "Ann"], [self.number(), "Bob"], [number, "Carl"]), mode)
            self.assertEqual((result.added, result.failed), (2, 1))
            self.assertEqual([(p.row, p.reason) for p in self.problems(operation)], [(4, "DUPLICATE_IN_FILE")])
            self.assertEqual(self.employee(number).name, "Ann")

    def test_a_card_and_an_identity_are_never_taken_from_others(self):
        owner, card, identity = self.number(), self.number(), self.number()
        self.run_import(sheet({"Personnel ID": owner, "Name": "Ann", "IC card number": card, "ID card number": identity}))
        for mode in (KEEP, OVERWRITE):
            operation, result = self.run_import(sheet(
                {"Personnel ID": self.number(), "Name": "Bob", "IC card number": card, "ID card number": identity}), mode)
            self.assertEqual(result.failed, 1)
            self.assertEqual(sorted((p.column, p.reason) for p in self.problems(operation)),
                             [("IC card number", "CARD_TAKEN"), ("ID card number", "IDENTITY_TAKEN")])
        self.assertEqual(self.employee(owner).card_number, card)

    def test_within_a_file_the_first_row_has_the_card(self):
        card, first, second = self.number(), self.number(), self.number()
        operation, result = self.run_import(sheet({"Personnel ID": first, "Name": "Ann", "IC card number": card},
                                                  {"Personnel ID": second, "Name": "Bob", "IC card number": card}))
        self.assertEqual((result.added, result.failed), (1, 1))
        self.assertEqual([(p.row, p.reason) for p in self.problems(operation)], [(3, "CARD_TAKEN")])

    def test_a_card_goes_on_within_a_file_when_its_owner_lets_go_of_it(self):
        card, other, first, second = self.number(), self.number(), self.number(), self.number()
        self.run_import(sheet({"Personnel ID": first, "Name": "Ann", "IC card number": card}, {"Personnel ID": second, "Name": "Bob"}))
        operation, result = self.run_import(sheet({"Personnel ID": first, "Name": "Ann", "IC card number": other},
                                                  {"Personnel ID": second, "Name": "Bob", "IC card number": card}), OVERWRITE)
        self.assertEqual((result.updated, result.failed), (2, 0))
        self.assertEqual((self.employee(first).card_number, self.employee(second).card_number), (other, card))

    def test_groups_are_found_by_path_or_by_a_name_of_its_own(self):
        root = self.server.sql("SELECT id, name FROM org_group WHERE parent_id IS NULL LIMIT 1")[0]
        works = self.admin.call("OrgService.CreateGroup", group=dict(name="Works", parent_id=int(root[0])))
        night = self.admin.call("OrgService.CreateGroup", group=dict(name="Night", parent_id=works.id))
        office = self.admin.call("OrgService.CreateGroup", group=dict(name="Office", parent_id=int(root[0])))
        self.admin.call("OrgService.CreateGroup", group=dict(name="Night", parent_id=office.id))
        people = [self.number() for _ in range(6)]
        cells = ["Works", "%s / Works / Night" % root[1], "works", "Night", "Works/Night", ""]
        operation, result = self.run_import(sheet(*({"Personnel ID": n, "Name": "Ann", "Group": cell}
                                                    for n, cell in zip(people, cells))), group_id=office.id)
        self.assertEqual((result.added, result.failed), (4, 2))
        self.assertEqual([(p.row, p.field, p.reason, p.value) for p in self.problems(operation)],
                         [(4, "group_id", "GROUP_UNKNOWN", "works"), (5, "group_id", "GROUP_AMBIGUOUS", "Night")])
        self.assertEqual([self.employee(people[i]).group_id for i in (0, 1, 4, 5)], [works.id, night.id, night.id, office.id])

    def test_every_fault_of_a_row_is_told_at_its_column(self):
        operation, result = self.run_import(sheet(
            {"Personnel ID": "", "Name": "x" * 97, "Gender": "?", "Group": "Nowhere", "Date of birth": "05/06/1990",
             "Employed from": "2026-02-30", "Phone": "a\tb"}))
        self.assertEqual((result.added, result.failed), (0, 1))
        self.assertEqual({p.column: p.reason for p in self.problems(operation)},
                         {"Personnel ID": "FIELD_REQUIRED", "Name": "FIELD_TOO_LONG", "Gender": "GENDER_UNKNOWN",
                          "Group": "GROUP_UNKNOWN", "Date of birth": "DATE_AMBIGUOUS", "Employed from": "DATE_INVALID",
                          "Phone": "VALUE_INVALID"})
        self.assertEqual(next(p.value for p in self.problems(operation) if p.column == "Name"), "x" * 96)

    def test_failed_rows_come_as_a_sheet_that_can_be_mended_and_imported(self):
        number, good = self.number(), self.number()
        operation, result = self.run_import(sheet([good, "Ann"], [number, "", "?"], header=["Personnel ID", "Name", "Gender"]))
        self.assertNotEqual(result.failed_file_id, 0)
        kind, data = self.admin.download("TransferService.DownloadTransferFile", id=result.failed_file_id)
        self.assertIn("spreadsheetml", kind)
        rows = workbook_rows(data)
        self.assertEqual((rows[0][0], rows[0][-1]), ("Personnel ID", "Reason"))
        self.assertEqual(rows[1][:3], [number, "", "?"])
        self.assertIn("Name: This must be filled in.", rows[1][-1])
        again, result = self.run_import(data)
        self.assertEqual((again.state, result.added, result.failed), (SUCCEEDED, 0, 1))
        self.assertEqual(sorted(p.reason for p in self.problems(again)), ["FIELD_REQUIRED", "GENDER_UNKNOWN"])

    def test_failed_rows_of_a_chinese_sheet_say_why_in_chinese(self):
        number = self.number()
        _, result = self.run_import(sheet([number, "", "?"], [number, "王", ""], header=["人员编号", "姓名", "性别"]))
        _, data = self.admin.download("TransferService.DownloadTransferFile", id=result.failed_file_id)
        rows = workbook_rows(data)
        self.assertEqual([row[-1] for row in rows], ["失败原因", "性别: 请填写女、男或其他。 姓名: 请填写此项。", "人员编号: 文件中前面的行已使用该编号。"])

    def test_problems_come_in_pages_in_the_files_order(self):
        operation, result = self.run_import(sheet(*(["", ""] + ["x"] for _ in range(25)), header=["Personnel ID", "Name", "Notes"]))
        self.assertEqual(result.failed, 25)
        first = self.admin.call("TransferService.ListImportProblems", operation_id=operation.id, page_size=7)
        self.assertEqual(first.total_size, 50)
        second = self.admin.call("TransferService.ListImportProblems", operation_id=operation.id, page_size=7,
                                 page_token=first.next_page_token)
        self.assertEqual([p.row for p in first.problems] + [p.row for p in second.problems],
                         [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8])

    def test_an_import_is_one_row_of_the_audit_log(self):
        operation, _ = self.run_import(sheet([self.number(), "Ann"], [self.number(), "Bob"]))
        rows = self.admin.call("AuditService.ListAuditRows", page_size=5).rows
        self.assertEqual([row.action for row in rows[:2]], ["import employees", "upload import"])
        self.assertEqual(operation.state, SUCCEEDED)

    def test_a_file_is_imported_once(self):
        file = self.upload(sheet([self.number(), "Ann"]), "staff.csv")
        first = self.admin.call("TransferService.ImportEmployees", id=file.id)
        refused = self.refused(self.admin.call, "TransferService.ImportEmployees", id=file.id)
        self.assertIn(refused.reason, ("TRANSFER_FILE_ENGAGED", "TRANSFER_FILE_NOT_FOUND"))
        self.ended(first)

    def test_many_rows_come_with_progress(self):
        operation, result = self.run_import(sheet(*([self.number(), "Ann"] for _ in range(3210))))
        self.assertEqual((operation.state, operation.progress, operation.total, result.added), (SUCCEEDED, 3210, 3210, 3210))

    def test_a_sheet_of_too_many_rows_leaves_nobody(self):
        operation, _ = self.run_import(sheet(*(["much%d" % n, "Ann"] for n in range(100001))))
        self.assertEqual((operation.state, operation.error.reason), (FAILED, "SHEET_TOO_MANY_ROWS"))
        self.assertEqual(self.server.sql("SELECT count(*) FROM person WHERE number LIKE 'much%'"), [["0"]])

    def test_a_sheet_that_is_too_large_to_be_kept_is_read_again_from_where_it_was(self):
        operation, result = self.run_import(sheet(*(["large%d" % n, "Ann"] for n in range(23456))))
        self.assertEqual((operation.state, operation.progress, operation.total), (SUCCEEDED, 23456, 23456))
        self.assertEqual((result.added, result.failed), (23456, 0))
        self.assertEqual(self.server.sql("SELECT count(*) FROM person WHERE number LIKE 'large%'"), [["23456"]])

    def test_what_is_found_wrong_late_leaves_what_came_before(self):
        card = self.number()
        late = {"a number again": ["late1", "Bob"], "somebody's card": {"Personnel ID": "late9999", "Name": "Bob", "IC card number": card},
                "no name": ["late9999", ""], "nothing": ["late9999", "Bob"]}
        for what, row in late.items():
            with self.subTest(what=what):
                self.server.sql("DELETE FROM person WHERE number LIKE 'late%'")
                rows = [["late%d" % n, "Ann"] for n in range(5000)]
                rows[0] = {"Personnel ID": "late0", "Name": "Ann", "IC card number": card}
                rows[4500] = row
                operation, result = self.run_import(sheet(*rows))
                failed = int(what != "nothing")
                self.assertEqual((operation.state, result.added, result.failed), (SUCCEEDED, 5000 - failed, failed))
                self.assertEqual([p.row for p in self.problems(operation)], [4502] * failed)
                self.assertEqual(self.server.sql("SELECT count(*), count(DISTINCT number) FROM person WHERE number LIKE 'late%'"),
                                 [[str(5000 - failed)] * 2])

    def test_terminals_hear_of_whom_they_have_and_no_one_else(self):
        number = self.number()
        self.run_import(sheet([number, "Ann"]))
        self.server.sql("""
            INSERT INTO device (enterprise_id, id, group_id, serial_number, name, mac, model, created_at)
            SELECT enterprise_id, 99, group_id, 'I-1', 'I-1', '', '', now()
            FROM person WHERE number = '{0}';
            INSERT INTO device_feed (enterprise_id, device_id, revision) SELECT enterprise_id, id, 0 FROM device""".format(number))
        person = self.employee(number)
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person.id], device_ids=[99])
        before = self.server.sql("SELECT revision FROM device_person WHERE device_id = 99")
        self.run_import(sheet({"Personnel ID": number, "Name": "Ann", "Phone": "5"}), OVERWRITE)
        self.assertEqual(self.server.sql("SELECT revision FROM device_person WHERE device_id = 99"), before)
        self.run_import(sheet({"Personnel ID": number, "Name": "Anna"}), OVERWRITE)
        self.assertNotEqual(self.server.sql("SELECT revision FROM device_person WHERE device_id = 99"), before)


class Template(ImportCase):
    def test_the_template_comes_in_both_languages_and_can_be_imported(self):
        for language, number, required in (("en", "Personnel ID", "Name *"), ("zh", "人员编号", "姓名 *")):
            _, data = self.admin.download("TransferService.DownloadImportTemplate", language=language)
            rows = workbook_rows(data)
            self.assertEqual(rows[0][:2], [number + " *", required])
            operation, result = self.run_import(data)
            self.assertEqual((operation.state, result.added, result.failed), (SUCCEEDED, 0, 0))

    def test_cells_are_text_and_offer_genders_and_groups(self):
        _, data = self.admin.download("TransferService.DownloadImportTemplate")
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            page, styles = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/styles.xml").decode()
            self.assertIn('state="hidden"', book.read("xl/workbook.xml").decode())
        self.assertIn('numFmtId="49"', styles)
        self.assertEqual(page.count("<dataValidation "), 2)
        self.assertIn("Female,Male,Other", page)
        self.assertEqual(len(workbook_rows(data, "Notes")), 17)


if __name__ == "__main__":
    unittest.main()
