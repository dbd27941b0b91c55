"""Keeps a server where it is, so that it can be killed there."""
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
