"""Messages with random content, by descriptor: every kind of field, at the edges of its range as often as within."""
import math
import struct

from google.protobuf.descriptor import FieldDescriptor

WORDS = ['a', '"', '\\', '\n', '\x01', '/', '\x7f', '<', 'é', '中', '😀', 'ten letters']
PATHS = ['a', 'foo_bar', 'a.b_c', 'x.y.z']
DEEPEST = 4

INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: (-2**31, 2**31),
    FieldDescriptor.CPPTYPE_INT64: (-2**63, 2**63),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64),
}


def is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


class RandomMessage:
    def __init__(self, random, nested_type):
        self.random = random
        self.nested_type = nested_type  # what an Any holds
        self.sign = 1  # of durations: merged ones must not have two
        self.own_ways = {
            'google.protobuf.Any': self.fill_any,
            'google.protobuf.Duration': self.fill_duration,
            'google.protobuf.FieldMask': self.fill_mask,
            'google.protobuf.ListValue': self.fill_list,
            'google.protobuf.Struct': self.fill_struct,
            'google.protobuf.Timestamp': self.fill_timestamp,
            'google.protobuf.Value': self.fill_value,
        }

    def fill(self, message, density, depth=0):
        own = self.own_ways.get(message.DESCRIPTOR.full_name)
        if own:
            own(message, depth)
            return
        for field in message.DESCRIPTOR.fields:
            if self.random.random() < density:
                self.fill_field(message, field, density, depth)

    def fill_field(self, message, field, density, depth):
        if is_map(field):
            self.fill_map(getattr(message, field.name), field.message_type.fields_by_name, depth)
        elif field.label == FieldDescriptor.LABEL_REPEATED:
            for _ in range(self.random.randrange(4)):
                if field.message_type:
                    self.fill(getattr(message, field.name).add(), density / 4, depth + 1)
                else:
                    getattr(message, field.name).append(self.scalar(field))
        elif field.message_type is None:
            setattr(message, field.name, self.scalar(field))
        elif depth < DEEPEST:
            getattr(message, field.name).SetInParent()
            self.fill(getattr(message, field.name), density / 2, depth + 1)

    def fill_map(self, entries, fields, depth):
        for _ in range(self.random.randrange(3)):
            key = self.scalar(fields['key'])
            if fields['value'].message_type:
                self.fill(entries[key], 0.05, depth + 1)
            else:
                entries[key] = self.scalar(fields['value'])

    def scalar(self, field):
        kind = field.cpp_type
        if kind in INTEGERS:
            low, high = INTEGERS[kind]
            return self.random.choice([0, 1, low, high - 1, self.random.randrange(low, high)])
        if kind == FieldDescriptor.CPPTYPE_DOUBLE:
            return self.double(300)
        if kind == FieldDescriptor.CPPTYPE_FLOAT:
            return struct.unpack('<f', struct.pack('<f', self.double(37)))[0]
        if kind == FieldDescriptor.CPPTYPE_BOOL:
            return self.random.random() < 0.5
        if kind == FieldDescriptor.CPPTYPE_ENUM:
            numbers = [value.number for value in field.enum_type.values]
            return 0 if field.enum_type.name == 'NullValue' else self.random.choice([*numbers, 77])
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.random.randbytes(self.random.randrange(6))
        return ''.join(self.random.choice(WORDS) for _ in range(self.random.randrange(5)))

    def double(self, exponent):
        """Without a negative zero: protobuf-c takes it for the default and leaves it out."""
        fraction = self.random.random()
        scaled = fraction * 10.0 ** self.random.randrange(-exponent, exponent)
        return self.random.choice([0.0, 1.5, -0.1, math.inf, -math.inf, 1e15, fraction, scaled,
                                   self.random.randrange(10**6) / 100])

    def fill_any(self, message, depth):
        content = self.nested_type()
        self.fill(content, 0.03, depth + 2)
        message.Pack(content)

    def fill_timestamp(self, message, _):
        message.seconds = self.random.randrange(-62135596800, 253402300800)
        message.nanos = self.random.choice([0, 1, 500000000, 999999999])

    def fill_duration(self, message, _):
        message.seconds = self.sign * self.random.randrange(315576000000)
        message.nanos = self.sign * self.random.choice([0, 1, 1000, 999999999])

    def fill_mask(self, message, _):
        message.paths.extend(self.random.choice(PATHS) for _ in range(self.random.randrange(3)))

    def fill_list(self, message, depth):
        for _ in range(self.random.randrange(3)):
            self.fill_value(message.values.add(), depth + 1)

    def fill_struct(self, message, depth):
        for key in self.random.sample(WORDS, self.random.randrange(3)):
            self.fill_value(message.fields[key], depth + 1)

    def fill_value(self, message, depth):
        kind = self.random.randrange(6 if depth < DEEPEST else 4)
        if kind == 0:
            message.null_value = 0
        elif kind == 1:
            message.number_value = self.random.choice([0, 1.5, -3, 1e300])
        elif kind == 2:
            message.string_value = self.random.choice(WORDS)
        elif kind == 3:
            message.bool_value = self.random.random() < 0.5
        elif kind == 4:
            message.list_value.SetInParent()
            self.fill_list(message.list_value, depth)
        else:
            message.struct_value.SetInParent()
            self.fill_struct(message.struct_value, depth)
