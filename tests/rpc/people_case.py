"""What the tests of people share: a server, people of the three kinds, and accounts of part of the tree."""

import itertools
import unittest

from fixture import Refused, Server

# The method's words and the request's field, by kind.
KINDS = {"employee": ("PeopleService", "Employee", "Employees"),
         "visitor": ("VisitorsService", "Visitor", "Visitors"),
         "blacklist_entry": ("BlacklistService", "BlacklistEntry", "BlacklistEntries")}


class PeopleCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()
        cls.numbers = itertools.count(1000)

    def _method(self, verb, kind, many=False):
        service, one, all_of_them = KINDS[kind]
        return "%s.%s%s" % (service, verb, all_of_them if many else one)

    def create(self, kind, client=None, take_card=None, **fields):
        fields.setdefault("number", "n%d" % next(self.numbers))
        fields.setdefault("name", "Ann")
        more = {} if take_card is None else {"take_card": take_card}
        return (client or self.admin).call(self._method("Create", kind), **{kind: fields}, **more)

    def update(self, kind, person, client=None, take_card=None, **fields):
        changed = type(person)()
        changed.CopyFrom(person)
        for name, value in fields.items():
            setattr(changed, name, value)
        more = {} if take_card is None else {"take_card": take_card}
        return (client or self.admin).call(self._method("Update", kind), **{kind: changed}, **more)

    def get(self, kind, number, client=None):
        return (client or self.admin).call(self._method("Get", kind), id=number)

    def numbers_found(self, kind, client=None, **filters):
        """All pages of a list, two by two; the count must be theirs."""
        found, token = [], ""
        while True:
            page = (client or self.admin).call(self._method("List", kind, many=True), page_size=2, page_token=token,
                                               **filters)
            found += [one.number for one in getattr(page, {"employee": "employees", "visitor": "visitors",
                                                           "blacklist_entry": "blacklist_entries"}[kind])]
            token = page.next_page_token
            if not token:
                self.assertEqual(page.total_size, len(found))
                return found

    def refused(self, what, *arguments, **fields):
        with self.assertRaises(Refused) as raised:
            what(*arguments, **fields)
        return raised.exception

    # ---- Accounts

    def group(self, name, parent=None):
        parent = parent or self.admin.call("OrgService.ListGroups").groups[0].id
        return self.admin.call("OrgService.CreateGroup", group=dict(parent_id=parent, name=name)).id

    def clerk(self, username, group, *permissions):
        """Somebody of this enterprise who may do this and sees this group."""
        code, said = self.server.command("add-user", "--username", username, "--password-stdin",
                                         password="the password of " + username)
        self.assertEqual(code, 0, said)
        self.server.sql("UPDATE app_user SET group_id = %d WHERE username = '%s'" % (group, username))
        if permissions:
            self.server.sql("WITH r AS (INSERT INTO role SELECT enterprise_id, id, username, ARRAY['%s'], created_at"
                            " FROM app_user WHERE username = '%s' RETURNING enterprise_id, id)"
                            " UPDATE app_user u SET group_administrator = false, role_id = r.id FROM r"
                            " WHERE u.username = '%s'" % ("','".join(permissions), username, username))
        client = self.server.public()
        answer = client.call("SessionService.Login", username=username, password="the password of " + username)
        return client.with_token(answer.token)
