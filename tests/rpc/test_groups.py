"""The tree of groups and their sections: what can be made of it, and what becomes of a group's content."""

import threading
import unittest

from fixture import MODULES, Refused, Server

ORG = MODULES["org"]


class GroupsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.root = cls.admin.call("OrgService.ListGroups").groups[0]
        cls.enterprise = cls.server.sql("SELECT enterprise_id FROM org_group WHERE id = %d" % cls.root.id)[0][0]

    def make(self, name, parent=0):
        return self.admin.call("OrgService.CreateGroup", group=dict(name=name, parent_id=parent))

    def update(self, group, **changes):
        fields = dict(id=group.id, parent_id=group.parent_id, name=group.name)
        return self.admin.call("OrgService.UpdateGroup", group={**fields, **changes})

    def groups(self):
        return {group.id: group for group in self.admin.call("OrgService.ListGroups").groups}

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    def version(self):
        return int(self.server.sql("SELECT tree_version FROM enterprise WHERE id = %s" % self.enterprise)[0][0])

    # ---- The tree

    def test_a_new_group_lies_below_the_default_group_unless_another_is_named(self):
        first = self.make("  First  ")
        self.assertEqual((first.name, first.parent_id), ("First", self.root.id))
        second = self.make("Second", first.id)
        self.assertEqual(second.parent_id, first.id)
        listed = list(self.groups())
        self.assertEqual(listed[0], self.root.id)
        self.assertLess(listed.index(first.id), listed.index(second.id))

    def test_siblings_differ_in_their_names(self):
        above = self.make("Names")
        self.make("Twin", above.id)
        other = self.make("Other", above.id)
        self.assertEqual(self.refused(self.make, "Twin", above.id).fields, {"group.name": "NAME_TAKEN"})
        self.assertEqual(self.refused(self.update, other, name="Twin").fields, {"group.name": "NAME_TAKEN"})
        self.make("Twin", other.id)

    def test_a_name_is_one_plain_line(self):
        self.assertEqual(self.refused(self.make, " \t ").fields, {"group.name": "FIELD_REQUIRED"})
        self.assertEqual(self.refused(self.make, "a\nb").fields, {"group.name": "VALUE_INVALID"})
        self.assertEqual(self.refused(self.make, "a\u202eb").fields, {"group.name": "VALUE_INVALID"})

    def test_an_unknown_group_is_refused_at_the_field_or_not_found(self):
        group = self.make("Known")
        self.assertEqual(self.refused(self.make, "X", 99).fields, {"group.parent_id": "GROUP_UNKNOWN"})
        self.assertEqual(self.refused(self.update, group, parent_id=99).fields, {"group.parent_id": "GROUP_UNKNOWN"})
        self.assertEqual(self.refused(self.update, group, id=99).code, "NOT_FOUND")
        for method in ("GetGroupContent", "DeleteGroup"):
            for number in (0, 99, -1):
                self.assertEqual(self.refused(self.admin.call, "OrgService." + method, id=number).reason,
                                 "GROUP_NOT_FOUND")

    def test_a_group_moves_with_what_is_below_it(self):
        a, b = self.make("Move A"), self.make("Move B")
        child = self.make("Child", a.id)
        self.assertEqual(self.update(a, parent_id=b.id, name="Moved").name, "Moved")
        groups = self.groups()
        self.assertEqual((groups[a.id].parent_id, groups[child.id].parent_id), (b.id, a.id))

    def test_a_group_cannot_lie_below_itself(self):
        a = self.make("Circle")
        b = self.make("In it", a.id)
        for parent in (a.id, b.id):
            refusal = self.refused(self.update, a, parent_id=parent)
            self.assertEqual((refusal.reason, refusal.fields), ("GROUP_CIRCLE", {"group.parent_id": "GROUP_CIRCLE"}))

    def test_the_tree_has_sixteen_levels(self):
        chain = [self.make("Level 2")]
        for level in range(3, 17):
            chain.append(self.make("Level %d" % level, chain[-1].id))
        self.assertEqual(self.refused(self.make, "Level 17", chain[-1].id).fields,
                         {"group.parent_id": "GROUP_TOO_DEEP"})
        pair = self.make("Pair")
        self.make("Below", pair.id)
        self.assertEqual(self.refused(self.update, pair, parent_id=chain[-2].id).fields,
                         {"group.parent_id": "GROUP_TOO_DEEP"})
        self.update(pair, parent_id=chain[-3].id)

    def test_the_root_keeps_its_place_but_not_its_name(self):
        other = self.make("Aspirant")
        self.assertEqual(self.refused(self.update, self.root, parent_id=other.id).fields,
                         {"group.parent_id": "GROUP_IS_ROOT"})
        self.assertEqual(self.refused(self.admin.call, "OrgService.DeleteGroup", id=self.root.id).reason,
                         "GROUP_IS_ROOT")
        self.assertEqual(self.update(self.root, name="Head office").parent_id, 0)
        self.update(self.root)

    def test_every_change_raises_the_version_and_no_refusal_does(self):
        before = self.version()
        group = self.make("Version")
        self.update(group, name="Version 2")
        self.refused(self.make, "Version 2")
        self.admin.call("OrgService.DeleteGroup", id=group.id)
        self.assertEqual(self.version(), before + 3)

    def test_concurrent_moves_make_no_circle(self):
        for attempt in range(10):
            a, b = self.make("Left %d" % attempt), self.make("Right %d" % attempt)
            outcomes = []

            def move(group, parent):
                client = self.server.public().with_token(self.server._token)
                try:
                    client.call("OrgService.UpdateGroup",
                                group=dict(id=group.id, name=group.name, parent_id=parent.id))
                    outcomes.append("moved")
                except Refused as refusal:
                    outcomes.append(refusal.reason)

            threads = [threading.Thread(target=move, args=pair) for pair in ((a, b), (b, a))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(sorted(outcomes), ["GROUP_CIRCLE", "moved"])
            self.assertIn(a.id, self.groups())
            self.assertIn(b.id, self.groups())

    # ---- The end of a group

    def employee(self, number, group, **fields):
        return self.admin.call("PeopleService.CreateEmployee",
                               employee=dict(number=number, name="E " + number, group_id=group.id, **fields))

    def test_the_content_of_a_deleted_group_moves_up(self):
        above = self.make("Above")
        group = self.make("Deleted", above.id)
        child = self.make("Orphan", group.id)
        person = self.employee("D1", group)
        section = self.admin.call("OrgService.CreateSection",
                                  section=dict(group_id=group.id, module=ORG.MODULE_EMPLOYEES, name="Team"))
        expected = ORG.GroupContent(groups=1, employees=1, sections=1)
        self.assertEqual(self.admin.call("OrgService.GetGroupContent", id=group.id), expected)
        self.assertEqual(self.admin.call("OrgService.DeleteGroup", id=group.id), expected)
        groups = self.groups()
        self.assertNotIn(group.id, groups)
        self.assertEqual(groups[child.id].parent_id, above.id)
        self.assertEqual(self.admin.call("PeopleService.GetEmployee", id=person.id).group_id, above.id)
        self.assertNotIn(section.id, [s.id for s in self.admin.call("OrgService.ListSections").sections])
        self.assertEqual(self.refused(self.admin.call, "OrgService.DeleteGroup", id=group.id).reason,
                         "GROUP_NOT_FOUND")

    def test_a_deleted_group_leaves_a_grave_that_moves_on_and_frees_its_name(self):
        above = self.make("Cemetery")
        first = self.make("Dead", above.id)
        inner = self.make("Dead too", first.id)
        for group in (inner, first):
            self.admin.call("OrgService.DeleteGroup", id=group.id)
        graves = self.server.sql("SELECT id, parent_id FROM org_group WHERE deleted_at IS NOT NULL AND parent_id = %d"
                                 " ORDER BY id" % above.id)
        self.assertEqual(graves, [[str(first.id), str(above.id)], [str(inner.id), str(above.id)]])
        self.make("Dead", above.id)

    def test_nothing_is_put_into_a_deleted_group(self):
        group = self.make("Gone")
        person = self.employee("G1", self.root)
        self.admin.call("OrgService.DeleteGroup", id=group.id)
        self.assertEqual(self.refused(self.make, "X", group.id).fields, {"group.parent_id": "GROUP_UNKNOWN"})
        self.assertEqual(self.refused(self.employee, "G2", group).fields, {"employee.group_id": "GROUP_UNKNOWN"})
        person.group_id = group.id
        self.assertEqual(self.refused(self.admin.call, "PeopleService.UpdateEmployee", employee=person).fields,
                         {"employee.group_id": "GROUP_UNKNOWN"})
        self.assertEqual(self.refused(self.admin.call, "OrgService.CreateSection", section=dict(
            group_id=group.id, module=ORG.MODULE_DEVICES, name="X")).fields, {"section.group_id": "GROUP_UNKNOWN"})
        self.assertEqual(self.refused(self.admin.call, "PeopleService.ListEmployees", group_id=group.id).reason,
                         "GROUP_NOT_FOUND")

    def test_a_group_with_administrators_stays(self):
        group = self.make("Led")
        user = self.admin.call("UsersService.CreateUser", user=dict(username="led-by", group_id=group.id,
                                                                    group_administrator=True)).user
        self.assertEqual(self.admin.call("OrgService.GetGroupContent", id=group.id).administrators, 1)
        refusal = self.refused(self.admin.call, "OrgService.DeleteGroup", id=group.id)
        self.assertEqual((refusal.code, refusal.reason), ("FAILED_PRECONDITION", "GROUP_HAS_ADMINISTRATORS"))
        self.assertIn(group.id, self.groups())
        self.admin.call("UsersService.DeleteUser", id=user.id)
        self.admin.call("OrgService.DeleteGroup", id=group.id)

    def test_a_child_whose_name_is_taken_above_keeps_its_parent_alive(self):
        above = self.make("Clash")
        group = self.make("Shop", above.id)
        self.make("Desk", above.id)
        child = self.make("Desk", group.id)
        refusal = self.refused(self.admin.call, "OrgService.DeleteGroup", id=group.id)
        self.assertEqual((refusal.code, refusal.reason, refusal.facts.get("name")),
                         ("FAILED_PRECONDITION", "GROUP_NAMES_COLLIDE", "Desk"))
        self.assertIn(group.id, self.groups())
        self.update(child, name="Shop")  # the name of the group that goes is free for it
        self.admin.call("OrgService.DeleteGroup", id=group.id)
        self.assertEqual(self.groups()[child.id].parent_id, above.id)

    def test_people_who_come_while_their_group_goes_are_never_left_behind(self):
        group = self.make("Busy")
        stop, made = threading.Event(), []

        def hire(who):
            client = self.server.public().with_token(self.server._token)
            for i in range(200):
                if stop.is_set():
                    return
                try:
                    made.append(client.call("PeopleService.CreateEmployee", employee=dict(
                        number="B%d-%d" % (who, i), name="Busy", group_id=group.id)).id)
                except Refused as refusal:
                    self.assertEqual(refusal.fields, {"employee.group_id": "GROUP_UNKNOWN"})

        threads = [threading.Thread(target=hire, args=(who,)) for who in range(2)]
        for thread in threads:
            thread.start()
        while len(made) < 20:
            pass
        self.admin.call("OrgService.DeleteGroup", id=group.id)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(self.server.sql("SELECT count(*) FROM person WHERE group_id = %d" % group.id), [["0"]])

    # ---- Sections

    def section(self, **fields):
        return self.admin.call("OrgService.CreateSection", section=fields)

    def test_sections_belong_to_a_group_and_a_module(self):
        group = self.make("Sections")
        team = self.section(group_id=group.id, module=ORG.MODULE_EMPLOYEES, name=" Team ")
        self.section(group_id=group.id, module=ORG.MODULE_DEVICES, name="Team")
        self.section(module=ORG.MODULE_EMPLOYEES, name="Team")
        self.assertEqual((team.name, team.group_id), ("Team", group.id))
        self.assertEqual(self.refused(self.section, group_id=group.id, module=ORG.MODULE_EMPLOYEES, name="Team").fields,
                         {"section.name": "NAME_TAKEN"})
        self.assertEqual(self.refused(self.section, module=0, name="X").fields, {"section.module": "VALUE_INVALID"})
        self.assertEqual(self.refused(self.section, module=9, name="X").fields, {"section.module": "VALUE_INVALID"})
        listed = self.admin.call("OrgService.ListSections", module=ORG.MODULE_EMPLOYEES).sections
        self.assertIn(team, listed)
        self.assertEqual({section.module for section in listed}, {ORG.MODULE_EMPLOYEES})

    def test_a_section_is_renamed_and_stays_where_it_is(self):
        section = self.section(module=ORG.MODULE_VISITORS, name="Guests")
        other = self.section(module=ORG.MODULE_VISITORS, name="Suppliers")
        renamed = self.admin.call("OrgService.UpdateSection", section=dict(id=section.id, name="Friends"))
        self.assertEqual((renamed.name, renamed.group_id, renamed.module),
                         ("Friends", self.root.id, ORG.MODULE_VISITORS))
        for fields, expected in ((dict(name="Suppliers"), {"section.name": "NAME_TAKEN"}),
                                 (dict(name="X", module=ORG.MODULE_DEVICES), {"section.module": "FIELD_FIXED"}),
                                 (dict(name="X", group_id=99), {"section.group_id": "FIELD_FIXED"})):
            refusal = self.refused(self.admin.call, "OrgService.UpdateSection", section=dict(id=section.id, **fields))
            self.assertEqual(refusal.fields, expected)
        self.admin.call("OrgService.DeleteSection", id=other.id)
        for method, fields in (("DeleteSection", dict(id=other.id)),
                               ("UpdateSection", dict(section=dict(id=other.id, name="X")))):
            self.assertEqual(self.refused(self.admin.call, "OrgService." + method, **fields).reason,
                             "SECTION_NOT_FOUND")

    # ---- The audit log

    def test_changes_are_audited_with_before_and_after(self):
        group = self.make("Audited")
        self.update(group, name="Audited anew")
        self.admin.call("OrgService.DeleteGroup", id=group.id)
        rows = self.server.sql("SELECT action, object FROM audit_row WHERE object LIKE 'group Audited%' ORDER BY id")
        self.assertEqual(rows, [["create group", "group Audited"], ["update group", "group Audited anew"],
                                ["delete group", "group Audited anew"]])


if __name__ == "__main__":
    unittest.main()
