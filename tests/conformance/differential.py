"""Random messages through the testee and through Google's protobuf, which must understand the same.

Each message goes from binary to binary, from binary to JSON, and from Google's JSON to binary. Many come in pieces: the
bytes of several messages one after the other are those of the messages merged.

Usage: differential.py TESTEE DESCRIPTOR_SET [SEED [COUNT]]
"""
import random
import struct
import subprocess
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor

from random_message import RandomMessage, is_map

TYPE = 'protobuf_test_messages.proto3.TestAllTypesProto3'
BINARY, JSON = 1, 2  # conformance.WireFormat


class Contract:
    def __init__(self, path):
        self.pool = descriptor_pool.DescriptorPool()
        with open(path, 'rb') as file:
            for described in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
                self.pool.Add(described)
        self.factory = message_factory.MessageFactory(self.pool)

    def type(self, name):
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))


class Testee:
    def __init__(self, program, contract):
        self.request = contract.type('conformance.ConformanceRequest')
        self.response = contract.type('conformance.ConformanceResponse')
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def convert(self, to, **payload):
        request = self.request(message_type=TYPE, requested_output_format=to, **payload).SerializeToString()
        self.process.stdin.write(struct.pack('<I', len(request)) + request)
        self.process.stdin.flush()
        size, = struct.unpack('<I', self.process.stdout.read(4))
        answer = self.response.FromString(self.process.stdout.read(size))
        kind = 'json_payload' if to == JSON else 'protobuf_payload'
        if answer.WhichOneof('result') != kind:
            raise AssertionError(str(answer))
        return getattr(answer, kind)

    def close(self):
        self.process.stdin.close()
        return self.process.wait(10)


class Trial:
    def __init__(self, contract, testee, seed):
        self.random = random.Random(seed)
        self.pool = contract.pool
        self.type = contract.type(TYPE)
        self.testee = testee
        self.make = RandomMessage(self.random, self.type)

    def run(self):
        self.make.sign = self.random.choice([1, -1])
        binary = b''.join(self.pieces())
        meant = self.type.FromString(binary)

        self.compare(self.type.FromString(self.testee.convert(BINARY, protobuf_payload=binary)), meant)

        text = self.testee.convert(JSON, protobuf_payload=binary)
        self.compare(json_format.Parse(text, self.type(), descriptor_pool=self.pool), meant)

        text = json_format.MessageToJson(
            meant, descriptor_pool=self.pool, including_default_value_fields=self.random.random() < 0.5,
            preserving_proto_field_name=self.random.random() < 0.5, use_integers_for_enums=self.random.random() < 0.5,
            indent=self.random.choice([None, 2]))
        self.compare(self.type.FromString(self.testee.convert(BINARY, json_payload=text)), meant)

    def pieces(self):
        for piece in range(self.random.choice([1, 1, 2, 3])):
            message = self.type()
            self.make.fill(message, self.random.choice([0.02, 0.1, 0.3]))
            if piece > 0:
                clear_maps(message)
            yield message.SerializeToString()

    def compare(self, found, meant):
        self.repack(found)
        self.repack(meant)
        if found.SerializeToString(deterministic=True) != meant.SerializeToString(deterministic=True):
            raise AssertionError(f'found:\n{found}\nmeant:\n{meant}')

    def repack(self, message):
        """What an Any holds may be written in several ways."""
        if message.DESCRIPTOR.full_name == 'google.protobuf.Any':
            content = self.type.FromString(message.value)
            self.repack(content)
            message.value = content.SerializeToString(deterministic=True)
            return
        for inner in nested_messages(message):
            self.repack(inner)


def nested_messages(message):
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if is_map(field):
            if field.message_type.fields_by_name['value'].message_type:
                yield from value.values()
        elif field.label == FieldDescriptor.LABEL_REPEATED:
            yield from value
        else:
            yield value


def clear_maps(message):
    """Google's Python keeps both of two entries with one key when it did not merge them itself."""
    for field, value in message.ListFields():
        if is_map(field):
            message.ClearField(field.name)
        elif field.message_type and field.label != FieldDescriptor.LABEL_REPEATED:
            clear_maps(value)


def main(testee, descriptors, seed=1, count=500):
    contract = Contract(descriptors)
    testee = Testee(testee, contract)
    trial = Trial(contract, testee, int(seed))
    for number in range(int(count)):
        try:
            trial.run()
        except Exception as failure:
            print(f'message {number} of seed {seed}: {failure}')
            return 1
    print(f'{count} messages understood alike')
    return testee.close()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
