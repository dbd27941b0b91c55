"""The half of `import` that has photos: a zip of them for employees who are there, through the gateway."""

import glob
import os
import sys
import threading
import time
import zipfile

TICKS = os.sysconf("SC_CLK_TCK")
PICTURES = 8  # of different people, again and again


def stat(pid):
    """Parent, own seconds of processor time, and those of children that have ended."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS, (int(fields[13]) + int(fields[14])) / TICKS


def family(root):
    """Processor time of a process and all that it started, alive or not; and of its children that have ended."""
    stats = {}
    for path in glob.glob("/proc/[0-9]*"):
        try:
            stats[int(os.path.basename(path))] = stat(os.path.basename(path))
        except OSError:
            continue
    mine, grown = {root}, True
    while grown:
        more = {pid for pid, (parent, _, _) in stats.items() if parent in mine} - mine
        mine, grown = mine | more, bool(more)
    return sum(own + ended for pid, (_, own, ended) in stats.items() if pid in mine), stats[root][2]


def make_zip(path, folder, count):
    pictures = []
    for number in range(1, PICTURES + 1):
        with open(os.path.join(folder, "person-%02d.jpg" % number), "rb") as file:
            pictures.append(file.read())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for n in range(count):
            archive.writestr("photos/%07d.jpg" % n, pictures[n % PICTURES])


def run(bench, folder, count):
    """Employees of these numbers are there. Prints the figures."""
    path = os.path.join(bench.folder, "photos.zip")
    make_zip(path, folder, count)
    server, quiet, over = bench.processes[0].pid, bench.resident_kib(), threading.Event()
    bench.peak_kib = 0
    watcher = threading.Thread(target=bench.watch, args=(over, 0.2))
    watcher.start()
    before, workers_before = family(server)
    began = time.monotonic()
    with open(path, "rb") as file:
        upload = bench.call("POST", "/v1/imports", file, "application/octet-stream")
    uploaded = time.monotonic()
    operation = bench.call("POST", f"/v1/imports/{upload['id']}:importPhotos", "{}")
    while not operation.get("done"):
        time.sleep(0.2)
        operation = bench.call("GET", f"/v1/operations/{operation['id']}")
    ended = time.monotonic()
    over.set()
    watcher.join()
    after, workers_after = family(server)  # the processes that looked at photos have ended
    if operation.get("result", {}).get("added") != count:
        sys.exit(f"bench: the import of photos did not go well: {operation}")
    print(f"figure import-photos-zip {os.path.getsize(path) / 1e6:.0f} MB")
    print(f"figure import-photos-upload {uploaded - began:.3f} s")
    print(f"figure import-photos {count / (ended - uploaded):.1f} photos/s")
    print(f"figure import-photos-engine {100 * (workers_after - workers_before) / (after - before):.0f} % of its processor time")
    print(f"figure import-photos-memory-before {quiet / 1024:.1f} MiB")
    print(f"figure import-photos-memory-peak {bench.peak_kib / 1024:.1f} MiB")
