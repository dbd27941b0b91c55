"""Where the matrix takes place: an enterprise with a tree (root, A and B below it), another enterprise, a caller of every
kind, and one object of every kind that the contract refers to, wherever somebody wants to see it or must not.

Rows are put into the database, because most of them nobody could make without the methods that are being tested."""

import itertools
import os
import re
import secrets

from fixture import Server, photo
from terminal import Terminal

DAY_MS = 24 * 3600 * 1000
PASSWORD = "the password of everybody here"

# How far an object is seen; every other kind lies in a group, and is seen from there and from above.
ENTERPRISE_WIDE = {"role", "audit row", "package"}  # by whoever holds the permission, in all groups
PERSONAL = {"session", "token", "operation", "capture", "import", "transfer_file"}  # by their owner
KINDS = ENTERPRISE_WIDE | PERSONAL | {"enterprise", "group", "section", "user", "employee", "visitor", "blacklist_entry",
                                      "erasure", "person", "photo", "device", "pass", "command batch", "rollout",
                                      "display"}

# Permissions that are of no use without another: a photo is seen with its person.
NEEDS = {"photos.view": ["employees.view"]}


class Place:
    """One object of every kind: ids by kind, and texts that show up wherever one of them is shown. The enterprise is one
    more, for whoever may see enterprises; a group and a role in it have the ids of those here."""

    def __init__(self, ids, word, group):
        self.ids, self.word, self.group = ids, word, group

    def traces(self, kinds):
        """Bytes that give an object of these kinds away in a serialized message."""
        return [b"".join(varint(self.ids[kind])) for kind in kinds if kind in self.ids] + self.words(kinds)

    def words(self, kinds):
        """The same without the ids."""
        return [("%s of %s" % (kind.replace(" ", "-"), self.word)).encode() for kind in kinds]


def varint(value):
    while value > 0x7f:
        yield bytes([value & 0x7f | 0x80])
        value >>= 7
    yield bytes([value])


class World:
    def __init__(self, permissions):
        self._numbers = itertools.count(7_000_000_000_000_000, 100)
        self._sessions = {}
        self._places = {}
        self.server = Server().start()
        self.server.admin()
        self._enrol_terminals()
        self._make_enterprises()
        self._make_users(permissions)
        self._take_photos()

    def close(self):
        self.server.close()

    # ---- Callers

    def _enrol_terminals(self):
        """One whose certificate has expired, and one with a good one."""
        self.server.stop()
        self.server.environment = {"SMARTPASS_CLOCK_SHIFT_MS": str(-100 * DAY_MS)}
        self.server.start()
        self.expired_terminal = Terminal(self.server, "expired", "admin", Server.PASSWORD)
        self.server.stop()
        self.server.environment = {}
        self.server.start()
        self.terminal = Terminal(self.server, "good", "admin", Server.PASSWORD)

    def _make_enterprises(self):
        self.one, self.other = (int(self._command("add-enterprise", "--name", name)) for name in ("here", "elsewhere"))
        self._command("add-user", "--username", "template", "--enterprise", str(self.one), "--password-stdin")
        self.root, self.other_root = (
            int(self.sql("SELECT id FROM org_group WHERE enterprise_id = %d AND parent_id IS NULL" % enterprise)[0][0])
            for enterprise in (self.one, self.other))
        self.a, self.b = self._group(self.one, self.root, "A"), self._group(self.one, self.root, "B")

    def _command(self, *arguments):
        code, said = self.server.command(*arguments, password=PASSWORD)
        assert code == 0, said
        return said

    def sql(self, statement):
        return self.server.sql(statement)

    def number(self):
        return next(self._numbers)

    def _group(self, enterprise, parent, name):
        number = self.number()
        self.sql("INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (%d, %d, %d, '%s')" % (
            enterprise, number, parent, name))
        return number

    def _make_users(self, permissions):
        """Administrators of each group, one in B with an empty role, one with a full one, and for each permission one with
        nothing else and one with everything else."""
        self.users = {}
        statements = [self._user("root", self.one, self.root), self._user("other", self.other, self.other_root),
                      self._user("a", self.one, self.a), self._user("b", self.one, self.b),
                      self._user("empty", self.one, self.b, []), self._user("full", self.one, self.b, permissions)]
        for one in permissions:
            statements.append(self._user("only " + one, self.one, self.b, [one] + NEEDS.get(one, [])))
            statements.append(self._user("not " + one, self.one, self.b, [p for p in permissions if p != one]))
        self.sql(";".join(statements))
        self.users["super"] = (1, None)
        enterprise, number = self.sql("SELECT enterprise_id, id FROM app_user WHERE username = 'admin'")[0]
        self.users["super"] = (int(enterprise), int(number))

    def _user(self, name, enterprise, group, permissions=None):
        """permissions: of a role that is made for him; None: he is the group's administrator."""
        number = self.number()
        self.users[name] = (enterprise, number)
        role = "NULL"
        statement = ""
        if permissions is not None:
            role = number + 1
            statement = ("INSERT INTO role (enterprise_id, id, name, permissions, created_at)"
                         " VALUES (%d, %d, 'only for %s', '{%s}', now());" % (enterprise, role, name, ",".join(permissions)))
        return statement + """
            INSERT INTO app_user (enterprise_id, id, group_id, username, password_phc, must_change_password, loopback_only,
                                  created_at, display_name, group_administrator, role_id)
            SELECT %d, %d, %d, '%s', password_phc, false, false, now(), '%s', %s, %s
            FROM app_user WHERE username = 'template'""" % (
            enterprise, number, group, self.username(name), name, permissions is None, role)

    @staticmethod
    def username(name):
        return "matrix-" + re.sub(r"\W", "-", name)

    def client(self, name):
        """A new session of the user's each time, because calls may end it."""
        if not self._sessions.get(name):
            self._sessions[name] = self._open_sessions(name, "now() + interval '1 hour'")
        return self.nobody().with_token(self._sessions[name].pop())

    def expired_clients(self, name):
        """Sessions that are over: by their end, and by not being used."""
        over = self._open_sessions(name, "now() - interval '1 second'", 1)
        idle = self._open_sessions(name, "now() + interval '1 hour'", 1, seen="now() - interval '1 day'")
        return [self.nobody().with_token(token) for token in over + idle]

    def _open_sessions(self, name, until, count=20, seen="now()"):
        enterprise, user = self.users[name]
        tokens = [secrets.token_urlsafe(32) for _ in range(count)]
        self.sql("INSERT INTO session (token_sha256, enterprise_id, user_id, created_at, last_seen_at, expires_at, address,"
                 " user_agent, id) VALUES " + ",".join(
                     "(sha256('%s'), %d, %d, %s, %s, %s, '127.0.0.1', 'matrix', %d)" % (
                         token, enterprise, user, seen, seen, until, self.number()) for token in tokens))
        return tokens

    def forget_sessions(self):
        self._sessions = {}

    def nobody(self):
        """The same connection for all."""
        if not getattr(self, "_public", None):
            self._public = self.server.public()
        return self._public

    def restore_passwords(self):
        """A call may have changed one."""
        self.sql("UPDATE app_user u SET password_phc = t.password_phc, must_change_password = false FROM app_user t"
                 " WHERE t.username = 'template' AND u.username LIKE 'matrix-%'")

    # ---- Objects

    def _take_photos(self):
        """One for each enterprise; photos of places are further rows about the same picture."""
        self.pictures = {}
        for enterprise, name, file in ((self.one, "root", "person-01.jpg"), (self.other, "other", "person-02.jpg")):
            taken = self.client(name).upload(photo(file)).id
            self.pictures[enterprise] = tuple(int(value) for value in self.sql(
                "SELECT blob_id, thumbnail_blob_id, template_blob_id FROM photo WHERE id = %d" % taken)[0])

    def place(self, owner, uploader=None):
        """In a new group below that of the owner, to whom the personal objects belong; a photo waits for its uploader."""
        enterprise, user = self.users[owner]
        parent = {"other": self.other_root, "a": self.a}.get(owner, self.b)
        if owner == "super":
            enterprise = self.one
        base = self.number()
        ids = {kind: base + i for i, kind in enumerate(sorted(KINDS - {"person"}), 1)}
        ids["person"] = ids["employee"]
        ids["upload"] = base + 30
        ids["enterprise"] = base + 31
        ids["device section"] = base + 32
        ids["users role"] = base + 33  # because nobody has the other
        ids["visitor section"] = base + 34
        ids["blacklist section"] = base + 35
        ids["file's operation"] = base + 36
        ids["command"] = base + 37
        ids["rollout's package"] = base + 38  # a package that a rollout needs cannot be deleted
        word = "place%d" % base
        values = dict({kind.replace(" ", "_").replace("'", ""): number for kind, number in ids.items()}, e=enterprise, parent=parent, o=user,
                      oe=self.users[owner][0], word=word, base=base,
                      uploader=self.users[uploader or owner][1], pictures="%d, %d, %d" % self.pictures[enterprise], snapshot=self.pictures[enterprise][0],
                      hash=secrets.token_hex(32), owner=owner)
        self.sql(PLACE % values)
        self._write_files(ids, word)
        place = Place(ids, word, parent)
        self._places.setdefault(parent, []).append(place)
        return place

    def _write_files(self, ids, word):
        for kind, text in (("import", "Personnel ID,Name\n"), ("transfer_file", "transfer_file of %s\n" % word)):
            with open(os.path.join(self.server.data, "transfer", str(ids[kind])), "w") as file:
                file.write(text)

    def places_below(self, group):
        return self._places.get(group, [])

    def traces_in_database(self, place):
        """A sum over every row that names one of the place's objects, but for the log of what was tried."""
        numbers = "|".join(str(number) for number in sorted(set(place.ids.values())))
        tables = [name for name, in self.sql(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name = 'enterprise_id' AND table_name NOT LIKE 'audit%' ORDER BY 1")]
        return self.sql(" UNION ALL ".join(
            "SELECT '%s', count(*), md5(coalesce(string_agg(x::text, ',' ORDER BY x::text), '')) FROM %s x"
            " WHERE x::text ~ '\\m(%s)\\M'" % (table, table, numbers) for table in tables))


PLACE = """
INSERT INTO enterprise (id, name, time_zone, created_at) VALUES (%(enterprise)d, 'enterprise of %(word)s', 'UTC', now());
INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (%(enterprise)d, %(group)d, NULL, 'root');
INSERT INTO role (enterprise_id, id, name, permissions, created_at) VALUES (%(enterprise)d, %(role)d, 'role', '{}', now());
INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (%(e)d, %(group)d, %(parent)d, 'group of %(word)s');
UPDATE enterprise SET tree_version = tree_version + 1 WHERE id = %(e)d;
INSERT INTO section (enterprise_id, id, group_id, module, name)
    VALUES (%(e)d, %(section)d, %(group)d, 2, 'section of %(word)s'),
           (%(e)d, %(device_section)d, %(group)d, 1, 'device section of %(word)s'),
           (%(e)d, %(visitor_section)d, %(group)d, 3, 'visitor section of %(word)s'),
           (%(e)d, %(blacklist_section)d, %(group)d, 4, 'blacklist section of %(word)s');
INSERT INTO role (enterprise_id, id, name, permissions, created_at)
    VALUES (%(e)d, %(role)d, 'role of %(word)s', '{}', now()), (%(e)d, %(users_role)d, 'other role of %(word)s', '{}', now());
INSERT INTO app_user (enterprise_id, id, group_id, username, password_phc, must_change_password, loopback_only, created_at,
                      display_name, group_administrator, role_id)
    VALUES (%(e)d, %(user)d, %(group)d, 'user-of-%(word)s', '', false, false, now(), 'user of %(word)s', false, %(users_role)d);
INSERT INTO session (token_sha256, enterprise_id, user_id, created_at, last_seen_at, expires_at, address, user_agent, id)
    VALUES ('\\x%(hash)s', %(oe)d, %(o)d, now(), now(), now() + interval '1 hour', '::1', 'session of %(word)s', %(session)d);
INSERT INTO api_token (token_sha256, enterprise_id, id, user_id, name, permissions, created_at, expires_at)
    VALUES ('\\x%(hash)s', %(oe)d, %(token)d, %(o)d, 'token of %(word)s', '{console.view}', now(), now() + interval '1 hour');
INSERT INTO person (enterprise_id, id, kind, group_id, section_id, number, name, phone, card_number, notes, photo_id,
                    created_at, updated_at)
    VALUES (%(e)d, %(employee)d, 1, %(group)d, %(section)d, 'N%(base)d', 'employee of %(word)s', '', 'C%(base)d',
            'person of %(word)s', %(photo)d, now(), now());
INSERT INTO person (enterprise_id, id, kind, group_id, section_id, number, name, phone, card_number, notes, host_id,
                    created_at, updated_at)
    VALUES (%(e)d, %(visitor)d, 2, %(group)d, %(visitor_section)d, 'N%(base)d', 'visitor of %(word)s', '', 'V%(base)d',
            'visitor of %(word)s', %(employee)d, now(), now()),
           (%(e)d, %(blacklist_entry)d, 3, %(group)d, %(blacklist_section)d, 'N%(base)d', 'blacklist_entry of %(word)s', '',
            'B%(base)d', 'blacklist_entry of %(word)s', NULL, now(), now());
INSERT INTO erasure (enterprise_id, id, kind, group_id, number, name, operator, pictures, erased_at, noted)
    VALUES (%(e)d, %(erasure)d, 1, %(group)d, 'E%(base)d', 'erased of %(word)s', 'admin', 0, now(), true);
INSERT INTO photo (enterprise_id, id, person_id, blob_id, thumbnail_blob_id, template_blob_id, engine, width, height,
                   uploaded_by, created_at, expires_at)
    VALUES (%(e)d, %(photo)d, %(employee)d, %(pictures)s, 'test', 480, 640, %(o)d, now(), NULL),
           (%(e)d, %(upload)d, NULL, %(pictures)s, 'test', 480, 640, %(uploader)d, now(), now() + interval '1 hour');
INSERT INTO device (enterprise_id, id, group_id, section_id, serial_number, name, mac, model, created_at, approved_at)
    VALUES (%(e)d, %(device)d, %(group)d, %(device_section)d, 'S%(base)d', 'device of %(word)s', '', '', now(), now());
INSERT INTO device_status (enterprise_id, device_id, connected, last_seen_at, store_epoch, address, software_version, engine,
                           people_count, photo_count, unsent_records)
    VALUES (%(e)d, %(device)d, false, now() - interval '1 day', 1, '', '', '', 0, 0, 0);
INSERT INTO device_feed (enterprise_id, device_id, revision) VALUES (%(e)d, %(device)d, 1);
INSERT INTO alarm (enterprise_id, id, raised_at, ended_at, kind, device_id, detail)
    VALUES (%(e)d, %(device)d, now(), now(), 'RECORD_GAP', %(device)d, 'device of %(word)s');
INSERT INTO device_log (enterprise_id, device_id, id, epoch, number, happened_at, received_at, level, event, detail)
    VALUES (%(e)d, %(device)d, %(device)d, 1, 1, now(), now(), 1, 'STARTED', 'device of %(word)s');
INSERT INTO capture (enterprise_id, id, device_id, user_id, state, reason, created_at, expires_at)
    VALUES (%(e)d, %(capture)d, %(device)d, %(uploader)d, 1, '', now(), now() + interval '1 hour');
INSERT INTO device_command (enterprise_id, id, batch_id, device_id, user_id, operator, kind, sign_out, state, reason, created_at,
                            expires_at)
    VALUES (%(e)d, %(command)d, %(command_batch)d, %(device)d, %(o)d, 'command-batch of %(word)s', 1, false, 4,
            'DEVICE_OFFLINE', now(), now());
INSERT INTO package (enterprise_id, id, version, version_number, model, notes, size, sha256, file_size, file_sha256, key_name,
                     created_at, uploaded_by)
    VALUES (%(e)d, %(package)d, '1.0.0', %(package)d, '', 'package of %(word)s', 1, '\\x00', 1, '\\x00', 'release', now(), 'x');
INSERT INTO rollout (enterprise_id, id, package_id, version, version_number, model, state, stages, stage, stop_percent, force,
                     operator, created_at)
    VALUES (%(e)d, %(rollout)d, %(rollouts_package)d, '1.0.0', %(rollout)d, '', 2, '{100}', 0, 0, false, 'rollout of %(word)s',
            now());
INSERT INTO rollout_device (enterprise_id, rollout_id, device_id, stage, state, reason, received, forgiven, updated_at)
    VALUES (%(e)d, %(rollout)d, %(device)d, 0, 5, 'DAMAGED', 0, false, now());
INSERT INTO display_plan (enterprise_id, device_id, version, reported_version) VALUES (%(e)d, %(device)d, 1, 0);
INSERT INTO display (enterprise_id, id, device_id, strangers, seconds, picture_id, blob_id, width, height, version, refused,
                     created_at, updated_at)
    VALUES (%(e)d, %(display)d, %(device)d, false, 5, %(display)d, %(snapshot)d, 32, 24, 1, '', now(), now());
INSERT INTO display_person (enterprise_id, device_id, person_id, display_id)
    VALUES (%(e)d, %(device)d, %(employee)d, %(display)d);
INSERT INTO device_person (enterprise_id, device_id, person_id, revision, present, confirmed_revision, failure, granted_at,
                           updated_at)
    VALUES (%(e)d, %(device)d, %(employee)d, 1, true, 0, 0, now(), now());
INSERT INTO pass_record (enterprise_id, device_id, epoch, seq, id, group_id, person_id, person_name, person_number,
                         occurred_at, received_at, kind, result, deny_reason, state, authorised, clock_synced,
                         temperature_centi, threshold_centi, distance_milli, card_number, snapshot_sha256)
    VALUES (%(e)d, %(device)d, 1, 1, %(pass)d, %(group)d, %(employee)d, 'pass of %(word)s', 'N%(base)d', now(), now(), 1, 1,
            0, 1, true, true, 3660, 3730, 800, '', NULL);
INSERT INTO pass_snapshot (enterprise_id, device_id, epoch, seq, blob_id) VALUES (%(e)d, %(device)d, 1, 1, %(snapshot)d);
INSERT INTO operation (enterprise_id, id, kind, object, state, stage, progress, total, failures, request, checkpoint,
                       result_type, result, error_code, error_reason, error_message, operator_user_id, operator, group_id,
                       created_at, started_at, finished_at, attempts, cancel_requested)
    VALUES (%(oe)d, %(operation)d, 'test', 'operation of %(word)s', 4, '', 0, 0, 0, '', '', '', '', 10, 'INTERRUPTED', '', %(o)d,
            '%(owner)s', %(group)d, now(), now(), now(), 1, false);
INSERT INTO operation (enterprise_id, id, kind, object, state, stage, progress, total, failures, request, checkpoint,
                       result_type, result, error_code, error_reason, error_message, operator_user_id, operator, group_id,
                       created_at, started_at, finished_at, attempts, cancel_requested)
    VALUES (%(oe)d, %(files_operation)d, 'import employees', 'operation of %(word)s', 3, '', 1, 1, 1, '', '', '', '', 0, '', '',
            %(o)d, '%(owner)s', %(group)d, now(), now(), now(), 1, false);
INSERT INTO transfer_file (enterprise_id, id, kind, made, name, size, owner_user_id, operation_id, created_at, expires_at)
    VALUES (%(oe)d, %(import)d, 3, false, 'import of %(word)s', 18, %(uploader)d, NULL, now(), now() + interval '1 hour'),
           (%(oe)d, %(transfer_file)d, 1, true, 'transfer_file of %(word)s', 18, %(o)d, %(files_operation)d, now(),
            now() + interval '1 hour');
INSERT INTO import_problem (enterprise_id, operation_id, row, position, column_name, field, reason, message, value)
    VALUES (%(oe)d, %(operation)d, 2, 0, 'Name', 'name', 'FIELD_REQUIRED', '', 'operation of %(word)s');
INSERT INTO audit_row (enterprise_id, id, happened_at, operator, address, module, action, object, code, reason)
    VALUES (%(e)d, %(audit_row)d, now(), '%(owner)s', '', 'people', 'test', 'audit-row of %(word)s', 0, '');
"""
