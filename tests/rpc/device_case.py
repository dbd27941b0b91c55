"""What the tests of terminals share: a server where new terminals wait unless said otherwise, terminals, people."""

import itertools
import unittest

from fixture import MODULES, Refused, Server, wait_until
from terminal import Terminal, link

devices = MODULES["devices"]


class DeviceCase(unittest.TestCase):
    approval = True  # new terminals wait

    @classmethod
    def setUpClass(cls):
        cls.server = Server(approval=cls.approval)
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.numbers = itertools.count(1)

    def setUp(self):
        self.streams = []

    def tearDown(self):
        for stream in self.streams:
            stream.close()

    def terminal(self, **fields):
        """A new one, enrolled by the administrator."""
        number = next(self.numbers)
        return Terminal(self.server, "SN-%d" % number, "admin", Server.PASSWORD, **{"name": "Gate %d" % number, **fields})

    def accepted(self, **fields):
        terminal = self.terminal(**fields)
        self.approve(terminal)
        return terminal

    def online(self, terminal, **hello):
        self.streams.append(terminal.online(**hello))
        return self.streams[-1]

    def leave(self, terminal, stream):
        stream.half_close()
        stream.end()
        wait_until(lambda: self.device(terminal).state == devices.DEVICE_STATE_OFFLINE)

    def device(self, terminal, client=None):
        return (client or self.admin).call("DevicesService.GetDevice", id=terminal.id)

    def approve(self, terminal):
        return self.admin.call("DevicesService.ApproveDevice", id=terminal.id)

    def employee(self):
        number = "N%d" % next(self.numbers)
        return self.admin.call("PeopleService.CreateEmployee", employee=dict(number=number, name="Name " + number))

    def grant(self, terminal, *people, **fields):
        self.admin.call("PassService.BatchCreateGrants", person_ids=[person.id for person in people],
                        device_ids=[terminal.id], **fields)

    def granted(self, terminal):
        grants = self.admin.call("PassService.ListGrants", device_id=terminal.id, page_size=100).grants
        return {grant.person_id for grant in grants}

    def confirm(self, stream, changes):
        stream.send(people=link.PeopleReport(outcomes=[
            link.PersonOutcome(revision=change.revision, person_id=change.person_id) for change in changes]))

    def group(self, name, parent=None):
        parent = parent or self.admin.call("OrgService.ListGroups").groups[0].id
        return self.admin.call("OrgService.CreateGroup", group=dict(name="%s %d" % (name, next(self.numbers)),
                                                                    parent_id=parent)).id

    def section(self, group, name="Section"):
        return self.admin.call("OrgService.CreateSection", section=dict(group_id=group, name="%s %d" % (name, next(self.numbers)),
                                                                        module="MODULE_DEVICES")).id

    def account(self, group):
        """A client of somebody who sees this group and what lies below."""
        name = "user%d" % next(self.numbers)
        code, output = self.server.command("add-user", "--username", name, "--password-stdin", password=Server.PASSWORD)
        assert code == 0, output
        self.server.sql("UPDATE app_user SET group_id = %d WHERE username = '%s'" % (group, name))
        client = self.server.public()
        return client.with_token(client.call("SessionService.Login", username=name, password=Server.PASSWORD).token)

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    def audited(self, action):
        """(object, reason) of the calls with this verb, oldest first."""
        return self.server.sql("SELECT object, reason FROM audit_row WHERE action = '%s' ORDER BY id" % action)
