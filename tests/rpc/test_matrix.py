"""Every method of the contract, called by everybody: without a session, with one that is over, from another enterprise, from
a sibling group, with a role that lacks the permission and with one that has it. Methods, requests and what must come back
are made from the contract, so a new method is in without anybody adding it."""

import unittest

import grpc

import matrix_rules as rules
from contract import is_list, limit, references, unstated_ids
from fixture import METHODS, HttpBody, Refused, message_class
from matrix_requests import Context, hidden_references, object_of, request_for, uses_password
from matrix_world import World

WITH, FOREIGN, SIBLING = "role with it", "other enterprise", "sibling group"


class Outcome:
    """How a call ended: code, reason, violated fields and facts of a refusal; messages as bytes."""

    def __init__(self, messages=(), error=None):
        refused = Refused(error) if error else None
        self.code = refused.code if refused else "OK"
        self.reason = refused.reason if refused else ""
        self.fields = set(refused.fields) if refused else set()
        self.facts = refused.facts if refused else {}
        self.text = refused.message if refused else ""
        self.messages = list(messages)

    def __str__(self):
        return "%s %s %s %s" % (self.code, self.reason, sorted(self.fields), self.text)


def invoke(client, name, request):
    method = METHODS[name]
    up, down = ("stream" if streaming else "unary" for streaming in (method.client_streaming, method.server_streaming))
    data = request.SerializeToString()
    messages = []
    try:
        answer = client.raw(name, iter([data]) if up == "stream" else data, kind="%s_%s" % (up, down), timeout=30)
        if down == "unary":
            return Outcome([answer])
        for message in answer:
            messages.append(message)
            if message_class(method.output_type) is not HttpBody:
                answer.cancel()  # an open end
                break
        return Outcome(messages)
    except grpc.RpcError as error:
        return Outcome(messages, error)


class MatrixTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(sorted({rules.permission(name) for name in METHODS} - {""}))
        cls.addClassCleanup(cls.world.close)
        cls.hidden = cls.world.place("full")
        cls.places = {}
        cls.calls = 0
        cls.exceptions_met = set()

    def setUp(self):
        self.faults = []

    def tearDown(self):
        self.assertEqual(self.faults, [], "\n".join(["", *self.faults]))

    def fault(self, name, column, outcome, wanted, more=""):
        self.faults.append("%-45s %-28s %s, not %s %s" % (name, column, outcome, wanted, more))

    # ---- One call

    @staticmethod
    def who(user, name):
        return "%s %s" % (user, rules.permission(name)) if user in ("only", "not") else user

    def clients(self, user):
        world = self.world
        if user == "nobody":
            return [world.nobody()]
        if user == "expired":
            return world.expired_clients("full")
        if user in ("terminal", "expired terminal"):
            return [(world.terminal if user == "terminal" else world.expired_terminal).client()]
        return [world.client(user)]

    def invoke(self, user, name, request):
        if uses_password(name):
            self.world.restore_passwords()
        outcomes = []
        for client in self.clients(self.who(user, name)):
            outcomes.append(invoke(client, name, request))
            type(self).calls += 1
        if uses_password(name):
            self.world.forget_sessions()  # another password ends them
        self.assertEqual(len({str(outcome) for outcome in outcomes}), 1, name)
        return outcomes[0]

    def own(self, user, fresh=False):
        """What the caller's requests are about when they are about nothing hidden."""
        owner = user if user in ("other", "a", "root", "super", "empty") else "full"
        if fresh or owner not in self.places:
            self.places[owner] = self.world.place(owner, uploader=user if user in self.world.users else None)
        return Context(self.world, self.places[owner], "other" if owner == "other" else "root")

    # ---- The rules

    def check_refused(self, name, column, door):
        outcome = self.invoke(door.user, name, request_for(name, self.own("full")))
        wanted = (door.code, door.reason)
        facts = {"permission": rules.permission(name)} if rules.permission(name) and door.user == "not" else {}
        if (outcome.code, outcome.reason) != wanted or any(outcome.facts.get(k) != v for k, v in facts.items()):
            self.fault(name, column, outcome, wanted, facts or "")

    def check_hidden(self, name, column, door, reference):
        wanted = rules.answer_to_hidden(name, reference)
        uses_up = wanted == rules.NOTHING and not is_list(name)
        at = self.own(self.who(door.user, name), fresh=uses_up)
        request = request_for(name, at)
        reference.set(request, object_of(self.hidden, reference.field, at))
        outcome = self.invoke(door.user, name, request)
        where = {".".join(reference.path)} if wanted == rules.VIOLATION else outcome.fields
        if wanted == rules.NOTHING:
            self.check_done(name, column, outcome)
        elif outcome.code != wanted or outcome.fields != where:
            self.fault(name, column, outcome, wanted, "when %s is hidden" % reference)
        if wanted != rules.general_answer(name, reference):
            self.exceptions_met.add((name, str(reference)))
        self.check_traces(name, column, outcome, rules.hidden_kinds(name, column))

    def check_served(self, name, column, door, fresh):
        outcome = self.invoke(door.user, name, request_for(name, self.own(self.who(door.user, name), fresh)))
        self.check_done(name, column, outcome)
        self.check_traces(name, column, outcome, rules.hidden_kinds(name, column))
        return outcome

    def check_done(self, name, column, outcome):
        if not rules.served(name, outcome):
            self.fault(name, column, outcome, "OK")
        elif outcome.code != "OK":
            self.exceptions_met.add(name)

    def check_traces(self, name, column, outcome, kinds):
        answer = b"".join(outcome.messages)
        for trace in (self.hidden.words if name in rules.ECHOES else self.hidden.traces)(kinds):
            if trace in answer:
                self.fault(name, column, outcome, "silent", "about %r" % trace)

    def check_cell(self, name, column):
        door = rules.door(name, column)
        hidden = hidden_references(name, rules.hidden_kinds(name, column))
        if door.code:
            return self.check_refused(name, column, door)
        for reference in hidden:
            self.check_hidden(name, column, door, reference)
        if not hidden or is_list(name):
            return self.check_served(name, column, door, fresh=bool(references(name)) and not is_list(name))
        return None

    # ---- The tests

    def test_1_ids_say_what_they_refer_to(self):
        self.assertEqual(unstated_ids(), [])

    def test_2_nobody_reaches_what_is_not_his(self):
        """All columns but the last; afterwards the objects that were hidden are as they were."""
        before = self.world.traces_in_database(self.hidden)
        for name in sorted(METHODS):
            for column in rules.COLUMNS[:-1]:
                self.check_cell(name, column)
        for was, now in zip(before, self.world.traces_in_database(self.hidden)):
            if was != now:
                self.faults.append("%s changed" % was[0])

    def test_3_whoever_has_the_permission_is_served(self):
        for name in sorted(METHODS):
            outcome = self.check_cell(name, WITH)
            if is_list(name) and outcome.code == "OK" and self.shows_objects(name):
                self.check_shows_own(name, outcome)

    def shows_objects(self, name):
        return any(field.message_type and any(inner.name == "id" and limit(inner).refers_to
                                              for inner in field.message_type.fields)
                   for field in METHODS[name].output_type.fields)

    def check_shows_own(self, name, outcome):
        """So that the silence of the other columns means something."""
        for place in self.world.places_below(self.world.b):
            if any(trace in outcome.messages[0] for trace in place.traces(place.ids)):
                return
        self.fault(name, WITH, outcome, "an answer that shows the caller's own objects")

    def test_4_no_exception_is_stale(self):
        self.assertEqual(rules.unknown_names(), set())
        self.assertEqual(({*rules.OWN_ANSWERS, *rules.OTHER_ANSWERS}) - self.exceptions_met, set())
        print("\nmatrix: %d methods x %d callers = %d cells, %d calls" % (
            len(METHODS), len(rules.COLUMNS), len(METHODS) * len(rules.COLUMNS), self.calls), flush=True)


if __name__ == "__main__":
    unittest.main()
