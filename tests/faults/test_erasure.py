"""A person is erased: from the database, from the terminals, from what the disk holds, and from backups that are restored
afterwards; whatever is killed meanwhile."""
import fcntl
import glob
import os
import shutil
import subprocess
import threading
import unittest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fixture import MODULES, Refused, wait_until
from gate import Site, people, photo
from locks import Lock

STATE = MODULES["operations"].OperationState
SEALED_KEY = 12 + 32 + 16


class Erasure(unittest.TestCase):
    def setUp(self):
        self.site = Site(terminals=1, persons=2)
        self.addCleanup(shutil.rmtree, self.site.folder, ignore_errors=True)  # backups are large
        self.addCleanup(self.site.close)
        self.server, self.admin = self.site.server, self.site.admin
        self.terminal, = self.site.terminals
        self.victim, self.other = self.site.people
        self.backup = os.path.join(self.site.folder, "backup")

    # ---- What is there

    def passes(self, number=1):
        """Somebody passes, and the picture of it arrives: the record's id."""
        seen = self.terminal.see(photo("person-%02d-visit.jpg" % number), "--temp", "36.6")
        self.terminal.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0, 60)
        return int(self.server.sql("SELECT id FROM pass_record WHERE seq = %d" % int(seen["seq"]))[0][0])

    def blobs(self, person):
        """Where the pictures of a person lie: (segment, place, sealed length, name within the enterprise)."""
        return self.server.sql(
            "SELECT b.segment, b.place, b.sealed_length, b.enterprise_id, b.id FROM blob b JOIN blob_key k"
            " ON (k.enterprise_id, k.id) = (b.enterprise_id, b.key_id) WHERE k.owner = 'person:%d'" % person.id)

    def keys(self):
        """Every key that the database holds, unwrapped by the master key that lies beside it."""
        with open(os.path.join(self.server.data, "secrets", "master.key"), "rb") as file:
            master = AESGCM(file.read())
        keys = []
        for enterprise, number, owner, wrapped in self.server.sql(
                "SELECT enterprise_id, id, owner, encode(wrapped, 'hex') FROM blob_key"):
            sealed = bytes.fromhex(wrapped)
            self.assertEqual(len(sealed), SEALED_KEY)
            keys.append(master.decrypt(sealed[:12], sealed[12:], ("key %s %s %s" % (enterprise, number, owner)).encode()))
        return keys

    def readable(self, blobs, keys):
        """How many of the pictures, as the disk has them, one of the keys opens."""
        count = 0
        for segment, place, length, enterprise, number in blobs:
            with open(os.path.join(self.server.data, "blobs", "%014d.seg" % int(segment)), "rb") as file:
                file.seek(int(place))
                sealed = file.read(int(length))
            for key in keys:
                try:
                    AESGCM(key).decrypt(sealed[:12], sealed[12:], ("blob %s %s" % (enterprise, number)).encode())
                    count += 1
                except InvalidTag:
                    pass
        return count

    def refusal(self, call):
        with self.assertRaises(Refused) as raised:
            call()
        return raised.exception.reason

    def delete(self, person):
        return self.admin.call("PeopleService.DeleteEmployee", id=person.id)

    def receipt(self, person):
        return self.admin.call("PeopleService.GetErasure", id=person.id)

    def listed(self):
        """Who is on the list outside the database."""
        lines = []
        for path in glob.glob(os.path.join(self.server.data, "erasures", "*.list")):
            with open(path) as file:
                lines += file.read().splitlines()
        return [int(line.split()[1]) for line in lines]

    def audited(self):
        """The rows that speak of the person by number, with what they say of him; and that the chain holds."""
        wait_until(lambda: self.admin.call("AuditService.VerifyAudit").unsealed_rows == 0)
        verdict = self.admin.call("AuditService.VerifyAudit")
        self.assertEqual((verdict.first_bad_row, verdict.first_bad_seal), (0, 0))
        return self.server.sql("SELECT r.action, r.payload_hash IS NOT NULL, p.row_id IS NOT NULL FROM audit_row r LEFT JOIN"
                               " audit_payload p ON (p.enterprise_id, p.row_id) = (r.enterprise_id, r.id)"
                               " WHERE r.object = 'person %d' ORDER BY r.id" % self.victim.id)

    def gone(self, person, blobs, record):
        """Nothing of the person can be read, by whom it may be."""
        self.assertEqual(self.refusal(lambda: self.admin.call("PeopleService.GetEmployee", id=person.id)),
                         "EMPLOYEE_NOT_FOUND")
        for thumbnail in False, True:
            self.assertEqual(self.refusal(lambda: self.admin.download(
                "PeopleService.DownloadPhoto", id=person.photo_id, thumbnail=thumbnail)), "PHOTO_NOT_FOUND")
        self.assertEqual(self.refusal(lambda: self.admin.download("PassService.DownloadSnapshot", id=record)),
                         "SNAPSHOT_ERASED")
        shown = {shown.id: shown for shown in self.admin.call("PassService.ListPasses", page_size=100).passes}[record]
        self.assertEqual((shown.person_name, shown.person_number, shown.has_snapshot, shown.photo_id),
                         (person.name, person.number, False, 0))
        self.assertEqual(self.blobs(person), [])
        self.assertEqual(self.readable(blobs, self.keys()), 0)
        self.assertEqual([payload for _, _, payload in self.audited() if payload == "t"], [])

    def off_the_terminal(self, person, left=1):
        self.terminal.wait(lambda s: s["people"] == left and s["faces"] == left, 60)
        return wait_until(lambda: (lambda shown: shown if shown.pending == 0 else None)(self.receipt(person)), 60)

    # ---- Erasing

    def test_nothing_of_an_erased_person_can_be_read_and_the_terminal_takes_him_off(self):
        record = self.passes()
        blobs = self.blobs(self.victim)
        self.assertEqual(len(blobs), 4)  # photo, thumbnail, template, snapshot
        self.assertEqual(self.readable(blobs, self.keys()), 4)
        before = self.blobs(self.other)
        receipt = self.delete(self.victim)
        self.assertEqual((receipt.id, receipt.number, receipt.name, receipt.operator, receipt.pictures, receipt.pending),
                         (self.victim.id, "0001", "Person 1", "admin", 4, 1))
        self.assertEqual(self.listed(), [self.victim.id])  # before the answer left
        self.gone(self.victim, blobs, record)
        confirmed = self.off_the_terminal(self.victim)
        device, = confirmed.terminals
        self.assertEqual((device.device_id, device.device_name, device.device_deleted),
                         (int(self.terminal.status()["deviceId"]), self.terminal.status()["deviceName"], False))
        self.assertGreater(device.confirm_time.ToSeconds(), 0)
        self.assertEqual(self.terminal.see(photo("person-01-visit.jpg"), "--temp", "36.6")["result"], "DENIED")
        self.assertEqual(self.blobs(self.other), before)
        self.assertEqual(self.readable(before, self.keys()), 3)
        self.assertEqual(self.audited(), [["create employee", "t", "f"], ["delete employee", "f", "f"]])

    def test_a_picture_that_arrives_after_the_erasure_is_dropped(self):
        self.terminal.ask("cut on")
        self.terminal.see(photo("person-01-visit.jpg"), "--temp", "36.6")
        self.delete(self.victim)
        self.assertEqual(self.receipt(self.victim).pending, 1)
        self.terminal.ask("cut off")
        self.terminal.wait(lambda s: s["unsentRecords"] == 0 and s["unsentSnapshots"] == 0 and s["people"] == 1, 60)
        record, = self.admin.call("PassService.ListPasses", page_size=100).passes
        self.assertEqual((record.person_name, record.has_snapshot), ("Person 1", False))
        self.assertEqual(self.server.sql("SELECT count(*) FROM pass_snapshot"), [["0"]])
        self.gone(self.victim, [], record.id)

    def test_a_terminal_that_is_deleted_before_it_confirmed_stands_on_the_receipt_as_deleted(self):
        self.terminal.ask("cut on")
        self.delete(self.victim)
        device = int(self.terminal.status()["deviceId"])
        self.assertEqual([e.id for e in self.admin.call("PeopleService.ListErasures", pending_only=True).erasures],
                         [self.victim.id])
        self.admin.call("DevicesService.DeleteDevice", id=device)
        receipt = self.receipt(self.victim)
        self.assertEqual([(t.device_id, t.device_deleted, t.HasField("confirm_time")) for t in receipt.terminals],
                         [(device, True, False)])
        self.assertEqual(receipt.pending, 0)
        self.assertEqual(list(self.admin.call("PeopleService.ListErasures", pending_only=True).erasures), [])

    # ---- Backups

    def copy_of_stopped(self):
        self.server.stop()
        subprocess.check_call(["cp", "-a", os.path.join(self.server.data, "postgres"), self.backup])
        self.server.start()
        self.sign_in()

    def sign_in(self):
        self.admin = self.site.admin = self.server.admin()

    def restore_copy(self):
        self.server.stop()
        shutil.rmtree(os.path.join(self.server.data, "postgres"))
        subprocess.check_call(["cp", "-a", self.backup, os.path.join(self.server.data, "postgres")])
        self.server.start()
        self.sign_in()

    def test_backs_up_erases_restores_and_finds_nothing_readable(self):
        record = self.passes()
        blobs = self.blobs(self.victim)
        self.copy_of_stopped()
        receipt = self.delete(self.victim)
        self.off_the_terminal(self.victim)
        self.restore_copy()
        self.gone(self.victim, blobs, record)
        again = self.receipt(self.victim)
        self.assertEqual((again.number, again.name, again.pictures, again.erase_time),
                         (receipt.number, receipt.name, receipt.pictures, receipt.erase_time))
        self.assertIn("erased again", self.server.log())
        self.assertEqual(self.listed(), [self.victim.id])
        self.assertEqual(self.audited(), [["create employee", "t", "f"], ["erase again", "f", "f"]])
        device, = self.off_the_terminal(self.victim).terminals
        self.assertGreater(device.confirm_time.ToSeconds(), receipt.erase_time.ToSeconds() - 1)
        self.server.stop()  # and it is done once
        self.server.start()
        self.sign_in()
        self.assertEqual(len(self.audited()), 2)

    def test_a_terminal_that_the_backup_did_not_know_to_have_him_takes_him_off_too(self):
        device = int(self.terminal.status()["deviceId"])
        self.admin.call("PassService.BatchRevokeGrants", grants=[dict(person_id=self.victim.id, device_id=device)])
        self.terminal.wait(lambda s: s["people"] == 1, 60)
        self.server.sql("DELETE FROM device_person WHERE person_id = %d" % self.victim.id)
        self.copy_of_stopped()
        self.admin.call("PassService.BatchCreateGrants", person_ids=[self.victim.id], device_ids=[device])
        self.terminal.wait(lambda s: s["faces"] == 2, 60)
        self.terminal.ask("cut on")
        self.delete(self.victim)
        self.restore_copy()
        self.assertEqual(self.receipt(self.victim).pending, 1)
        self.terminal.ask("cut off")
        self.off_the_terminal(self.victim)

    def test_a_dump_without_him_is_a_receipt_without_a_name(self):
        """Backed up before he came, restored after he went."""
        self.copy_of_stopped()
        late = self.site._employ(3)
        self.delete(late)
        self.restore_copy()
        receipt = self.receipt(late)
        self.assertEqual((receipt.number, receipt.name, receipt.pictures), ("", "", 0))

    def test_a_list_that_was_lost_is_written_anew_from_the_receipts(self):
        self.delete(self.victim)
        self.server.stop()
        shutil.rmtree(os.path.join(self.server.data, "erasures"))
        self.server.start()
        self.assertEqual(self.listed(), [self.victim.id])

    def test_a_list_that_somebody_else_wrote_keeps_the_server_from_serving(self):
        self.delete(self.victim)
        self.server.stop()
        path, = glob.glob(os.path.join(self.server.data, "erasures", "*.list"))
        with open(path) as file:
            line = file.read()
        with open(path, "a") as file:
            file.write(line.replace(str(self.victim.id), str(self.other.id)))
        with self.assertRaises(RuntimeError) as raised:
            self.server.start()
        self.assertIn("ERASURES_FOREIGN", str(raised.exception))
        with open(path, "w") as file:
            file.write(line + line[:40])  # torn by a crash
        self.server.start()
        self.sign_in()
        self.delete(self.other)
        self.assertEqual(self.listed()[0], self.victim.id)
        self.assertEqual(self.listed()[-1], self.other.id)

    # ---- kill -9

    def stuck_at(self, table):
        return wait_until(lambda: self.server.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~"
                                                  " '(DELETE FROM|INSERT INTO|UPDATE) %s '" % table), 60)

    def in_background(self, call):
        def run():
            try:
                call()
            except Exception:
                pass  # the server was killed under it
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def test_a_server_killed_before_the_commit_has_erased_nothing(self):
        record = self.passes()
        blobs = self.blobs(self.victim)
        for table in "photo", "blob_key", "audit_payload", "person", "erasure", "device_person":
            lock = Lock(self.server, table)
            thread = self.in_background(lambda: self.delete(self.victim))
            self.stuck_at(table)
            self.server.kill()
            lock.release()
            thread.join()
            self.server.start()
            self.sign_in()
            self.assertEqual(self.admin.call("PeopleService.GetEmployee", id=self.victim.id).name, "Person 1", table)
            self.assertEqual(self.blobs(self.victim), blobs)
            self.assertTrue(self.admin.download("PassService.DownloadSnapshot", id=record)[1])
            self.assertEqual(self.listed(), [])
            self.assertEqual(self.refusal(lambda: self.receipt(self.victim)), "ERASURE_NOT_FOUND")

    def test_a_server_killed_between_the_commit_and_the_note_makes_up_for_it(self):
        record = self.passes()
        blobs = self.blobs(self.victim)
        path = os.path.join(self.server.data, "erasures", "0.list")
        with open(path, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the server waits for it
            thread = self.in_background(lambda: self.delete(self.victim))
            wait_until(lambda: self.server.sql("SELECT 1 FROM erasure WHERE NOT noted"))
            self.assertEqual(self.listed(), [])
            self.server.kill()
        thread.join()
        self.server.start()
        self.sign_in()
        self.assertEqual(self.listed(), [self.victim.id])
        self.assertEqual(self.server.sql("SELECT noted FROM erasure"), [["t"]])
        self.gone(self.victim, blobs, record)
        self.off_the_terminal(self.victim)

    def test_deleting_many_goes_on_where_a_killed_server_stopped(self):
        more = [self.admin.call("PeopleService.CreateEmployee", employee=dict(number="m%d" % n, name="Many")).id
                for n in range(30)]
        ids = [self.victim.id] + more + [4711]
        lock = Lock(self.server, "erasure")
        operation = self.admin.call("PeopleService.BatchDeleteEmployees", ids=ids)
        self.stuck_at("erasure")
        self.server.kill()
        lock.release()
        self.server.start()
        self.sign_in()
        self.server.sql("UPDATE operation SET lease_until = now() WHERE state = 2")
        done = wait_until(lambda: (lambda shown: shown if shown.done else None)(
            self.admin.call("OperationsService.GetOperation", id=operation.id)), 60)
        self.assertEqual((done.state, done.progress, done.total, done.failures, done.kind),
                         (STATE.Value("OPERATION_STATE_SUCCEEDED"), 32, 32, 1, "delete employees"))
        result = people.BatchDeleteResult()
        self.assertTrue(done.result.Unpack(result))
        self.assertEqual((result.deleted, result.failed), (31, 1))
        self.assertEqual(sorted(self.listed()), sorted([self.victim.id] + more))
        self.off_the_terminal(self.victim)


if __name__ == "__main__":
    unittest.main()
