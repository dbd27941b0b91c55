"""Many terminals at once: what became of each, in the order in which they were named."""

import threading
import unittest

from device_case import DeviceCase
from fixture import Refused


class DevicesBatchTest(DeviceCase):
    approval = False

    def delete(self, *ids, client=None):
        answer = (client or self.admin).call("DevicesService.BatchDeleteDevices", ids=ids)
        return [(outcome.id, outcome.name, outcome.reason) for outcome in answer.outcomes]

    def move(self, *ids, client=None, **fields):
        answer = (client or self.admin).call("DevicesService.BatchMoveDevices", ids=ids, **fields)
        return [(outcome.id, outcome.name, outcome.reason) for outcome in answer.outcomes]

    def test_those_that_are_offline_are_deleted_and_each_is_told(self):
        first, busy, last = (self.terminal(name=name) for name in ("First", "Busy", "Last"))
        ann = self.employee()
        self.grant(first, ann)
        self.grant(busy, ann)
        self.online(busy)
        self.assertEqual(self.delete(last.id, 4711, busy.id, first.id, last.id), [
            (last.id, "Last", ""), (4711, "", "DEVICE_NOT_FOUND"), (busy.id, "Busy", "DEVICE_STILL_ONLINE"),
            (first.id, "First", ""), (last.id, "Last", "")])
        for gone in (first, last):
            self.assertEqual(self.refused(self.device, gone).reason, "DEVICE_NOT_FOUND")
            stream = gone.connect()
            self.streams.append(stream)
            self.assertEqual(stream.first(), "wipe")
        self.assertEqual(self.granted(busy), {ann.id})
        self.assertEqual(self.granted(first), set())
        self.assertEqual(self.delete(first.id), [(first.id, "", "DEVICE_NOT_FOUND")])
        self.assertEqual(self.delete(), [])
        self.assertIn(["2 devices", ""], self.audited("delete devices"))

    def test_they_move_together_and_keep_their_grants(self):
        group, ann = self.group("Hall"), self.employee()
        section = self.section(group)
        terminals = [self.terminal(name="T%d" % i) for i in range(3)]
        for terminal in terminals:
            self.grant(terminal, ann)
        ids = [terminal.id for terminal in reversed(terminals)]
        self.assertEqual(self.move(*ids, 4711, group_id=group, section_id=section),
                         [(terminal.id, "T%d" % i, "") for i, terminal in reversed(list(enumerate(terminals)))]
                         + [(4711, "", "DEVICE_NOT_FOUND")])
        for terminal in terminals:
            device = self.device(terminal)
            self.assertEqual((device.group_id, device.section_id), (group, section))
            self.assertEqual(self.granted(terminal), {ann.id})
        # Without a section: the default one; without a group: the caller's.
        self.move(ids[0], group_id=group)
        self.assertEqual(self.device(terminals[-1]).section_id, 0)
        self.move(ids[1])
        self.assertEqual(self.device(terminals[1]).group_id, self.admin.call("OrgService.ListGroups").groups[0].id)
        self.assertIn(["3 devices", ""], self.audited("move devices"))

    def test_a_place_that_is_not_there_moves_nobody(self):
        terminal, group, other = self.terminal(), self.group("One"), self.group("Other")
        section = self.section(other)
        self.assertEqual(self.refused(self.move, terminal.id, group_id=4711).fields, {"group_id": "GROUP_UNKNOWN"})
        self.assertEqual(self.refused(self.move, terminal.id, group_id=group, section_id=section).fields,
                         {"section_id": "SECTION_UNKNOWN"})
        self.assertNotIn(self.device(terminal).group_id, (group, other))

    def test_what_is_not_seen_is_not_there(self):
        group = self.group("Cellar")
        inside, outside = self.terminal(name="Inside"), self.terminal(name="Outside")
        self.move(inside.id, group_id=group)
        part = self.account(group)
        root = self.device(outside).group_id
        self.assertEqual(self.refused(self.move, inside.id, group_id=root, client=part).fields, {"group_id": "GROUP_UNKNOWN"})
        self.assertEqual(self.move(outside.id, client=part), [(outside.id, "", "DEVICE_NOT_FOUND")])
        self.assertEqual(self.delete(outside.id, inside.id, client=part),
                         [(outside.id, "", "DEVICE_NOT_FOUND"), (inside.id, "Inside", "")])
        self.assertEqual(self.device(outside).group_id, root)

    def test_many_fit_and_more_do_not(self):
        self.assertEqual(len(self.delete(*range(1, 1001))), 1000)
        self.assertEqual(self.refused(self.delete, *range(1, 1002)).code, "INVALID_ARGUMENT")

    def test_batches_grants_and_single_calls_do_not_block_each_other(self):
        """Everybody takes the terminals in the order of their ids: nobody is told that another came between."""
        group = self.group("Crossing")
        terminals = [self.terminal() for _ in range(8)]
        ids = [terminal.id for terminal in terminals]
        people = [self.employee() for _ in range(6)]
        faults = []

        def run(*calls):
            try:
                for call in calls:
                    call()
            except Refused as error:
                faults.append(str(error))

        def grant(person):
            self.grant_all(person, ids)

        jobs = [[lambda: self.move(*ids, group_id=group)] * 6, [lambda: self.move(*reversed(ids))] * 6,
                [lambda person=person: grant(person) for person in people],
                [lambda one=one: self.admin.call("DevicesService.RevokeDevice", id=one) for one in reversed(ids)]]
        threads = [threading.Thread(target=run, args=calls) for calls in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        for terminal in terminals:
            self.assertEqual(self.granted(terminal), {person.id for person in people})

    def grant_all(self, person, ids):
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person.id], device_ids=ids)


if __name__ == "__main__":
    unittest.main()
