"""Input that no honest client sends: a clear answer, and the server goes on."""

import unittest

import grpc

from contract import caller
from fixture import METHODS, MODULES, Refused, Server


def field(number, payload):
    """A length-delimited field."""
    size, length = len(payload), b""
    while True:
        length += bytes([size & 0x7f | (0x80 if size > 0x7f else 0)])
        size >>= 7
        if not size:
            break
    return bytes([number << 3 | 2]) + length + payload


class MalformedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.admin = cls.server.admin()

    def tearDown(self):
        self.assertEqual(self.admin.call("SessionService.GetSession").username, "admin")

    def code(self, *arguments, **options):
        with self.assertRaises(grpc.RpcError) as raised:
            self.admin.raw(*arguments, **options)
        return raised.exception.code().name

    def test_bytes_that_are_no_message(self):
        for data in (b"\xff" * 100, b"\x0a\xff\xff\xff\xff\x0f", b"\x0a\x05ab", b"\x07", b"\x0b", b"\x0c",
                     b"\x08" + b"\xff" * 11):
            self.assertEqual(self.code("PeopleService.CreateEmployee", data), "INVALID_ARGUMENT", data[:8])

    def test_text_that_is_no_utf8_or_holds_a_nul(self):
        for text in (b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"a\0b", b"\xf4\x90\x80\x80"):
            employee = field(2, b"1") + field(3, text)
            self.assertEqual(self.code("PeopleService.CreateEmployee", field(1, employee)), "INVALID_ARGUMENT", text)

    def test_nesting_ten_thousand_deep(self):
        data = b""
        for _ in range(10000):
            data = field(15, data)
            if len(data) > 3_000_000:
                break
        try:
            self.admin.raw("PeopleService.CreateEmployee", data)  # unknown fields may be skipped or refused
        except grpc.RpcError as error:
            self.assertEqual(error.code().name, "INVALID_ARGUMENT")
        groups = b"\x7b" * 10000 + b"\x7c" * 10000
        self.assertEqual(self.code("PeopleService.CreateEmployee", groups), "INVALID_ARGUMENT")

    def test_a_message_beyond_the_limit(self):
        self.assertIn(self.code("PeopleService.CreateEmployee", field(1, field(7, b"x" * 5_000_000))),
                      ("RESOURCE_EXHAUSTED", "INVALID_ARGUMENT"))

    def test_an_overlong_field_names_itself(self):
        with self.assertRaises(Refused) as raised:
            self.admin.call("SessionService.Login", username="u" * 65, password="p")
        self.assertEqual(raised.exception.code, "INVALID_ARGUMENT")
        self.assertIn("username", "".join(raised.exception.fields))

    def test_a_method_or_service_that_does_not_exist(self):
        for path in ("/smartpass.v1.PeopleService/Nothing", "/no.Such/Service", "/x"):
            self.assertEqual(self.code("PeopleService.GetEmployee", b"", path=path, timeout=10), "UNIMPLEMENTED", path)

    def test_an_empty_request(self):
        with self.assertRaises(Refused) as raised:
            self.admin.call("PeopleService.CreateEmployee")
        self.assertEqual(raised.exception.code, "INVALID_ARGUMENT")
        for method in ("PeopleService.GetEmployee", "DevicesService.GetDevice"):
            with self.assertRaises(Refused) as raised:
                self.admin.call(method)
            self.assertEqual(raised.exception.code, "NOT_FOUND")

    def test_every_method_refuses_who_is_not_signed_in(self):
        """Whatever the contract protects is protected: a method that forgot would answer something else."""
        nobody = self.server.public()
        for name, method in METHODS.items():
            if caller(name) == "CALLER_ANYONE":
                continue
            with self.assertRaises(grpc.RpcError) as raised:
                list(nobody.channel.unary_stream("/%s/%s" % (method.containing_service.full_name, method.name))(
                    b"", timeout=10))
            self.assertEqual(raised.exception.code().name, "UNAUTHENTICATED", method.full_name)


if __name__ == "__main__":
    unittest.main()
