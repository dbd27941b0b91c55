"""A cable that is as slow as one says, counts what goes up, and can be cut while something is on its way."""
import socket
import threading
import time

PIECE = 2048


class Cable:
    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.bytes_a_second = None
        self.up = 0
        self.changed = threading.Condition()
        self.ends = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            # A short buffer: what the terminal has sent is on the cable, not in the kernel.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:  # it is down at the moment
                client.close()
                continue
            self.ends += [client, server]
            threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, source, sink, up):
        try:
            while data := source.recv(PIECE if up else 65536):
                if up and self.bytes_a_second:
                    time.sleep(len(data) / self.bytes_a_second)
                sink.sendall(data)
                if up:
                    with self.changed:
                        self.up += len(data)
                        self.changed.notify_all()
        except OSError:
            pass
        self._pull(sink)
        source.close()

    @staticmethod
    def _pull(end):
        """Whoever waits at this end hears of it, and closes it."""
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def wait_for(self, up):
        """Until so many bytes have gone up in all."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.up >= up, 60), "%d of %d bytes went up" % (self.up, up)

    def cut(self):
        """Everything on the cable is lost; it is plugged in again at once."""
        ends, self.ends = self.ends, []
        for end in ends:
            self._pull(end)

    def close(self):
        self._pull(self.listener)
        self.listener.close()
        self.cut()
