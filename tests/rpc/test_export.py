"""Exports of people: who and what is in the file, in which form, and who may have it."""

import csv
import io
import unittest

import grpc

from fixture import MODULES, Refused
from test_import import CANCELLED, SUCCEEDED, ImportCase, workbook_rows

transfer = MODULES["transfer"]
CSV = transfer.EXPORT_FORMAT_CSV
KINDS = {"Employee": ("ExportEmployees", "PeopleService.CreateEmployee", "employee", "Employee Information.xlsx"),
         "Visitor": ("ExportVisitors", "VisitorsService.CreateVisitor", "visitor", "Visitor information.xlsx"),
         "BlacklistEntry": ("ExportBlacklist", "BlacklistService.CreateBlacklistEntry", "blacklist_entry",
                            "Blacklist information.xlsx")}
FORMULAS = ["=1+1", "+49 30 1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")"]


class ExportCase(ImportCase):
    def export(self, method="ExportEmployees", client=None, **fields):
        """The operation as it ended, its result, and the file's bytes."""
        operation = self.ended((client or self.admin).call("TransferService." + method, **fields), client)
        result = transfer.ExportResult()
        operation.result.Unpack(result)
        return operation, result, self.download(result.file_id, client) if result.file_id else b""

    def download(self, file_id, client=None):
        try:
            return b"".join(part.data for part in (client or self.admin).stream("TransferService.DownloadTransferFile",
                                                                                id=file_id))
        except grpc.RpcError as error:
            raise Refused(error) from None

    def add(self, kind="Employee", **fields):
        _, method, name, _ = KINDS[kind]
        return self.admin.call(method, **{name: {"number": self.number(), "name": "Ann", **fields}})

    def user(self, username, group_id):
        made = self.admin.call("UsersService.CreateUser", user={"username": username, "group_administrator": True,
                                                                "group_id": group_id})
        first = self.server.public().call("SessionService.Login", username=username, password=made.one_time_password)
        client = self.server.public().with_token(first.token)
        client.call("SessionService.ChangePassword", old_password=made.one_time_password, new_password="correct horse battery")
        return client

    def table(self, rows):
        """Rows as dictionaries, by number."""
        return {row[0]: dict(zip(rows[0], row + [""] * len(rows[0]))) for row in rows[1:]}


class ExportTest(ExportCase):
    def test_each_kind_has_its_file_its_columns_and_its_people_alone(self):
        for kind, (method, _, _, name) in KINDS.items():
            with self.subTest(kind):
                person = self.add(kind, name="Only a " + kind, gender=1, identity_number="X" + self.number(),
                                  birth_date="1990-02-28", address="1 Main Street")
                operation, result, data = self.export(method)
                rows = self.table(workbook_rows(data))
                self.assertEqual((operation.state, result.file_name), (SUCCEEDED, name))
                self.assertEqual((result.rows, result.size), (len(rows), len(data)))
                row = rows[person.number]
                self.assertEqual((row["Name"], row["Gender"], row["ID card number"], row["Date of birth"], row["Address"]),
                                 (person.name, "Female", person.identity_number, "1990-02-28", "1 Main Street"))
                self.assertFalse([row for row in rows.values() if row["Name"].startswith("Only a") and row["Name"] != person.name])

    def test_leading_zeros_stay_and_nothing_becomes_a_formula(self):
        zeros = self.add(name="Zeros", phone="0049", card_number="000" + self.number())
        people = {self.add(name=text).number: text for text in FORMULAS}
        _, _, data = self.export()
        rows = self.table(workbook_rows(data))
        self.assertNotIn(b"<f>", data)
        self.assertEqual((rows[zeros.number]["Phone"], rows[zeros.number]["IC card number"]), ("0049", zeros.card_number))
        self.assertEqual({number: rows[number]["Name"] for number in people}, people)

    def test_csv_has_a_mark_quotes_and_no_formulas(self):
        people = {self.add(name=text).number: text for text in FORMULAS}
        quoted = self.add(name='Ann, called "A"', notes="one\ntwo")
        _, result, data = self.export(format=CSV)
        rows = self.table(list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))))
        self.assertTrue(data.startswith(b"\xef\xbb\xbf") and result.file_name == "Employee Information.csv")
        self.assertEqual({number: rows[number]["Name"] for number in people},
                         {number: "'" + text for number, text in people.items()})
        self.assertEqual((rows[quoted.number]["Name"], rows[quoted.number]["Notes"]), (quoted.name, quoted.notes))

    def test_headers_are_in_the_language_that_was_asked_for(self):
        _, _, data = self.export(language="zh-CN")
        self.assertEqual(workbook_rows(data)[0][:3], ["人员编号", "姓名", "性别"])

    def test_a_filter_leaves_the_others_out(self):
        one, other = self.add(name="Filtered in"), self.add(name="Left out")
        _, result, data = self.export(filter={"query": "filtered"})
        self.assertEqual((result.rows, list(self.table(workbook_rows(data)))), (1, [one.number]))
        _, _, data = self.export(filter={"photo": MODULES["people"].PHOTO_FILTER_WITHOUT})
        self.assertIn(other.number, self.table(workbook_rows(data)))

    def test_a_visitors_host_is_told_by_number(self):
        host = self.add()
        visitor = self.add("Visitor", host_id=host.id, company="ACME", purpose="A talk")
        row = self.table(workbook_rows(self.export("ExportVisitors")[2]))[visitor.number]
        self.assertEqual((row["Host"], row["Company"], row["Purpose"]), (host.number, "ACME", "A talk"))

    def test_what_was_exported_can_be_imported(self):
        people = [self.add(name="Again %d" % i, phone="0%d" % i, birth_date="2000-01-0%d" % (i + 1)) for i in range(3)]
        _, _, data = self.export(filter={"query": "again"})
        for person in people:
            self.admin.call("PeopleService.DeleteEmployee", id=person.id)
        _, result = self.run_import(data)
        self.assertEqual((result.added, result.failed), (3, 0))
        found = self.employee(people[1].number)
        self.assertEqual((found.name, found.phone, found.birth_date), ("Again 1", "01", "2000-01-02"))

    def test_only_what_its_operator_sees_is_in_it_and_only_he_may_have_it(self):
        root = int(self.server.sql("SELECT id FROM org_group WHERE parent_id IS NULL LIMIT 1")[0][0])
        east = self.admin.call("OrgService.CreateGroup", group={"name": "East", "parent_id": root})
        one, other = self.add(group_id=east.id), self.add()
        client = self.user("eastern", east.id)
        _, result, data = self.export(client=client)
        self.assertEqual(list(self.table(workbook_rows(data))), [one.number])
        self.assertEqual(self.table(workbook_rows(data))[one.number]["Group"], "East")
        _, whole, data = self.export()
        self.assertIn(other.number, self.table(workbook_rows(data)))
        self.assertEqual(self.refused(self.download, whole.file_id, client).reason, "TRANSFER_FILE_NOT_FOUND")
        self.assertTrue(self.download(result.file_id))  # the enterprise's administrator sees everybody's operations

    def test_a_group_that_is_not_there_is_refused_at_the_field(self):
        refused = self.refused(self.admin.call, "TransferService.ExportEmployees", filter={"group_id": 815})
        self.assertEqual((refused.code, refused.fields), ("INVALID_ARGUMENT", {"filter.group_id": "GROUP_UNKNOWN"}))

    def test_a_file_goes_with_its_operation(self):
        operation, result, _ = self.export()
        self.admin.call("OperationsService.DeleteOperation", id=operation.id)
        refused = self.refused(self.download, result.file_id)
        self.assertEqual(refused.reason, "TRANSFER_FILE_NOT_FOUND")


class LongExportTest(ExportCase):
    ROWS = 30000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.sql("INSERT INTO person (enterprise_id, id, group_id, kind, number, name, phone, card_number, notes,"
                       " created_at, updated_at) SELECT enterprise_id, 1000 + n, group_id, 1, lpad(n::text, 8, '0'),"
                       " 'Employee ' || n, '', '', '', now(), now() FROM app_user, generate_series(1, %d) n"
                       " WHERE super_admin" % cls.ROWS)

    def test_every_row_is_there_once_and_in_order(self):
        _, result, data = self.export()
        numbers = [row[0] for row in workbook_rows(data)[1:]]
        self.assertEqual(result.rows, self.ROWS)
        self.assertEqual(numbers, ["%08d" % n for n in range(1, self.ROWS + 1)])

    def test_one_that_is_cancelled_leaves_no_file(self):
        operation = self.admin.call("TransferService.ExportEmployees")
        self.admin.call("OperationsService.CancelOperation", id=operation.id)
        ended = self.ended(operation)
        self.assertEqual((ended.state, self.server.sql("SELECT count(*) FROM transfer_file WHERE operation_id = %d"
                                                       % operation.id)), (CANCELLED, [["0"]]))


if __name__ == "__main__":
    unittest.main()
