"""An import of photos is killed with -9 again and again: every file is imported or reported, once."""
import io
import unittest
import zipfile

from fixture import MODULES, HttpBody, Server, photo, wait_until
from locks import Lock, kill_and_forget

STATE = MODULES["operations"].OperationState
transfer = MODULES["transfer"]
PEOPLE, STRANGERS = 64, 16


class ImportPhotos(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.server.start()
        self.admin = self.server.admin()
        for i in range(PEOPLE):
            self.admin.call("PeopleService.CreateEmployee", employee=dict(number="p%d" % i, name="Person %d" % i))

    def files(self):
        """Names of all: a stranger follows on every fourth person."""
        for i in range(PEOPLE):
            yield "p%d.jpg" % i
            if i % 4 == 3:
                yield "stranger%d.jpg" % i

    def start(self):
        target = io.BytesIO()
        pictures = [photo("person-%02d.jpg" % number) for number in range(1, 9)]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for position, name in enumerate(self.files()):
                archive.writestr(name, pictures[position % len(pictures)])
        stub = self.admin.channel.stream_unary("/smartpass.v1.TransferService/UploadImport", HttpBody.SerializeToString,
                                               transfer.TransferFile.FromString)
        data = target.getvalue()
        file = stub((HttpBody(data=data[i:i + 65536]) for i in range(0, len(data), 65536)), timeout=60,
                    metadata=list(self.admin.metadata.items()))
        return self.admin.call("TransferService.ImportPhotos", id=file.id).id

    def operation(self, number):
        return self.admin.call("OperationsService.GetOperation", id=number)

    def restart(self):
        self.server.start()
        self.admin = self.server.admin()

    def stuck(self, table):
        return wait_until(lambda: self.server.sql(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'INSERT INTO %s '" % table), 60)

    def test_every_file_is_imported_or_reported_once_whatever_is_killed(self):
        lock = Lock(self.server, "photo")
        number = self.start()
        for table in "import_problem", "photo", "import_problem":
            self.stuck("photo" if table == "import_problem" else "import_problem")
            kill_and_forget(self.server)  # in the middle of a transaction whose pictures lie on the disk already
            following = Lock(self.server, table)
            lock.release()
            lock = following
            self.restart()
        self.stuck("import_problem")
        begun = self.operation(number).progress
        lock.release()
        wait_until(lambda: self.operation(number).progress > begun, 60)
        kill_and_forget(self.server)  # anywhere
        self.restart()

        done = wait_until(lambda: (lambda o: o if o.done else None)(self.operation(number)), 120)
        result = transfer.ImportResult()
        done.result.Unpack(result)
        self.assertEqual((STATE.Name(done.state)[16:], done.error.reason, result.added, result.updated, result.failed),
                         ("SUCCEEDED", "", PEOPLE, 0, STRANGERS))
        problems = self.admin.call("TransferService.ListImportProblems", operation_id=number, page_size=100).problems
        self.assertEqual([(p.row, p.column, p.reason) for p in problems],
                         [(position, name, "EMPLOYEE_UNKNOWN") for position, name in enumerate(self.files(), 1)
                          if name.startswith("stranger")])
        self.assertEqual(self.server.sql("SELECT count(*), count(DISTINCT person_id) FROM photo"), [[str(PEOPLE)] * 2])
        self.assertEqual(self.server.sql("SELECT count(*) FROM person p JOIN photo f ON f.id = p.photo_id"
                                         " AND f.person_id = p.id"), [[str(PEOPLE)]])
        self.assertEqual(self.server.sql("SELECT count(*) FROM blob"), [[str(3 * PEOPLE)]])
        for person in self.admin.call("PeopleService.ListEmployees", page_size=100).employees[:8]:
            _, picture = self.admin.download("PeopleService.DownloadPhoto", id=person.photo_id)
            self.assertTrue(picture.startswith(b"\xff\xd8\xff"))


if __name__ == "__main__":
    unittest.main()
