"""Who sees what: a user sees his group and what lies below it, whoever is at the root the whole enterprise, and nobody
another enterprise. What somebody does not see is for him as what does not exist."""

import hashlib
import queue
import threading
import unittest

from fixture import MODULES, Refused, Server, photo, wait_until
from terminal import Terminal, record

ORG = MODULES["org"]

# Of one enterprise: the root, two siblings below it, and a group below one of these; and the root of another enterprise.
PLACES = ("root", "west", "inner", "east", "other")
SEES = {"root": {"root", "west", "inner", "east"}, "west": {"west", "inner"}, "inner": {"inner"}, "east": {"east"},
        "other": {"other"}}


class Watch:
    """Events of the console, gathered until one of a kind is seen that names the last."""

    def __init__(self, client, last_event_id=""):
        self.events = queue.Queue()
        self.stream = client.stream("ConsoleService.WatchEvents", last_event_id=last_event_id)
        threading.Thread(target=self._gather, daemon=True).start()

    def _gather(self):
        try:
            for event in self.stream:
                self.events.put(event)
        except Exception:  # cancelled
            pass

    def until(self, fits, seconds=20):
        """Everything up to the event that fits, heartbeats left out."""
        seen = []
        while not seen or not fits(seen[-1]):
            event = self.events.get(timeout=seconds)
            if event.WhichOneof("event") != "heartbeat":
                seen.append(event)
        return seen

    def close(self):
        self.stream.cancel()


class World:
    """Users, a terminal with a record and its picture, a person and a grant in every place."""

    def __init__(self, server):
        self.server = server
        self.jpeg = photo("person-01.jpg")
        self.clients, self.groups, self.terminals, self.people, self.passes = {}, {}, {}, {}, {}
        for enterprise, place in (("north", "root"), ("south", "other")):
            number = self.command("add-enterprise", "--name", enterprise)
            self.sign_up(place, number)
            self.groups[place] = self.clients[place].call("OrgService.ListGroups").groups[0].id
        north = self.enterprise("root")
        for place, parent in (("west", "root"), ("east", "root"), ("inner", "west")):
            self.groups[place] = self.clients["root"].call("OrgService.CreateGroup", group=dict(
                name=place, parent_id=self.groups[parent])).id
            self.sign_up(place, north, self.groups[place])
        for place in PLACES:
            self.furnish(place)

    def command(self, *arguments, **password):
        code, output = self.server.command(*arguments, **password)
        assert code == 0, output
        return output

    def enterprise(self, place):
        return self.server.sql("SELECT enterprise_id FROM org_group WHERE id = %d" % self.groups[place])[0][0]

    def sign_up(self, place, enterprise, group=None):
        self.command("add-user", "--username", place, "--enterprise", enterprise, "--password-stdin",
                     password="the password of " + place)
        if group:
            self.server.sql("UPDATE app_user SET group_id = %d WHERE username = '%s'" % (group, place))
        client = self.server.public()
        self.clients[place] = client.with_token(client.call(
            "SessionService.Login", username=place, password="the password of " + place).token)

    def furnish(self, place):
        client = self.clients[place]
        picture = client.upload(self.jpeg)
        self.people[place] = client.call("PeopleService.CreateEmployee", employee=dict(
            number="1-" + place, name="Person " + place, photo_id=picture.id))
        terminal = Terminal(self.server, "serial-" + place, place, "the password of " + place, name="Gate " + place)
        self.terminals[place] = terminal
        client.call("PassService.BatchCreateGrants", person_ids=[self.people[place].id], device_ids=[terminal.id])
        stream = terminal.online()
        stream.send_records(record(1, person_name="Person " + place, snapshot_size=len(self.jpeg),
                                   snapshot_sha256=hashlib.sha256(self.jpeg).digest()))
        stream.acked(1)
        stream.send_picture(1, self.jpeg)
        stream.close()
        self.passes[place] = wait_until(lambda: [p for p in client.call("PassService.ListPasses").passes
                                                 if p.device_id == terminal.id and p.has_snapshot])[0].id


class ScopeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.world = World(cls.server)

    def refusal(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    def each_pair(self):
        """Viewer, place, and whether the one sees the other."""
        for viewer in PLACES:
            for place in PLACES:
                with self.subTest(viewer=viewer, place=place):
                    yield self.world.clients[viewer], place, place in SEES[viewer]

    def places_of(self, names):
        return {name.split()[-1] for name in names}

    def records_below(self, viewer, condition=""):
        """Counted by the database itself, graves among the groups."""
        return int(self.server.sql(
            "WITH RECURSIVE t AS (SELECT %d::bigint AS id UNION SELECT g.id FROM t JOIN org_group g ON g.parent_id = t.id)"
            " SELECT count(*) FROM pass_record WHERE group_id IN (SELECT id FROM t) %s"
            % (self.world.groups[viewer], condition))[0][0])

    # ---- Lists

    def test_lists_show_what_the_caller_sees_and_count_no_more(self):
        world = self.world
        for viewer in PLACES:
            client, expected = world.clients[viewer], SEES[viewer]
            people = client.call("PeopleService.ListEmployees")
            self.assertEqual(self.places_of(e.name for e in people.employees), expected)
            devices = client.call("DevicesService.ListDevices")
            self.assertEqual(self.places_of(d.name for d in devices.devices), expected)
            passes = client.call("PassService.ListPasses", page_size=100)
            self.assertEqual(self.places_of(p.device_name for p in passes.passes), expected)
            grants = client.call("PassService.ListGrants")
            self.assertEqual(self.places_of(g.device_name for g in grants.grants), expected)
            for answer in (people, devices, grants):
                self.assertEqual(answer.total_size, len(expected))
            self.assertEqual(passes.total_size, self.records_below(viewer))

    def test_a_list_is_narrowed_to_a_group_that_is_seen(self):
        world = self.world
        for client, place, seen in self.each_pair():
            for method, field in (("PeopleService.ListEmployees", "employees"), ("DevicesService.ListDevices", "devices")):
                if not seen:
                    refusal = self.refusal(client.call, method, group_id=world.groups[place])
                    self.assertEqual((refusal.code, refusal.reason), ("NOT_FOUND", "GROUP_NOT_FOUND"))
                    continue
                answer = client.call(method, group_id=world.groups[place])
                self.assertEqual(self.places_of(row.name for row in getattr(answer, field)), SEES[place])

    def test_groups_and_sections_are_those_of_the_own_subtree(self):
        world = self.world
        for viewer in PLACES:
            groups = world.clients[viewer].call("OrgService.ListGroups").groups
            self.assertEqual({group.id for group in groups}, {world.groups[place] for place in SEES[viewer]})
            self.assertEqual((groups[0].id, groups[0].parent_id), (world.groups[viewer], 0))
        for client, place, seen in self.each_pair():
            if seen:
                client.call("OrgService.GetGroupContent", id=world.groups[place])
            else:
                self.assertEqual(self.refusal(client.call, "OrgService.GetGroupContent", id=world.groups[place]).reason,
                                 "GROUP_NOT_FOUND")

    # ---- Single objects

    def test_an_object_outside_is_as_one_that_does_not_exist(self):
        world = self.world
        for client, place, seen in self.each_pair():
            calls = (
                (client.call, "PeopleService.GetEmployee", dict(id=world.people[place].id)),
                (client.download, "PeopleService.DownloadPhoto", dict(id=world.people[place].photo_id)),
                (client.call, "DevicesService.GetDevice", dict(id=world.terminals[place].id)),
                (client.download, "PassService.DownloadSnapshot", dict(id=world.passes[place])),
            )
            for what, method, fields in calls:
                if seen:
                    what(method, **fields)
                    continue
                missing = self.refusal(what, method, id=99)
                refusal = self.refusal(what, method, **fields)
                self.assertEqual((refusal.code, refusal.reason, refusal.message),
                                 ("NOT_FOUND", missing.reason, missing.message))

    def test_nothing_outside_can_be_changed(self):
        world = self.world
        for client, place, seen in self.each_pair():
            if seen:
                continue
            device = world.terminals[place].id
            for method, fields in (
                    ("PeopleService.UpdateEmployee", dict(employee=world.people[place])),
                    ("DevicesService.UpdateDevice", dict(id=device, name="Stolen")),
                    ("DevicesService.DeleteDevice", dict(id=device)),
                    ("DevicesService.UpdateDeviceSettings",
                     dict(id=device, settings=dict(volume=5), update_mask=dict(paths=["volume"])))):
                self.assertEqual(self.refusal(client.call, method, **fields).code, "NOT_FOUND", method)

    def test_a_field_that_names_a_group_outside_is_refused_there(self):
        world = self.world
        for viewer in PLACES:
            own = world.terminals[viewer]
            for place in set(PLACES) - SEES[viewer]:
                client, group = world.clients[viewer], world.groups[place]
                for method, fields, field in (
                        ("PeopleService.CreateEmployee",
                         dict(employee=dict(number="X", name="X", group_id=group)), "employee.group_id"),
                        ("PeopleService.UpdateEmployee",
                         dict(employee=dict(id=world.people[viewer].id, number="1-" + viewer, name="X",
                                            group_id=group)), "employee.group_id"),
                        ("DevicesService.UpdateDevice", dict(id=own.id, name="X", group_id=group), "group_id"),
                        ("OrgService.CreateSection",
                         dict(section=dict(name="X", module=1, group_id=group)), "section.group_id")):
                    self.assertEqual(self.refusal(client.call, method, **fields).fields, {field: "GROUP_UNKNOWN"})

    # ---- Grants

    def test_a_grant_needs_a_person_and_a_terminal_that_are_seen(self):
        world = self.world
        for viewer in PLACES:
            client, device, person = world.clients[viewer], world.terminals[viewer].id, world.people[viewer].id
            for place in set(PLACES) - SEES[viewer]:
                foreign = dict(person=world.people[place].id, device=world.terminals[place].id)
                self.assertEqual(self.refusal(client.call, "PassService.BatchCreateGrants", person_ids=[person],
                                              device_ids=[device, foreign["device"]]).fields,
                                 {"device_ids": "DEVICE_UNKNOWN"})
                self.assertEqual(self.refusal(client.call, "PassService.BatchCreateGrants",
                                              person_ids=[person, foreign["person"]], device_ids=[device]).fields,
                                 {"person_ids": "PERSON_UNKNOWN"})
                revoked = client.call("PassService.BatchRevokeGrants", grants=[dict(
                    person_id=foreign["person"], device_id=foreign["device"])])
                self.assertEqual(revoked.count, 0)

    def test_a_grant_across_groups_is_seen_by_those_who_see_both_ends(self):
        world = self.world
        pair = dict(person_id=world.people["east"].id, device_id=world.terminals["west"].id)
        world.clients["root"].call("PassService.BatchCreateGrants", person_ids=[pair["person_id"]],
                                   device_ids=[pair["device_id"]])
        for viewer in PLACES:
            grants = world.clients[viewer].call("PassService.ListGrants", person_id=pair["person_id"],
                                                device_id=pair["device_id"])
            self.assertEqual((len(grants.grants), grants.total_size), (1, 1) if viewer == "root" else (0, 0))
            if viewer != "root":
                self.assertEqual(world.clients[viewer].call("PassService.BatchRevokeGrants", grants=[pair]).count, 0)
        self.assertEqual(world.clients["root"].call("PassService.BatchRevokeGrants", grants=[pair]).count, 1)
        self.server.sql("DELETE FROM device_person WHERE person_id = %(person_id)d AND device_id = %(device_id)d" % pair)

    # ---- The console

    def test_the_figures_are_those_of_the_own_subtree(self):
        for viewer in PLACES:
            summary = self.world.clients[viewer].call("ConsoleService.GetSummary")
            self.assertEqual(summary.devices, len(SEES[viewer]))
            ever, today = self.records_below(viewer), self.records_below(viewer, "AND occurred_at >= current_date")
            self.assertEqual((summary.ever.total, summary.ever.stranger), (ever, ever))
            self.assertEqual((summary.today.total, sum(hour.total for hour in summary.hours)), (today, today))

    def send_round(self, seq):
        """A record with its picture from everywhere."""
        for place in PLACES:
            terminal = self.world.terminals[place]
            stream = terminal.online()
            stream.send_records(record(seq, snapshot_size=len(self.world.jpeg),
                                       snapshot_sha256=hashlib.sha256(self.world.jpeg).digest()))
            stream.acked(seq)
            stream.send_picture(seq, self.world.jpeg)
            stream.close()

    def devices_of(self, events):
        """By kind, the places of the terminals that the events speak of."""
        places = {terminal.id: place for place, terminal in self.world.terminals.items()}
        found = {}
        for event in events:
            kind = event.WhichOneof("event")
            device = {"pass": lambda e: getattr(e, "pass").device_id, "device": lambda e: e.device.id,
                      "grant": lambda e: e.grant.device_id}.get(kind)
            if device:
                found.setdefault(kind, set()).add(places[device(event)])
        return found

    def finish(self, watch, place, seq):
        """Events up to the marker: a record of the viewer's own terminal, sent after everything else."""
        stream = self.world.terminals[place].online()
        stream.send_records(record(seq, person_name="marker"))
        stream.acked(seq)
        stream.close()
        return watch.until(lambda event: event.WhichOneof("event") == "pass"
                           and getattr(event, "pass").person_name == "marker"
                           and getattr(event, "pass").device_id == self.world.terminals[place].id)

    def test_watchers_hear_of_what_they_see_alone(self):
        watches = {place: Watch(self.world.clients[place]) for place in PLACES}
        for place, watch in watches.items():
            self.addCleanup(watch.close)
            self.finish(watch, place, 100)
        self.send_round(101)
        for number, place in enumerate(PLACES):
            events = self.finish(watches[place], place, 110)
            found = self.devices_of(events)
            self.assertEqual(found["pass"], SEES[place])
            self.assertLessEqual(found.get("device", set()), SEES[place])
            snapshots = {event.snapshot.pass_id for event in events if event.WhichOneof("event") == "snapshot"}
            seen = {p.id for p in self.world.clients[place].call("PassService.ListPasses", page_size=100).passes}
            self.assertEqual(len(snapshots), len(SEES[place]))
            self.assertLessEqual(snapshots, seen)

    def test_a_watcher_who_comes_back_hears_of_what_he_sees_alone(self):
        other = Watch(self.world.clients["root"])  # keeps the events coming
        self.addCleanup(other.close)
        self.finish(other, "root", 200)
        first = Watch(self.world.clients["west"])
        last = self.finish(first, "west", 201)[-1].id
        first.close()
        self.send_round(202)
        self.finish(other, "root", 203)
        watch = Watch(self.world.clients["west"], last)
        self.addCleanup(watch.close)
        events = self.finish(watch, "west", 204)
        self.assertNotIn("resync", [event.WhichOneof("event") for event in events])
        self.assertEqual(self.devices_of(events)["pass"], SEES["west"])

    def test_watchers_hear_of_the_grants_that_they_see(self):
        world = self.world
        watches = {place: Watch(world.clients[place]) for place in PLACES}
        for place, watch in watches.items():
            self.addCleanup(watch.close)
            self.finish(watch, place, 300)
        for place in PLACES:
            world.clients[place].call("PassService.BatchCreateGrants", person_ids=[world.people[place].id],
                                      device_ids=[world.terminals[place].id])
            stream = world.terminals[place].online()
            self.confirm(stream, stream.read("people").changes)
            stream.close()
        for place in PLACES:
            found = self.devices_of(self.finish(watches[place], place, 301))
            self.assertEqual(found["grant"], SEES[place])

    def confirm(self, stream, changes):
        stream.send(people=dict(outcomes=[dict(person_id=change.person_id, revision=change.revision)
                                          for change in changes]))
        people = ", ".join(str(change.person_id) for change in changes)
        wait_until(lambda: self.world.server.sql("SELECT 1 FROM device_person WHERE confirmed_revision < revision AND person_id"
                                                 " IN (%s)" % people) == [])

    # ---- What changes under open streams and old records

    def test_a_watcher_sees_by_the_tree_as_it_is_now(self):
        world = self.world
        root = world.clients["root"]
        watch = Watch(world.clients["east"])
        self.addCleanup(watch.close)
        self.finish(watch, "east", 400)

        def move(place, parent):
            root.call("OrgService.UpdateGroup", group=dict(id=world.groups[place], name=place,
                                                           parent_id=world.groups[parent]))

        move("inner", "east")
        self.addCleanup(move, "inner", "west")
        self.send_round(401)
        self.assertEqual(self.devices_of(self.finish(watch, "east", 402))["pass"], {"east", "inner"})
        move("inner", "west")
        self.send_round(403)
        self.assertEqual(self.devices_of(self.finish(watch, "east", 404))["pass"], {"east"})

    def test_records_stay_with_the_group_that_the_terminal_had(self):
        world = self.world
        client = world.clients["root"]
        terminal = Terminal(self.server, "serial-movable", "west", "the password of west", name="Gate west")
        group = client.call("OrgService.CreateGroup", group=dict(name="short-lived", parent_id=world.groups["west"]))

        def move(group_id):
            return client.call("DevicesService.UpdateDevice", id=terminal.id, name="Gate west", group_id=group_id)

        def note(seq):
            stream = terminal.online()
            stream.send_records(record(seq))
            stream.acked(seq)
            stream.close()

        def seen_by(place):
            return {p.group_id for p in world.clients[place].call("PassService.ListPasses",
                                                                  device_id=terminal.id).passes}

        move(group.id)
        note(1)
        move(world.groups["east"])
        note(2)
        self.assertEqual(seen_by("west"), {group.id})
        self.assertEqual(seen_by("east"), {world.groups["east"]})
        self.assertEqual(seen_by("inner"), set())
        client.call("OrgService.DeleteGroup", id=group.id)
        self.assertEqual(seen_by("west"), {group.id})
        self.assertEqual(seen_by("east"), {world.groups["east"]})
        stream = terminal.online()
        stream.close()
        self.server.sql("UPDATE device SET deleted_at = now() WHERE id = %d" % terminal.id)  # as other tests count

    def test_a_user_who_is_placed_elsewhere_sees_by_his_new_place(self):
        world = self.world
        world.command("add-user", "--username", "mover", "--enterprise", world.enterprise("root"), "--password-stdin",
                      password="the password of mover")
        self.server.sql("UPDATE app_user SET group_id = %d WHERE username = 'mover'" % world.groups["west"])
        client = self.server.public()
        client = client.with_token(client.call("SessionService.Login", username="mover",
                                               password="the password of mover").token)
        watch = Watch(client)
        self.addCleanup(watch.close)
        self.finish(watch, "west", 500)
        self.server.sql("UPDATE app_user SET group_id = %d WHERE username = 'mover'" % world.groups["east"])
        people = client.call("PeopleService.ListEmployees").employees
        self.assertEqual(self.places_of(e.name for e in people), SEES["east"])

    # ---- Sections

    def test_people_and_terminals_lie_in_sections_of_their_own_group(self):
        world = self.world
        root, west = world.clients["root"], world.clients["west"]

        def section(group, module):
            return root.call("OrgService.CreateSection", section=dict(
                group_id=world.groups[group], module=module, name="Section %d" % module)).id

        staff, doors = section("west", ORG.MODULE_EMPLOYEES), section("west", ORG.MODULE_DEVICES)
        far = section("inner", ORG.MODULE_EMPLOYEES)
        foreign = section("east", ORG.MODULE_EMPLOYEES)
        self.assertEqual({s.id for s in west.call("OrgService.ListSections").sections}, {staff, doors, far})
        for method, fields in (("UpdateSection", dict(section=dict(id=foreign, name="X"))),
                               ("DeleteSection", dict(id=foreign))):
            self.assertEqual(self.refusal(west.call, "OrgService." + method, **fields).reason, "SECTION_NOT_FOUND")

        person = west.call("PeopleService.CreateEmployee", employee=dict(number="S1", name="S west",
                                                                         section_id=staff))
        self.addCleanup(self.server.sql, "DELETE FROM person WHERE id = %d" % person.id)
        self.assertEqual(person.section_id, staff)
        for wrong in (doors, far, foreign, 99):
            refused = self.refusal(west.call, "PeopleService.CreateEmployee", employee=dict(
                number="S2", name="S", section_id=wrong))
            self.assertEqual(refused.fields, {"employee.section_id": "SECTION_UNKNOWN"})
        for section_id, found in ((staff, True), (-1, False), (far, False), (0, True)):
            numbers = [e.number for e in west.call("PeopleService.ListEmployees", section_id=section_id).employees]
            self.assertEqual("S1" in numbers, found)

        person.group_id = world.groups["inner"]
        person = west.call("PeopleService.UpdateEmployee", employee=person)
        self.assertEqual((person.group_id, person.section_id), (world.groups["inner"], 0))
        person.group_id, person.section_id = world.groups["west"], staff
        self.assertEqual(west.call("PeopleService.UpdateEmployee", employee=person).section_id, staff)
        person.group_id, person.section_id = world.groups["inner"], far
        self.assertEqual(west.call("PeopleService.UpdateEmployee", employee=person).section_id, far)

        device = dict(id=world.terminals["west"].id, name="Gate west")
        self.assertEqual(west.call("DevicesService.UpdateDevice", section_id=doors, **device).section_id, doors)
        self.assertEqual(self.refusal(west.call, "DevicesService.UpdateDevice", section_id=staff, **device).fields,
                         {"section_id": "SECTION_UNKNOWN"})
        self.assertEqual(len(west.call("DevicesService.ListDevices", section_id=doors).devices), 1)
        self.assertEqual(west.call("DevicesService.ListDevices", section_id=doors).total_size, 1)
        west.call("OrgService.DeleteSection", id=doors)
        self.assertEqual(west.call("DevicesService.GetDevice", id=device["id"]).section_id, 0)
        for number in (staff, far, foreign):
            root.call("OrgService.DeleteSection", id=number)
        self.assertEqual(west.call("PeopleService.GetEmployee", id=person.id).section_id, 0)


if __name__ == "__main__":
    unittest.main()
