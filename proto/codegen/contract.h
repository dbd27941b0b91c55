/* The contract as the emitters see it: files, messages and services with their options read, their types resolved and
 * their C names made. Built once, read-only afterwards; everything lives in scratch memory. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "descriptor.h"
#include "options.h"
#include "source.h"

typedef struct message message;
typedef struct file file;

typedef struct {
    const FieldDescriptorProto *proto;
    const FieldLimit *limit;    /* NULL: none stated */
    const SettingRule *setting; /* NULL: it is none */
    const message *type;        /* NULL unless the field is a message */
    source_place place;
    bool repeated; /* or a map */
} field;

struct message {
    const char *full_name;  /* "smartpass.v1.Employee" */
    const char *type;       /* "Smartpass__V1__Employee" */
    const char *descriptor; /* "smartpass__v1__employee__descriptor" */
    const char *init;       /* "SMARTPASS__V1__EMPLOYEE__INIT" */
    const char *alias;      /* "Employee"; of nested ones "EmployeeBadge" */
    const char *alias_init; /* "EMPLOYEE_INIT" */
    const char *comment;
    source_place place;
    const file *file;
    field *fields; /* in the order of their numbers */
    size_t field_count;
    size_t index; /* in contract.messages */
    bool is_map_entry;
};

typedef enum { METHOD_UNARY, METHOD_CLIENT_STREAM, METHOD_SERVER_STREAM, METHOD_BIDI } method_kind;

typedef struct {
    const char *name;   /* "UploadPhoto" */
    const char *slot;   /* "upload_photo": the member of the handlers' table; "delete_" for a word of C or C++ */
    const char *prefix; /* "people_upload_photo" */
    const char *index;  /* "PEOPLE_UPLOAD_PHOTO" */
    const char *comment;
    const MethodPolicy *policy; /* NULL: none stated, which the rules pass only when policies are optional */
    const HttpRule *http;       /* NULL: none */
    const message *request;
    const message *reply;
    method_kind kind;
    source_place place;
} method;

typedef struct {
    const char *name;      /* "PeopleService" */
    const char *full_name; /* "smartpass.v1.PeopleService" */
    const char *prefix;    /* "people" */
    const char *upper;     /* "PEOPLE" */
    const char *comment;
    source_place place;
    const file *file;
    method *methods;
    size_t method_count;
} service;

struct file {
    const FileDescriptorProto *proto;
    const char *name; /* "smartpass/v1/people.proto" */
    const char *stem; /* "smartpass/v1/people" */
    const char *package;
    bool wanted; /* code is to be written for it */
    service *services;
    size_t service_count;
};

typedef struct {
    file *files;
    size_t file_count;
    message *messages; /* of all files; those of one file follow each other, outer before nested */
    size_t message_count;
} contract;

/* prefix is put before the names of every service. */
contract contract_of(const CodeGeneratorRequest *request, const char *prefix);

/* google.* messages are not ours: nothing is stated about their fields. */
bool message_is_foreign(const message *m);

bool method_streams(const method *m);        /* either way */
bool method_takes_stream(const method *m);   /* client streams and bidi */
bool method_answers_stream(const method *m); /* server streams and bidi */

/* Every message of ours that arrives when m does, m first; appended to `out`, which has room for all messages of the
 * contract. `seen` has one entry for each of them and may be kept between calls. Returns the new count. */
size_t message_closure(const message *m, const message **out, size_t count, bool *seen);
