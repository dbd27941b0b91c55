"""A terminal that waits takes the place of a broken one."""

import threading
import unittest

from device_case import DeviceCase
from fixture import wait_until
from terminal import record


class DeviceReplaceTest(DeviceCase):
    def replace(self, old, new, client=None):
        return (client or self.admin).call("DevicesService.ReplaceDevice", id=old.id, by_id=new.id)

    def settings_of(self, device_id):
        return self.server.sql("SELECT key, number, text FROM device_setting WHERE device_id = %d ORDER BY key" % device_id)

    def put_settings(self, terminal, *rows):
        """Changed at the console, confirmed by the terminal."""
        self.server.sql("DELETE FROM device_setting WHERE device_id = %d" % terminal.id)
        for version, (key, number, text) in enumerate(rows, 1):
            self.server.sql("INSERT INTO device_setting SELECT enterprise_id, id, %d, %d, 77, %d, '%s', %d, %d, '%s', '' FROM"
                            " device WHERE id = %d" % (key, version, number, text, version, number, text, terminal.id))
        self.server.sql("UPDATE device SET settings_version = %d WHERE id = %d" % (len(rows), terminal.id))

    def test_everything_that_the_old_one_had_goes_over(self):
        group = self.group("Yard")
        section = self.section(group)
        old, new = self.accepted(name="Gate of the yard"), self.terminal(name="spare")
        self.admin.call("DevicesService.UpdateDevice", id=old.id, name="Gate of the yard", place="Left post", group_id=group,
                        section_id=section)
        ann, bob, eve = (self.employee() for _ in range(3))
        self.grant(old, ann, valid_until=dict(seconds=4102444800))
        self.grant(old, bob)
        self.grant(new, ann, eve)  # what the new one was given by hand stays
        self.put_settings(old, (23, 55, ""), (45, 0, "pbkdf2-sha256$1$a$b"))
        self.put_settings(new, (23, 1, ""), (24, 1, ""))

        device = self.replace(old, new)
        self.assertEqual((device.id, device.name, device.place, device.group_id, device.section_id, device.waiting),
                         (new.id, "Gate of the yard", "Left post", group, section, False))
        self.assertEqual(device.serial_number, new.serial)
        self.assertEqual(self.granted(new), {ann.id, bob.id, eve.id})
        # What had been changed on the new one alone goes back to its factory value.
        self.assertEqual(self.settings_of(new.id), [["11", "0", "Gate of the yard"], ["23", "55", ""], ["24", "0", ""],
                                                    ["45", "0", "pbkdf2-sha256$1$a$b"]])
        # Each has a version above all that the new one may have heard of, and of its own.
        rows = self.server.sql("SELECT s.version, s.edit, s.reported_version, d.settings_version FROM device_setting s JOIN"
                               " device d ON d.id = s.device_id WHERE d.id = %d ORDER BY s.key" % new.id)
        self.assertEqual(rows, [["3", "0", "0", "6"], ["4", "0", "1", "6"], ["5", "0", "2", "6"], ["6", "0", "0", "6"]])
        until = self.server.sql("SELECT extract(epoch FROM valid_until)::bigint FROM device_person WHERE device_id = %d AND"
                                " person_id = %d" % (new.id, ann.id))
        self.assertEqual(until, [["4102444800"]])

        self.assertEqual(self.refused(self.device, old).reason, "DEVICE_NOT_FOUND")
        self.assertEqual(self.granted(old), set())
        wiped = old.connect()
        self.streams.append(wiped)
        self.assertEqual(wiped.first(), "wipe")
        self.assertIn(["device Gate of the yard", ""], self.audited("replace device"))

        stream = self.online(new)
        self.assertFalse(stream.welcome.waiting)
        told = {value.key: (value.number, value.text) for value in stream.read("setting_changes").values}
        self.assertEqual(told, {11: (0, "Gate of the yard"), 23: (55, ""), 24: (0, ""), 45: (0, "pbkdf2-sha256$1$a$b")})
        changes = stream.read("people").changes
        self.assertEqual({change.person_id for change in changes}, {ann.id, bob.id, eve.id})
        self.confirm(stream, changes)
        wait_until(lambda: self.device(new).pending_people == 0)

    def test_one_that_is_connected_gets_all_of_it_at_once(self):
        old, new, ann = self.accepted(), self.terminal(), self.employee()
        self.grant(old, ann)
        stream = self.online(new)
        self.assertTrue(stream.welcome.waiting)
        self.replace(old, new)
        self.assertEqual([change.person_id for change in stream.read("people").changes], [ann.id])

    def test_records_stay_with_the_old_one(self):
        old, new = self.accepted(), self.terminal()
        stream = self.online(old)
        stream.send_records(record(1))
        stream.acked(1)
        self.leave(old, stream)
        self.replace(old, new)
        self.assertEqual(self.server.sql("SELECT device_id FROM pass_record WHERE device_id IN (%d, %d)" % (old.id, new.id)),
                         [[str(old.id)]])

    def test_what_cannot_be(self):
        old, new, accepted = self.accepted(), self.terminal(), self.accepted()
        self.assertEqual(self.refused(self.replace, old, accepted).reason, "DEVICE_NOT_WAITING")
        self.assertEqual(self.refused(self.replace, new, new).fields, {"by_id": "DEVICE_UNKNOWN"})
        stream = self.online(old)
        self.assertEqual(self.refused(self.replace, old, new).reason, "DEVICE_STILL_ONLINE")
        self.leave(old, stream)

        class Nothing:
            id = 4711
        self.assertEqual(self.refused(self.replace, Nothing, new).reason, "DEVICE_NOT_FOUND")
        self.assertEqual(self.refused(self.replace, old, Nothing).fields, {"by_id": "DEVICE_UNKNOWN"})
        self.assertTrue(self.device(new).waiting)
        self.replace(old, new)
        self.assertEqual(self.refused(self.replace, old, new).reason, "DEVICE_NOT_FOUND")

    def test_both_have_to_be_seen(self):
        group = self.group("Tower")
        inside, outside, spare = self.terminal(), self.terminal(), self.terminal()
        self.admin.call("DevicesService.UpdateDevice", id=inside.id, name="Inside", group_id=group)
        part = self.account(group)
        self.assertEqual(self.refused(self.replace, outside, inside, part).reason, "DEVICE_NOT_FOUND")
        self.assertEqual(self.refused(self.replace, inside, spare, part).fields, {"by_id": "DEVICE_UNKNOWN"})

    def test_whoever_is_granted_meanwhile_is_on_the_new_one_or_refused(self):
        """Grants to the old one run against its replacement: nobody who was told that he is granted is lost."""
        for _ in range(5):
            old, new = self.accepted(), self.terminal()
            people = [self.employee() for _ in range(12)]
            granted = set()

            def give(some):
                for person in some:
                    answer = self.admin.call("PassService.BatchCreateGrants", person_ids=[person.id], device_ids=[old.id])
                    if answer.count:
                        granted.add(person.id)

            def give_until_refused(some):
                try:
                    give(some)
                except Exception as error:  # its terminal is gone
                    self.assertIn("DEVICE_UNKNOWN", str(error))

            threads = [threading.Thread(target=give_until_refused, args=(people[i::3],)) for i in range(3)]
            for thread in threads:
                thread.start()
            self.replace(old, new)
            for thread in threads:
                thread.join()
            self.assertEqual(self.granted(new), granted)


if __name__ == "__main__":
    unittest.main()
