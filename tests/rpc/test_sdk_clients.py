"""The clients that scripts/sdk generates for Python, TypeScript and Go: their types are checked, and the examples built on
them (docs/examples) run against the server: sign in, create, a refusal with its typed details, list, a server stream."""

import os
import shutil
import subprocess
import unittest

from sdk_case import BUILD, INSTALLER, INSTALLER_PASSWORD, SOURCE, SdkCase, run

EXAMPLES = os.path.join(SOURCE, "docs/examples")
HERE = os.path.dirname(os.path.abspath(__file__))
NODE = os.environ.get("NODE") or shutil.which("node")
WEB = os.path.join(SOURCE, "web/node_modules")
NPM = os.path.join(SOURCE, "third_party/npm/node_modules")


def sdk(*arguments):
    run(os.path.join(SOURCE, "scripts/sdk"), *arguments)


class ClientsTest(SdkCase):
    def generate(self, language, *below):
        folder = os.path.join(self.folder, *below)
        sdk(language, folder)
        return folder

    def must_work(self, number, *command, **environment):
        """Twice: the second time the number is taken."""
        self.start_server()
        for first in ("created %s Ada" % number, "refused employee.number: NUMBER_TAKEN"):
            out = run(*command, self.address, self.authority, INSTALLER, number, "Ada", text=INSTALLER_PASSWORD + "\n",
                      **environment)
            self.assertEqual(out.splitlines(),
                             [first, "employee %s Ada" % number, "pass a stranger at Lobby gate"])

    def test_python(self):
        path = self.generate("python", "sdk")
        example = os.path.join(EXAMPLES, "python-client/lobby.py")
        check = ["/usr/bin/python3", "-m", "mypy", "--cache-dir=" + os.path.join(self.folder, "cache")]
        types = path + ":" + os.path.join(HERE, "types")
        run(*check, example, MYPYPATH=types)

        wrong = os.path.join(self.folder, "wrong.py")
        with open(wrong, "w") as file:
            file.write("import grpc\nfrom smartpass.v1 import people_pb2, people_pb2_grpc\n"
                       "def f(channel: grpc.Channel) -> str:\n"
                       "    people = people_pb2_grpc.PeopleServiceStub(channel)\n"
                       "    people.GetEmployee(people_pb2.ListEmployeesRequest())\n"
                       "    return people.GetEmployee(people_pb2.GetEmployeeRequest(id=1)).nome\n")
        done = subprocess.run([*check, wrong], text=True, stdout=subprocess.PIPE, env={**os.environ, "MYPYPATH": types})
        self.assertRegex(done.stdout, "wrong.py:5: error: Argument 1 .*has incompatible type")
        self.assertIn('wrong.py:6: error: "Employee" has no attribute "nome"', done.stdout)

        self.must_work("0001", "/usr/bin/python3", "-B", example, PYTHONPATH=path)

    def test_typescript(self):
        folder = os.path.join(self.folder, "client")
        shutil.copytree(os.path.join(EXAMPLES, "typescript-client"), folder)
        modules = os.path.join(folder, "node_modules")
        self.generate("typescript", "client/node_modules/smartpass-client")
        os.makedirs(modules + "/@types")
        for name, where in (("@bufbuild", NPM), ("@connectrpc", NPM), ("@types/node", WEB)):
            os.symlink(os.path.join(where, name), os.path.join(modules, name))
        compiler = [NODE, os.path.join(WEB, "typescript/bin/tsc"), "-p", folder]
        run(*compiler)

        with open(folder + "/lobby.ts", "a") as file:
            file.write("people.getEmployee({ number: 1 });\n")
        done = subprocess.run([*compiler, "--noEmit"], text=True, stdout=subprocess.PIPE)
        self.assertIn("'number' does not exist", done.stdout)

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
