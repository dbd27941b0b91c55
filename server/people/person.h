/* A person of any kind as the server handles him. The contract has a message for each kind; their fields have the same
 * names here, so that rules, statements, imports and exports are written once for all three. Pure. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of smartpass.v1.PersonKind. */
typedef enum { PERSON_EMPLOYEE = 1, PERSON_VISITOR = 2, PERSON_BLACKLIST_ENTRY = 3 } person_kind;

enum { PERSON_KINDS = 4 }; /* of arrays with a place for each */

/* What is written of a person in words; dates are "YYYY-MM-DD". */
typedef enum {
    PERSON_NUMBER,
    PERSON_NAME,
    PERSON_PHONE,
    PERSON_CARD_NUMBER,
    PERSON_IDENTITY_NUMBER,
    PERSON_NATIONALITY,
    PERSON_ETHNICITY,
    PERSON_BIRTHPLACE,
    PERSON_BIRTH_DATE,
    PERSON_ADDRESS,
    PERSON_COMPANY,
    PERSON_PURPOSE,
    PERSON_EMPLOYED_FROM,
    PERSON_EMPLOYED_UNTIL,
    PERSON_CONSENT_DATE,
    PERSON_CONSENT_NOTE,
    PERSON_NOTES,
    PERSON_TEXTS,
} person_text;

typedef struct {
    person_kind kind;
    int64_t id;
    int64_t group_id;
    int64_t section_id;        /* 0: the default one */
    int64_t photo_id;          /* 0: none */
    int64_t host_id;           /* visitors; 0: none */
    int gender;                /* smartpass.v1.Gender */
    char *texts[PERSON_TEXTS]; /* "" when not stated or not of the kind, never NULL; borrowed */
} person;

typedef enum { PERSON_LINE, PERSON_LINES, PERSON_DATE } person_form;

/* The name in the contract: "card_number". */
const char *person_text_name(person_text text);
person_form person_text_form(person_text text);

/* The longest value in bytes that the contract takes for this kind; 0: the kind has no such field. */
size_t person_text_max_bytes(person_kind kind, person_text text);

/* "employee", "visitor", "blacklist_entry": as requests and ids call the kind. */
const char *person_kind_name(person_kind kind);

/* Of the kind's message in the contract. */
const ProtobufCMessageDescriptor *person_descriptor(person_kind kind);

/* A field of such a message by its name, to be read or written by its type; NULL when the kind has none of this name.
 */
void *person_member(const ProtobufCMessage *message, const char *name);

/* From an Employee, Visitor or BlacklistEntry, whose texts are borrowed. */
void person_from_message(person_kind kind, const ProtobufCMessage *message, person *ret_person);

/* Into an initialised message of the person's kind; times, counts and other fields that only answers have stay as they
 * are. The message borrows the texts. */
void person_to_message(const person *p, ProtobufCMessage *message);
