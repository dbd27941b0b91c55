"""Packages: what is taken, what is refused and why, the list, and that one which is needed stays."""

import os
import struct
import subprocess
import unittest

from fixture import wait_until
from package_case import MODEL, PackageCase, Keys, upload


class UploadTest(PackageCase):
    def files(self):
        return set(os.listdir(os.path.join(self.server.data, "packages")))

    def refusal(self, data, **options):
        return self.refused(upload, self.admin, data, **options).reason

    def test_a_package_is_taken_and_tells_what_it_is(self):
        package = upload(self.admin, self.keys.package("1.2.3", b"x" * 300000, model=MODEL, notes="Opens faster.\nÜber."))
        self.assertEqual((package.version, package.model, package.notes, package.size, package.key_name, package.uploaded_by),
                         ("1.2.3", MODEL, "Opens faster.\nÜber.", 300000, "release", "admin"))
        self.assertFalse(package.in_use)
        self.assertIn(package, self.call("ListPackages", page_size=100).packages)
        path = os.path.join(self.server.data, "packages", str(package.id))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)

    def test_it_is_taken_in_pieces_of_any_size(self):
        for part in (7, 100, 70000, 3000000):
            data = self.keys.package("3.%d.0" % part if part < 65536 else "3.1.%d" % (part % 60000), b"y" * (200 if part == 7 else 900000))
            self.assertGreater(upload(self.admin, data, part=part).id, 0)

    def test_the_same_version_is_taken_once_for_a_model(self):
        self.upload_new("4.0.0")
        self.assertEqual(self.refusal(self.keys.package("4.0.0", b"another")), "VERSION_EXISTS")
        self.upload_new("4.0.0", model=MODEL)

    def test_what_is_no_package_is_refused(self):
        for data in (b"", b"x", b"PK\3\4" + bytes(500), b"\x89SPPKG\r\n", bytes(100000)):
            self.assertEqual(self.refusal(data), "NOT_A_PACKAGE", data[:10])

    def test_what_was_altered_is_refused(self):
        data = bytearray(self.keys.package("4.1.0"))
        for at, reason in ((20, "SIGNATURE_BAD"), (90, "SIGNATURE_BAD"), (len(data) - 1, "DAMAGED")):
            data[at] ^= 1
            self.assertEqual(self.refusal(bytes(data)), reason)
            data[at] ^= 1
        self.assertEqual(self.refusal(bytes(data[:-1])), "DAMAGED")
        self.assertEqual(self.refusal(bytes(data) + b"x"), "DAMAGED")

    def test_what_another_key_signed_is_refused(self):
        others = Keys()
        self.addCleanup(others.close)
        self.assertEqual(self.refusal(others.package("4.2.0")), "SIGNATURE_BAD")

    def test_what_is_too_large_is_refused_before_it_comes(self):
        self.assertEqual(self.refusal(self.signed(b"version=4.3.0\nmodel=\nsize=536870913\nsha256=" + b"0" * 64 + b"\nnotes=")),
                         "TOO_LARGE")

    def signed(self, manifest):
        """As somebody with the key can make by hand, with nothing behind it."""
        said = b"\x89SPPKG\r\n" + struct.pack(">HH", 1, len(manifest))
        path = os.path.join(self.keys.folder, "said")
        with open(path, "wb") as file:
            file.write(said + manifest)
        signature = subprocess.check_output(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.keys.private, "-in", path])
        return said + signature + manifest

    def test_a_refused_package_leaves_no_file(self):
        before = self.files()
        data = bytearray(self.keys.package("4.4.0", b"z" * 2000000))
        data[-1] ^= 1
        self.refusal(bytes(data))
        wait_until(lambda: self.files() == before)

    def test_without_a_key_nothing_is_taken(self):
        key = os.path.join(self.server.data, "package-keys", "release.pem")
        os.rename(key, key + ".away")
        try:
            self.assertEqual(self.refusal(self.keys.package("4.5.0")), "NO_KEY")
        finally:
            os.rename(key + ".away", key)
        self.upload_new("4.5.0")


class ListTest(PackageCase):
    def test_the_newest_version_comes_first_page_by_page(self):
        for version in ("1.9.0", "1.10.0", "1.2.0", "0.9.9", "2.0.0"):
            self.upload_new(version)
        seen, token = [], ""
        while True:
            page = self.call("ListPackages", page_size=2, page_token=token)
            self.assertEqual(page.total_size, 5)
            seen += [package.version for package in page.packages]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(seen, ["2.0.0", "1.10.0", "1.9.0", "1.2.0", "0.9.9"])
        self.assertEqual([package.version for package in self.call("ListPackages", page_size=2, skip=3).packages], ["1.2.0", "0.9.9"])
        self.assertEqual([p.version for p in self.call("ListPackages", query="1.1").packages], ["1.10.0"])


class DeleteTest(PackageCase):
    def test_a_package_goes_and_its_version_may_come_again(self):
        package = self.upload_new("1.0.1")
        self.call("DeletePackage", id=package.id)
        self.assertEqual(self.refused(self.call, "DeletePackage", id=package.id).reason, "PACKAGE_NOT_FOUND")
        self.upload_new("1.0.1")

    def test_one_that_a_rollout_needs_stays(self):
        package, (gate,) = self.upload_new(), self.gates(1)
        rollout = self.rollout(package, [gate])
        self.assertEqual(self.refused(self.call, "DeletePackage", id=package.id).reason, "PACKAGE_IN_USE")
        self.assertTrue(next(p for p in self.call("ListPackages", page_size=100).packages if p.id == package.id).in_use)
        self.call("CancelRollout", id=rollout.id)
        self.call("DeletePackage", id=package.id)
        self.assertEqual(self.call("GetRollout", id=rollout.id).version, package.version)


if __name__ == "__main__":
    unittest.main()
