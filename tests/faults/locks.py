"""Keeps a server where it is, and kills it there."""
import subprocess


class Lock:
    """Nobody writes to the table until it is released."""

    def __init__(self, server, table):
        self.process = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", "-h", server.data + "/postgres-socket", "-p", "3306", "-U", "smartpass", "smartpass"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, user=server.user)
        self.process.stdin.write("BEGIN; LOCK TABLE %s IN SHARE MODE; SELECT 'held';\n" % table)
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "held\n"

    def release(self):
        self.process.communicate("COMMIT;\n")


def kill_and_forget(server):
    """kill -9, and then as if time had passed: the database has noticed that nobody is behind its connections, which would
    wait for a lock until their own limit, and the leases have run out, before the next server can count on either."""
    server.kill()
    server.sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'smartpass-server'")
    server.sql("UPDATE operation SET lease_until = now() WHERE state = 2")
