#include "person.h"

#include <pthread.h>
#include <string.h>

#include "rpc.h"
#include "smartpass/v1/blacklist.rpc.h"
#include "smartpass/v1/people.rpc.h"
#include "smartpass/v1/visitors.rpc.h"

static const struct {
    const char *name;
    person_form form;
} TEXTS[PERSON_TEXTS] = {
    [PERSON_NUMBER] = {"number", PERSON_LINE},
    [PERSON_NAME] = {"name", PERSON_LINE},
    [PERSON_PHONE] = {"phone", PERSON_LINE},
    [PERSON_CARD_NUMBER] = {"card_number", PERSON_LINE},
    [PERSON_IDENTITY_NUMBER] = {"identity_number", PERSON_LINE},
    [PERSON_NATIONALITY] = {"nationality", PERSON_LINE},
    [PERSON_ETHNICITY] = {"ethnicity", PERSON_LINE},
    [PERSON_BIRTHPLACE] = {"birthplace", PERSON_LINE},
    [PERSON_BIRTH_DATE] = {"birth_date", PERSON_DATE},
    [PERSON_ADDRESS] = {"address", PERSON_LINE},
    [PERSON_COMPANY] = {"company", PERSON_LINE},
    [PERSON_PURPOSE] = {"purpose", PERSON_LINE},
    [PERSON_EMPLOYED_FROM] = {"employed_from", PERSON_DATE},
    [PERSON_EMPLOYED_UNTIL] = {"employed_until", PERSON_DATE},
    [PERSON_CONSENT_DATE] = {"consent_date", PERSON_DATE},
    [PERSON_CONSENT_NOTE] = {"consent_note", PERSON_LINE},
    [PERSON_NOTES] = {"notes", PERSON_LINES},
};

const char *person_text_name(person_text text)
{
    return TEXTS[text].name;
}

person_form person_text_form(person_text text)
{
    return TEXTS[text].form;
}

const char *person_kind_name(person_kind kind)
{
    static const char *const names[] = {"", "employee", "visitor", "blacklist_entry"};

    return names[kind];
}

const ProtobufCMessageDescriptor *person_descriptor(person_kind kind)
{
    static const ProtobufCMessageDescriptor *const of[] = {NULL, &smartpass__v1__employee__descriptor,
                                                           &smartpass__v1__visitor__descriptor,
                                                           &smartpass__v1__blacklist_entry__descriptor};

    return of[kind];
}

static const rpc_service *service_of(person_kind kind)
{
    static const rpc_service *const of[] = {NULL, &people_service_table, &visitors_service_table,
                                            &blacklist_service_table};

    return of[kind];
}

static size_t max_bytes_find(person_kind kind, person_text text)
{
    const ProtobufCMessageDescriptor *descriptor = person_descriptor(kind);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(descriptor, person_text_name(text));
    const rpc_service *service = service_of(kind);

    for (size_t i = 0; field && i < service->limit_count; i++)
        if (service->limits[i].message == descriptor && service->limits[i].field == field->id)
            return service->limits[i].max_bytes;
    return 0;
}

/* Found once: an import asks for all of them at every row. */
static size_t max_bytes[PERSON_KINDS][PERSON_TEXTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void all_max_bytes_find(void)
{
    for (int kind = PERSON_EMPLOYEE; kind < PERSON_KINDS; kind++)
        for (int text = 0; text < PERSON_TEXTS; text++)
            max_bytes[kind][text] = max_bytes_find((person_kind)kind, (person_text)text);
}

size_t person_text_max_bytes(person_kind kind, person_text text)
{
    pthread_once(&once, all_max_bytes_find);
    return max_bytes[kind][text];
}

void *person_member(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);

    return field ? (char *)message + field->offset : NULL;
}

static int64_t number_of(const ProtobufCMessage *message, const char *name)
{
    const int64_t *number = person_member(message, name);

    return number ? *number : 0;
}

static void number_put(ProtobufCMessage *message, const char *name, int64_t number)
{
    int64_t *to = person_member(message, name);

    if (to)
        *to = number;
}

void person_from_message(person_kind kind, const ProtobufCMessage *message, person *ret_person)
{
    static char none[] = "";
    const Smartpass__V1__Gender *gender = person_member(message, "gender");

    *ret_person = (person){
        .kind = kind,
        .id = number_of(message, "id"),
        .group_id = number_of(message, "group_id"),
        .section_id = number_of(message, "section_id"),
        .photo_id = number_of(message, "photo_id"),
        .host_id = number_of(message, "host_id"),
        .gender = gender ? (int)*gender : 0,
    };
    for (int i = 0; i < PERSON_TEXTS; i++) {
        char *const *text = person_member(message, TEXTS[i].name);

        ret_person->texts[i] = text ? *text : none;
    }
}

void person_to_message(const person *p, ProtobufCMessage *message)
{
    Smartpass__V1__Gender *gender = person_member(message, "gender");

    number_put(message, "id", p->id);
    number_put(message, "group_id", p->group_id);
    number_put(message, "section_id", p->section_id);
    number_put(message, "photo_id", p->photo_id);
    number_put(message, "host_id", p->host_id);
    if (gender)
        *gender = (Smartpass__V1__Gender)p->gender;
    for (int i = 0; i < PERSON_TEXTS; i++) {
        char **text = person_member(message, TEXTS[i].name);

        if (text)
            *text = p->texts[i];
    }
}
