"""An import goes on where it was, whatever is killed with -9 in the midst of it: every row is done once, and told once."""
import csv
import io
import os
import random
import signal
import time
import unittest

import grpc

from fixture import MODULES, HttpBody, Refused, Server, wait_until

transfer, STATE = MODULES["transfer"], MODULES["operations"].OperationState
SEED = int(os.environ.get("SMARTPASS_SEED", str(random.randrange(1 << 30))))
ROWS = 60000
PRESENT, BROKEN, AGAIN = 7, 10, 1000  # every so many: there already, without a name, a number that came before


def rows():
    for n in range(ROWS):
        yield ["k%06d" % (n - 1 if n % AGAIN == AGAIN - 1 else n), "" if n % BROKEN == 0 else "Ann %d" % n, "phone %d" % n]


def expected():
    """{number: phone} of those who are there in the end, and how many rows were added, updated, failed."""
    people, seen, added, updated, failed = {}, set(), 0, 0, 0
    there = {"k%06d" % n for n in range(0, ROWS, PRESENT)}
    for number, name, phone in rows():
        again, known = number in seen, number in there
        seen.add(number)
        if again or (not name and not known):
            failed += 1
            continue
        added, updated = added + (not known), updated + known
        people[number] = phone
    return people, added, updated, failed


class ImportKills(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)
        self.server = Server()
        self.addCleanup(self.server.close)
        self.server.start()
        self.admin = self.server.admin()
        self.server.sql("INSERT INTO person (enterprise_id, id, group_id, kind, number, name, phone, card_number, notes, created_at,"
                        " updated_at) SELECT enterprise_id, 1000 + n, group_id, 1, 'k' || lpad(n::text, 6, '0'), 'Bob', '', '',"
                        " '', now(), now() FROM app_user, generate_series(0, %d, %d) n WHERE username = 'admin'" % (ROWS - 1, PRESENT))

    def start(self, lines=None, mode=None):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["Personnel ID", "Name", "Phone"])
        writer.writerows(rows() if lines is None else lines)
        data = text.getvalue().encode()
        stub = self.admin.channel.stream_unary("/smartpass.v1.TransferService/UploadImport", HttpBody.SerializeToString,
                                               transfer.TransferFile.FromString)
        file = stub((HttpBody(data=data[i:i + 65536]) for i in range(0, len(data), 65536)),
                    metadata=list(self.admin.metadata.items()))
        return self.admin.call("TransferService.ImportEmployees", id=file.id, mode=mode or transfer.IMPORT_MODE_OVERWRITE).id

    def operation(self, number):
        """None while nobody answers."""
        try:
            return self.server.admin().call("OperationsService.GetOperation", id=number, timeout=10)
        except (Refused, grpc.RpcError):
            return None

    def reached(self, number, progress):
        """Until so many rows are done, or all."""
        def look():
            found = self.operation(number)
            return found if found and (found.done or found.progress >= progress) else None
        return wait_until(look, 120, 0.02)

    def kill_server(self):
        self.server.kill()
        self.server.start()

    def kill_database(self):
        os.kill(self.server.postmaster(), signal.SIGKILL)

    def check_people(self, people):
        stored = dict(self.server.sql("SELECT number, phone FROM person WHERE phone <> ''"))
        self.assertEqual(len(stored), len(people))
        self.assertEqual(stored, people)

    def check_problems(self, number, failed):
        rows_told = self.server.sql("SELECT count(*), count(DISTINCT row) FROM import_problem WHERE operation_id = %d" % number)
        self.assertEqual(rows_told, [[str(failed), str(failed)]])

    def test_every_row_is_done_once_whatever_is_killed(self):
        people, added, updated, failed = expected()
        number = self.start()
        kills = 0
        for deed, part in ((self.kill_server, 0.1), (self.kill_database, 0.4), (self.kill_server, 0.7)):
            found = self.reached(number, int(ROWS * part))
            time.sleep(self.random.uniform(0, 0.2))
            kills += not found.done
            deed()
        ended = self.reached(number, ROWS + 1)
        self.assertEqual((ended.state, ended.error.reason), (STATE.Value("OPERATION_STATE_SUCCEEDED"), ""))
        self.assertEqual((ended.progress, ended.total, ended.failures), (ROWS, ROWS, failed))
        result = transfer.ImportResult()
        ended.result.Unpack(result)
        self.assertEqual((result.added, result.updated, result.failed), (added, updated, failed))
        self.check_people(people)
        self.check_problems(number, failed)
        files = self.server.sql("SELECT id FROM transfer_file WHERE made")
        self.assertEqual(files, [[str(result.failed_file_id)]])
        self.assertGreaterEqual(kills, 2, "the import was over before it was killed")
        # What the killed ones left goes with the next sweep, and so does the upload.
        folder = os.path.join(self.server.data, "transfer")
        wait_until(lambda: os.listdir(folder) == [str(result.failed_file_id)], 90, 1)
        print("seed %d: %d rows, %d kills in their midst: each done once" % (SEED, ROWS, kills))

    def test_rows_of_a_sheet_that_is_still_read_are_written_once(self):
        """New people alone: what is written before the sheet's end is one transaction, and is killed in it."""
        for attempt in range(3):
            self.admin = self.server.admin()
            people = {"n%d-%06d" % (attempt, n): "phone %d" % n for n in range(19000)}
            number = self.start([[key, "Ann", phone] for key, phone in people.items()], transfer.IMPORT_MODE_KEEP)
            time.sleep(self.random.uniform(0.02, 0.2))
            found = self.operation(number)
            (self.kill_server, self.kill_database)[attempt % 2]()
            ended = self.reached(number, len(people) + 1)
            self.assertEqual((ended.state, ended.error.reason), (STATE.Value("OPERATION_STATE_SUCCEEDED"), ""))
            self.assertEqual((ended.progress, ended.failures), (len(people), 0))
            stored = self.server.sql("SELECT number, phone FROM person WHERE number LIKE 'n%d-%%'" % attempt)
            self.assertEqual(len(stored), len(people))
            self.assertEqual(dict(stored), people)
            print("seed %d: killed at row %s" % (SEED, "the end" if found.done else found.progress))


if __name__ == "__main__":
    unittest.main()
