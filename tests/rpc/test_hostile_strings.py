"""Every text that can be stored, with five hundred texts that something might take for more than words: it comes back as it
was sent, byte for byte, or it is refused at its field. Which fields those are is found out from the contract: whatever
a request to create or to change something carries, and an answer then shows."""

import itertools
import time
import unittest

from contract import POLICIES, assign, caller, fields, is_list, limit
from fixture import METHODS, Refused
from google.protobuf.descriptor import FieldDescriptor
from hostile_strings import hostile_strings
from matrix_requests import Context, request_for
from matrix_world import World

STRINGS = hostile_strings()
WHITE = " \t\r\n\u00a0\u3000"  # cut off the ends of a text, as its reader would not see it

# What no call takes away at once, so that its name is free for the next who tries it.
REMOVALS = {"EnterprisesService.CreateEnterprise":
            "DELETE FROM app_user WHERE enterprise_id = %(id)d; DELETE FROM org_group WHERE enterprise_id = %(id)d;"
            " DELETE FROM enterprise WHERE id = %(id)d"}


def texts(message, path=()):
    """Every text of an answer: [(path, text)]."""
    for field, value in message.ListFields():
        repeated = field.label == FieldDescriptor.LABEL_REPEATED
        for one in value if repeated else [value]:
            if field.type == FieldDescriptor.TYPE_STRING:
                yield (*path, field.name), one
            elif field.message_type:
                yield from texts(one, (*path, field.name))


def fitting(text, field):
    """As much of it as the field may hold."""
    return text.encode()[:limit(field).max_bytes].decode(errors="ignore")


class Subject:
    """A method that stores texts, and the fields of its request that show up in an answer."""

    numbers = itertools.count(1)

    def __init__(self, test, name):
        self.test, self.name = test, name
        self.user = "super" if caller(name) == "CALLER_SUPER" else "root"
        self.client = test.world.client(self.user)
        self.at = Context(test.world, test.world.place(self.user), self.user)
        self.fields = {".".join(path): (path, field) for path, field in fields(METHODS[name].input_type)
                       if field.type == FieldDescriptor.TYPE_STRING and "password" not in field.name}
        self.request = request_for(name, self.at) if self.fields else None
        self.ruled = set()  # by a form of their own, so that not even plain words will do
        self.kept = {}  # by field: where an answer shows it
        self.reader = None

    def plain(self, field):
        return "p%d" % next(self.numbers) if limit(field).max_bytes >= 6 else "p"

    def call(self, values):
        """The answer, and the fields that were refused."""
        request = type(self.request)()
        request.CopyFrom(self.request)
        if "take_card" in request.DESCRIPTOR.fields_by_name:
            request.take_card = True  # from whoever tried the same text before
        for name, value in values.items():
            assign(request, *self.fields[name], value)
        try:
            return self.client.call(self.name, request), set()
        except Refused as refused:
            blamed = {field.split("[")[0] + field.split("]")[-1] if "[" in field else field for field in refused.fields}
            if refused.code != "INVALID_ARGUMENT" or not blamed & set(values) or "TAKEN" in str(refused.fields):
                raise AssertionError("%s: %s with %r" % (self.name, refused, values)) from None
            return None, blamed & set(values)

    def explore(self, but):
        """Plain words everywhere: what is refused is ruled, what comes back is kept."""
        words = {name: self.plain(field) for name, (_, field) in self.fields.items()
                 if (field.containing_type.full_name, field.name) not in but}
        answer = None
        while answer is None:
            answer, refused = self.call(words)
            self.ruled |= refused
            for name in refused:
                del words[name]
        shown = {text: path for path, text in texts(answer)}
        self.kept = {name: shown[word] for name, word in words.items() if word in shown}
        self.ruled &= {name for name in self.ruled if not limit(self.fields[name][1]).refers_to}
        self.words = {name: words[name] for name in self.kept}
        self.reader = self.find_reader()
        return {(self.fields[name][1].containing_type.full_name, self.fields[name][1].name) for name in self.kept}

    def find_reader(self):
        """A method that shows the same, later and to anybody who asks."""
        readers = [name for name in METHODS if METHODS[name].name.startswith(("Get", "List"))
                   and METHODS[name].containing_service == METHODS[self.name].containing_service
                   and caller(name) != "CALLER_ANYONE"]
        for name in sorted(readers, key=is_list):
            if all(word in self.read(name) for word in self.words.values()):
                return name
        return None

    def read(self, name):
        """All that it shows, page by page."""
        request, shown = request_for(name, self.at), set()
        try:
            while True:
                answer = self.client.call(name, request)
                shown |= {text for _, text in texts(answer)}
                if not getattr(answer, "next_page_token", ""):
                    return shown
                request.page_token = answer.next_page_token
        except Refused:
            return set()

    def store(self, values):
        """Sends the texts; what is refused is replaced by plain words until the others are taken. When none are, there
        is no answer: nothing was stored that anybody would look at."""
        if ".Create" in self.name:
            self.request = request_for(self.name, self.at)  # another object each time
        sent, answer = dict(values), None
        refused = set()
        while answer is None:
            answer, blamed = self.call(sent)
            refused |= blamed
            for name in blamed:
                sent[name] = self.plain(self.fields[name][1])
                if name in self.ruled:
                    del sent[name]
            if not set(values) - refused:
                return None, set()
        return answer, set(values) - refused

    def remove(self, answer):
        """What was created for a moment, so that lists stay short and names free."""
        name = self.name.replace(".Create", ".Delete")
        if name == self.name or name not in METHODS or POLICIES[name].caller != POLICIES[self.name].caller:
            return
        made = answer if hasattr(answer, "id") else next(one for _, one in answer.ListFields() if hasattr(one, "id"))
        if self.name in REMOVALS:
            self.test.world.sql(REMOVALS[self.name] % {"id": made.id})
            return
        try:
            self.client.call(name, id=made.id)
        except Refused:
            pass  # it asks for more than an id


class HostileStringsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(sorted({policy.permission for policy in POLICIES.values() if policy.permission}))
        cls.addClassCleanup(cls.world.close)

    def setUp(self):
        self.faults = []
        self.stored = self.refused = self.trimmed = 0

    def writers(self):
        """Changing before creating: what a change covers, a new object need not cover again."""
        names = [name for name in METHODS if METHODS[name].name.startswith(("Create", "Update"))
                 and METHODS[name].containing_service.full_name.startswith("smartpass.v1.")]
        return sorted(names, key=lambda name: (METHODS[name].name.startswith("Create"), name))

    def check_text(self, subject, name, text, shown, read):
        if text in shown and (read is None or text in read):
            self.stored += 1
        elif text.strip(WHITE) in {*shown, ""} and text != text.strip(WHITE):
            self.trimmed += 1
        elif text:
            self.faults.append("%s %s: %r became %r" % (subject.name, name, text, sorted(shown)))

    def check_round(self, subject, number):
        values = {}
        for i, name in enumerate([*subject.kept, *sorted(subject.ruled)]):
            values[name] = fitting(STRINGS[(number + 37 * i) % len(STRINGS)], subject.fields[name][1])
        answer, taken = subject.store(values)
        self.refused += len(values) - len(taken)
        if not taken:
            return
        shown = {text for _, text in texts(answer)}
        read = subject.read(subject.reader) if subject.reader else None
        for name in taken:
            self.check_text(subject, name, values[name], shown, read)
        subject.remove(answer)

    def check_too_long(self, subject):
        for name in subject.kept:
            field = subject.fields[name][1]
            _, refused = subject.call({**subject.words, name: "x" * (limit(field).max_bytes + 1)})
            self.assertEqual(refused, {name}, subject.name)

    def check_nul(self, subject):
        """No text anywhere holds one."""
        for name in subject.kept:
            request = type(subject.request)()
            request.CopyFrom(subject.request)
            assign(request, *subject.fields[name], "a\0b")
            with self.assertRaises(Refused) as raised:
                subject.client.call(subject.name, request)
            self.assertEqual(raised.exception.code, "INVALID_ARGUMENT", subject.name)

    def test_every_text_that_is_stored_comes_back_as_it_was(self):
        covered, kept, unread = set(), [], []
        for name in self.writers():
            subject, began = Subject(self, name), time.time()
            if not subject.fields:
                continue
            new = subject.explore(covered) - covered
            if not new:
                continue
            covered |= new
            kept += ["%s.%s" % one for one in sorted(new)]
            self.check_too_long(subject)
            self.check_nul(subject)
            for number in range(len(STRINGS)):
                self.check_round(subject, number)
            if not subject.reader:
                unread.append(name)
            print("\n%s: %s; form of their own: %s; read by %s; %.1f s" % (
                name, ", ".join(subject.kept), ", ".join(sorted(subject.ruled)) or "-", subject.reader,
                time.time() - began), end="", flush=True)
        print("\nhostile strings: %d texts, %d fields; stored verbatim %d times, trimmed %d, refused at their field %d" % (
            len(STRINGS), len(kept), self.stored, self.trimmed, self.refused), flush=True)
        self.assertEqual(self.faults, [], "\n".join(["", *self.faults[:20]]))
        self.assertGreater(len(kept), 10)
        self.assertEqual(unread, [], "nothing reads what these store")

    def test_filters_of_lists_are_only_words(self):
        """Whatever is looked for: an answer, or a refusal of the field."""
        for name in METHODS:
            strings = [(path, field) for path, field in fields(METHODS[name].input_type)
                       if field.type == FieldDescriptor.TYPE_STRING and field.name != "page_token"]
            if not is_list(name) or not strings:
                continue
            user = "super" if caller(name) == "CALLER_SUPER" else "root"
            client, at = self.world.client(user), Context(self.world, self.world.place(user), user)
            for text in STRINGS:
                request = request_for(name, at)
                if "device_id" in request.DESCRIPTOR.fields_by_name:
                    request.device_id = at.place.ids["device"]  # there are lists that are of one terminal
                for path, field in strings:
                    assign(request, path, field, fitting(text, field))
                try:
                    client.call(name, request)
                except Refused as refused:
                    self.assertEqual((refused.code, bool(refused.fields)), ("INVALID_ARGUMENT", True), (name, text))

    def test_page_tokens_are_taken_as_they_were_given_and_no_other(self):
        for name in METHODS:
            if "page_token" not in METHODS[name].input_type.fields_by_name:
                continue
            user = "super" if caller(name) == "CALLER_SUPER" else "root"
            client, at = self.world.client(user), Context(self.world, self.world.place(user), user)
            for text in filter(None, STRINGS):
                request = request_for(name, at)
                request.page_token = fitting(text, type(request).DESCRIPTOR.fields_by_name["page_token"])
                with self.assertRaises(Refused, msg=(name, text)) as raised:
                    client.call(name, request)
                self.assertEqual(raised.exception.code, "INVALID_ARGUMENT", (name, text))


if __name__ == "__main__":
    unittest.main()
