"""An enterprise that is going to be deleted: real terminals with its people, passes with pictures, and a row in every
table that knows enterprises."""
import os
import subprocess
import tempfile
import time

from agent_process import Agent
from fixture import BIN, MODULES, Refused, Server, wait_until
from gate import SHARE, people, passes, photo

PASSWORD = "the password of the doomed"
STATE = MODULES["operations"].OperationState
# What is kept of a deleted enterprise: that things were done, without what was done.
KEPT = {"audit_row", "audit_head"}


class Doomed:
    def __init__(self, terminals=2):
        self.server = Server("--worker-weights", os.path.join(SHARE, "face.weights")).start()
        self.folder = tempfile.mkdtemp(prefix="smartpass-doomed-")
        self.terminals = []
        self.admin = self.server.admin()
        self.enterprise = self.admin.call(
            "EnterprisesService.CreateEnterprise", enterprise=dict(name="Doomed", time_zone="Asia/Shanghai"),
            administrator_username="doomed", administrator_password="first " + PASSWORD).enterprise
        self.chief = self._sign_in()
        self.people = [self._employ(number) for number in (1, 2)]
        self.terminals = [self._enrol(number) for number in range(1, terminals + 1)]
        self.devices = [int(terminal.status()["deviceId"]) for terminal in self.terminals]
        self.chief.call("PassService.BatchCreateGrants", passes.BatchCreateGrantsRequest(
            person_ids=[person.id for person in self.people], device_ids=self.devices))
        for terminal in self.terminals:
            terminal.wait(lambda status: status["faces"] == 2, 60)
            self.passes(terminal)
            terminal.wait(lambda status: status["unsentRecords"] == 0 and status["unsentSnapshots"] == 0, 60)
        self._fill()

    def _sign_in(self):
        client = self.server.public()
        first = client.call("SessionService.Login", username="doomed", password="first " + PASSWORD).token
        client = client.with_token(first)
        client.call("SessionService.ChangePassword", old_password="first " + PASSWORD, new_password=PASSWORD)
        return client

    def _employ(self, number):
        with open(photo("person-%02d.jpg" % number), "rb") as file:
            picture = self.chief.upload(file.read())
        employee = people.Employee(number="%04d" % number, name="Person %d" % number, photo_id=picture.id)
        return self.chief.call("PeopleService.CreateEmployee", people.CreateEmployeeRequest(employee=employee))

    def enrol(self, folder, serial, username="doomed", password=PASSWORD):
        return subprocess.run([os.path.join(BIN, "smartpass-agent"), "enrol", "--server",
                               "localhost:%d" % self.server.port, "--username", username, "--serial", serial, "--data", folder],
                              input=password, text=True, capture_output=True)

    def _enrol(self, number):
        folder = os.path.join(self.folder, "terminal-%d" % number)
        done = self.enrol(folder, "D-%d" % number)
        assert done.returncode == 0, done.stderr
        return Agent(os.path.join(BIN, "smartpass-agent"), folder, "--engine", "native",
                     "--weights", os.path.join(SHARE, "face.weights")).start()

    def _fill(self):
        former = self.chief.call("PeopleService.CreateEmployee", employee=dict(number="former", name="Former"))
        self.chief.call("PeopleService.DeleteEmployee", id=former.id)
        self.chief.call("SettingsService.UpdateSettings", device_ids=self.devices, settings=dict(volume=30),
                        update_mask=dict(paths=["volume"]))
        with open(photo("person-02.jpg"), "rb") as file:
            self.chief.call("DisplaysService.CreateDisplay", picture=file.read(), display=dict(
                device_id=self.devices[0], person_ids=[self.people[0].id], strangers=True))
        self._fill_tables()

    def _fill_tables(self):
        """What no call of this test makes."""
        self.server.sql("""
            INSERT INTO pass_rejected SELECT enterprise_id, id, 1, 1, '', '22000', now() FROM device WHERE serial_number = 'D-1';
            INSERT INTO alarm SELECT enterprise_id, 1, now(), 'RECORD_GAP', id, 'x' FROM device WHERE serial_number = 'D-1';
            INSERT INTO device_log SELECT enterprise_id, id, 1, 1, 1000000, now(), now(), 1, 'STARTED', 'x' FROM device
                WHERE serial_number = 'D-1';
            INSERT INTO capture SELECT enterprise_id, 1, id, 815, 6, '', NULL, now(), now() FROM device
                WHERE serial_number = 'D-1';
            INSERT INTO screen_watch SELECT enterprise_id, id, 815, now() + interval '1 hour' FROM device
                WHERE serial_number = 'D-1';
            INSERT INTO screen_frame SELECT enterprise_id, id, 1, '\\x00', now() FROM device WHERE serial_number = 'D-1';
            INSERT INTO package VALUES ({0}, 1, '1.0.0', 4294967296, '', '', 1, '\\x00', 1, '\\x00', 'release', now(), 'porter');
            INSERT INTO rollout VALUES ({0}, 1, 1, '1.0.0', 4294967296, '', 1, '{{100}}', 0, 0, false, 'porter', now());
            INSERT INTO rollout_device SELECT enterprise_id, 1, id, 0, 1, '', 0, false, now() FROM device
                WHERE serial_number = 'D-1';
            INSERT INTO device_command SELECT enterprise_id, 1, 1, id, 815, 'porter', 1, false, 3, '', now(), now(), now(), now(),
                now() FROM device WHERE serial_number = 'D-1';
            INSERT INTO org_group (enterprise_id, id, parent_id, name)
                SELECT enterprise_id, 4711, id, 'Below' FROM org_group WHERE enterprise_id = {0} AND parent_id IS NULL;
            INSERT INTO org_group (enterprise_id, id, parent_id, name, deleted_at) VALUES ({0}, 4712, 4711, 'Grave', now());
            INSERT INTO section (enterprise_id, id, group_id, module, name) VALUES ({0}, 1, 4711, 2, 'Night shift');
            UPDATE person SET group_id = 4711, section_id = 1 WHERE enterprise_id = {0} AND number = '0001';
            INSERT INTO role (enterprise_id, id, name, permissions, created_at) VALUES ({0}, 1, 'Porter', '{{}}', now());
            INSERT INTO app_user (enterprise_id, id, group_id, username, password_phc, must_change_password, loopback_only,
                created_at, group_administrator, role_id)
                VALUES ({0}, 815, 4711, 'porter', '', false, false, now(), false, 1);
            INSERT INTO recovery_code VALUES ({0}, 815, '\\x00');
            INSERT INTO api_token (token_sha256, enterprise_id, id, user_id, name, permissions, created_at, expires_at)
                VALUES ('\\x00', {0}, 1, 815, 'turnstile', '{{}}', now(), now() + interval '1 day');
            INSERT INTO operation (enterprise_id, id, kind, object, state, stage, progress, total, failures, request,
                checkpoint, result_type, result, error_code, error_reason, error_message, operator_user_id, operator,
                group_id, created_at, finished_at, attempts, cancel_requested)
                VALUES ({0}, 1, 'test', '', 3, '', 0, 0, 0, '', '', '', '', 0, '', '', 815, 'porter', 4711, now(), now(), 1,
                false);
            INSERT INTO transfer_file VALUES ({0}, 1, 1, false, 'people.xlsx', 1, 815, 1, now(), now() + interval '1 day');
            INSERT INTO import_problem VALUES ({0}, 1, 2, 0, 'Name', 'name', 'FIELD_REQUIRED', 'x', '')""".format(self.enterprise.id))

    # ---- What happens

    def passes(self, terminal):
        return terminal.see(photo("person-01-visit.jpg"), "--temp", "36.6")

    def delete(self, name="Doomed"):
        return self.admin.call("EnterprisesService.DeleteEnterprise", id=self.enterprise.id, confirm_name=name)

    def operation(self, number):
        return self.admin.call("OperationsService.GetOperation", id=number)

    def ended(self, number, seconds=90):
        return wait_until(lambda: (lambda shown: shown if shown.done else None)(self.operation(number)), seconds, 0.2)

    def rows(self, enterprise):
        """{table: rows of the enterprise}, of every table that has enterprises in it."""
        tables = [table for table, in self.server.sql(
            "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.column_name = 'enterprise_id' AND c.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1")]
        counts = self.server.sql(" UNION ALL ".join(
            "SELECT '%s', count(*) FROM %s WHERE enterprise_id = %d" % (table, table, enterprise) for table in tables))
        counts.append(self.server.sql("SELECT 'enterprise', count(*) FROM enterprise WHERE id = %d" % enterprise)[0])
        return {table: int(count) for table, count in counts}

    def left(self):
        return {table: count for table, count in self.rows(self.enterprise.id).items() if count and table not in KEPT}

    def refusal(self, client, method, **fields):
        try:
            client.call(method, **fields)
        except Refused as error:
            return error.reason
        return None

    def close(self):
        for terminal in self.terminals:
            terminal.close()
        self.server.close()
