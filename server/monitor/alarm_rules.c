#include "alarm_rules.h"

#include <string.h>

enum { PREFIX_LENGTH = sizeof "ALARM_KIND_" - 1 };

const char *alarm_kind_word(Smartpass__V1__AlarmKind kind)
{
    const ProtobufCEnumValue *value =
        kind == 0 ? NULL : protobuf_c_enum_descriptor_get_value(&smartpass__v1__alarm_kind__descriptor, (int)kind);

    return value ? value->name + PREFIX_LENGTH : "";
}

Smartpass__V1__AlarmKind alarm_kind_from_word(const char *word)
{
    const ProtobufCEnumDescriptor *kinds = &smartpass__v1__alarm_kind__descriptor;

    for (unsigned i = 0; i < kinds->n_values; i++)
        if (kinds->values[i].value != 0 && strcmp(kinds->values[i].name + PREFIX_LENGTH, word) == 0)
            return (Smartpass__V1__AlarmKind)kinds->values[i].value;
    return SMARTPASS__V1__ALARM_KIND__ALARM_KIND_UNSPECIFIED;
}
