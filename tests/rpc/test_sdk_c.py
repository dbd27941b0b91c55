"""The installed C SDK: the examples outside the tree, built with CMake and with make, against the installed server."""

import os
import shutil
import subprocess
import tempfile
import unittest

import fixture
from sdk_case import BUILD, CC, CFLAGS, INSTALLER, INSTALLER_PASSWORD, SOURCE, LiveServer, SdkCase, run


class CSdkTest(SdkCase):
    @classmethod
    def setUpClass(cls):
        """Installed in one place and moved to another, with nothing of the tree to lean on."""
        place = tempfile.mkdtemp(prefix="smartpass-prefix-")
        cls.addClassCleanup(shutil.rmtree, place)
        first, cls.prefix = os.path.join(place, "first"), os.path.join(place, "second")
        for component in ("sdk", "programs"):
            run("cmake", "--install", BUILD, "--prefix", first, "--component", component)
        os.rename(first, cls.prefix)

    def build(self, example):
        """The folders of its programs, as CMake and as make built them."""
        for tool in ("cmake", "make"):
            shutil.copytree(os.path.join(SOURCE, "docs/examples", example), os.path.join(self.folder, tool, example))
        folder = os.path.join(self.folder, "cmake", example)
        run("cmake", "-S", folder, "-B", folder + "/build", "-DCMAKE_PREFIX_PATH=" + self.prefix,
            "-DCMAKE_C_COMPILER=" + CC, "-DCMAKE_C_FLAGS=-Werror " + CFLAGS)
        run("cmake", "--build", folder + "/build")
        other = os.path.join(self.folder, "make", example)
        run("make", "CC=" + CC, folder=other, CFLAGS="-Werror " + CFLAGS,
            PKG_CONFIG_PATH=os.path.join(self.prefix, "lib/pkgconfig"))
        return folder + "/build", other

    def test_a_client_outside_the_tree_signs_in_lists_and_watches(self):
        folders = self.build("c-client")
        own, fixture.BIN = fixture.BIN, os.path.join(self.prefix, "bin")
        self.addCleanup(setattr, fixture, "BIN", own)
        live = LiveServer()
        self.addCleanup(live.close)
        live.server.admin().call("PeopleService.CreateEmployee", employee=dict(number="007", name="Ada"))
        for folder in folders:
            out = run(os.path.join(folder, "lobby"), live.address, live.authority, INSTALLER, "3",
                      text=INSTALLER_PASSWORD + "\n")
            self.assertIn("employee 007 Ada\n", out)
            self.assertIn("pass a stranger at Lobby gate\n", out)
        refused = subprocess.run([os.path.join(folders[0], "lobby"), live.address, live.authority, INSTALLER],
                                 input="wrong\n", text=True, stderr=subprocess.PIPE)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("(UNAUTHENTICATED, BAD_CREDENTIALS)", refused.stderr)

    def test_a_service_of_ones_own_needs_no_smart_pass(self):
        for folder in self.build("c-service"):
            server = subprocess.Popen([os.path.join(folder, "guestbook-server"), "127.0.0.1:0"], text=True,
                                      stdout=subprocess.PIPE)
            try:
                address = "127.0.0.1:" + server.stdout.readline().split()[1]
                client = os.path.join(folder, "guestbook-client")
                for i in range(1, 4):
                    self.assertEqual(run(client, address, "sign", "Ada", "visit %d" % i), "%d Ada: visit %d\n" % (i, i))
                self.assertEqual(len(run(client, address, "read").splitlines()), 3)
                for name, reason in (("a\nb", "SEVERAL_LINES"), ("a" * 41, "FIELD_TOO_LONG"), ("", "FIELD_REQUIRED")):
                    with self.assertRaisesRegex(AssertionError, reason):
                        run(client, address, "sign", name, "")
            finally:
                server.terminate()
                self.assertEqual(server.wait(timeout=60), 0)
                server.stdout.close()

    def test_the_archives_may_go_into_a_shared_library(self):
        libraries = [os.path.join(self.prefix, "lib", name) for name in ("libsmartpass-client.a", "libsmartpass-rpc.a")]
        run(CC, *CFLAGS.split(), "-shared", "-o", os.path.join(self.folder, "all.so"), "-Wl,-z,text",
            "-Wl,--whole-archive", *libraries, "-Wl,--no-whole-archive", "-lgrpc", "-lgpr", "-lprotobuf-c", "-pthread")

    def test_pkg_config_links_with_and_without_static(self):
        source = os.path.join(self.folder, "main.c")
        with open(source, "w") as file:
            file.write('#include "smartpass/v1/session.client.h"\n'
                       "int core_enter(void);\nint core_enter(void) { return 0; }\n"  # a name of the runtime's inside
                       "int main(void) { return session_get_session == 0 || core_enter(); }\n")
        for mode in ([], ["--static"]):
            flags = run("pkg-config", *mode, "--cflags", "--libs", "smartpass-client",
                        PKG_CONFIG_PATH=os.path.join(self.prefix, "lib/pkgconfig")).split()
            run(CC, *CFLAGS.split(), "-o", os.path.join(self.folder, "main"), source, *flags)
            run(os.path.join(self.folder, "main"))


if __name__ == "__main__":
    unittest.main()
