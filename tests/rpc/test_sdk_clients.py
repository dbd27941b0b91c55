"""The clients that scripts/sdk generates for Python, TypeScript and Go: their types are checked, and the examples built on
them (docs/examples) run against the server: sign in, create, a refusal with its typed details, list, a server stream."""

import os
import shutil
import unittest

from sdk_case import BUILD, INSTALLER, INSTALLER_PASSWORD, SOURCE, LiveServer, SdkCase, run

EXAMPLES = os.path.join(SOURCE, "docs/examples")
HERE = os.path.dirname(os.path.abspath(__file__))
NODE = os.environ.get("NODE") or shutil.which("node")
WEB = os.path.join(SOURCE, "web/node_modules")
NPM = os.path.join(SOURCE, "third_party/npm/node_modules")


def sdk(*arguments):
    run(os.path.join(SOURCE, "scripts/sdk"), *arguments)


# Each is refused by its type checker: a message of another method, and a field that does not exist.
WRONG_PYTHON = '''
def wrong(people: people_pb2_grpc.PeopleServiceStub) -> str:
    people.GetEmployee(people_pb2.ListEmployeesRequest())  # type: ignore[arg-type]
    return people.GetEmployee(people_pb2.GetEmployeeRequest(id=1)).nome  # type: ignore[attr-defined]
'''
WRONG_TYPESCRIPT = '''
export async function wrong(): Promise<void> {
    // @ts-expect-error
    await people.getEmployee({ number: "1" });
    // @ts-expect-error
    (await people.getEmployee({ id: 1n })).nome;
}
'''


class ClientsTest(SdkCase):
    @classmethod
    def setUpClass(cls):
        cls.live = LiveServer()
        cls.addClassCleanup(cls.live.close)

    def generate(self, language, *below):
        folder = os.path.join(self.folder, *below)
        sdk(language, folder)
        return folder

    def must_work(self, number, *command, **environment):
        """Twice: the second time the number is taken."""
        for first in ("created %s Ada" % number, "refused employee.number: NUMBER_TAKEN"):
            out = run(*command, self.live.address, self.live.authority, INSTALLER, number, "Ada",
                      text=INSTALLER_PASSWORD + "\n", **environment).splitlines()
            self.assertEqual((out[0], out[-1]), (first, "pass a stranger at Lobby gate"))
            self.assertIn("employee %s Ada" % number, out[1:-1])

    def test_python(self):
        path = self.generate("python", "sdk")
        example = os.path.join(EXAMPLES, "python-client/lobby.py")
        checked = os.path.join(self.folder, "checked.py")
        with open(example) as source, open(checked, "w") as file:
            file.write(source.read().replace("\nmain()\n", WRONG_PYTHON))
        run("/usr/bin/python3", "-m", "mypy", "--warn-unused-ignores", "--cache-dir=" + self.folder + "/cache", checked,
            MYPYPATH=path + ":" + os.path.join(HERE, "types"))
        self.must_work("0001", "/usr/bin/python3", "-B", example, PYTHONPATH=path)

    def test_typescript(self):
        folder = os.path.join(self.folder, "client")
        shutil.copytree(os.path.join(EXAMPLES, "typescript-client"), folder)
        modules = os.path.join(folder, "node_modules")
        self.generate("typescript", "client/node_modules/smartpass-client")
        os.makedirs(modules + "/@types")
        for name, where in (("@bufbuild", NPM), ("@connectrpc", NPM), ("@types/node", WEB)):
            os.symlink(os.path.join(where, name), os.path.join(modules, name))
        with open(folder + "/lobby.ts", "a") as file:
            file.write(WRONG_TYPESCRIPT)
        run(NODE, os.path.join(WEB, "typescript/bin/tsc"), "-p", folder)
        self.must_work("0002", NODE, folder + "/build/lobby.js")

    def test_go(self):
        self.generate("go", "src")
        shutil.copytree(os.path.join(EXAMPLES, "go-client"), os.path.join(self.folder, "src"), dirs_exist_ok=True)
        environment = {"GO111MODULE": "off", "GOFLAGS": "-p=2", "GOCACHE": os.path.join(BUILD, "gocache"),
                       "GOPATH": self.folder + ":/usr/share/gocode"}
        run("go", "vet", "lobby", "smartpass/v1", "smartpass/link/v1", **environment)
        program = os.path.join(self.folder, "lobby")
        run("go", "build", "-o", program, "lobby", **environment)
        self.must_work("0003", program)


if __name__ == "__main__":
    unittest.main()
