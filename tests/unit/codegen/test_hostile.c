/* Requests that protoc would never send: the generator says what is wrong, or finds nothing wrong, and that is all. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generator.h"
#include "google/protobuf/compiler/plugin.pb-c.h"
#include "suite.h"

typedef Google__Protobuf__Compiler__CodeGeneratorRequest Request;
typedef Google__Protobuf__Compiler__CodeGeneratorResponse Response;
typedef Google__Protobuf__DescriptorProto Message;
typedef Google__Protobuf__FieldDescriptorProto Field;
typedef Google__Protobuf__FileDescriptorProto File;
typedef Google__Protobuf__MethodDescriptorProto Method;
typedef Google__Protobuf__ServiceDescriptorProto Service;

static void check_ends_well(const void *request, size_t size, const char *what, size_t which)
{
    generator_result result;

    generator_run(request, size, NULL, NULL, &result);
    ck_assert_msg(generator_ended_well(&result), "%s %zu: exit code %d: %s", what, which, result.exit_code,
                  result.complaint);
    generator_result_drop(&result);
}

START_TEST(a_request_cut_short_does_no_harm)
{
    size_t size;
    uint8_t *request = generator_request("shop.request", &size);

    for (size_t cut = 0; cut < size; cut += 1 + size / 150)
        check_ends_well(request, cut, "cut at", cut);
    free(request);
}
END_TEST

/* Most bytes of a request are text: with others in their place it is still well-formed, and its names are not. */
START_TEST(a_request_with_other_bytes_does_no_harm)
{
    static const char bytes[] = "\0\1.\"\\\n*/Az_09 \x7f\x80\xff";
    const char *rounds = getenv("HOSTILE_ROUNDS");
    size_t count = rounds != NULL ? strtoul(rounds, NULL, 10) : 300;
    size_t size;
    uint8_t *request = generator_request("shop.request", &size);
    uint8_t *changed = malloc(size);

    ck_assert_ptr_nonnull(changed);
    srandom(11);
    for (size_t round = 0; round < count; round++) {
        memcpy(changed, request, size);
        for (long n = random() % 6; n >= 0; n--) {
            size_t at = (size_t)random() % size;

            changed[at] = random() % 4 == 0 ? (uint8_t)random() : (uint8_t)bytes[(size_t)random() % (sizeof bytes - 1)];
        }
        check_ends_well(changed, size, "round", round);
    }
    free(changed);
    free(request);
}
END_TEST

/* ---- one thing wrong at a time ---- */

/* A file with a message of one field and a service of one method, all of them to be spoilt. */
static struct {
    Request request;
    File file;
    Message message;
    Field field;
    Service service;
    Method method;
} made;

static void make_request(void)
{
    static File *files[] = {&made.file};
    static Message *messages[] = {&made.message};
    static Field *fields[] = {&made.field};
    static Service *services[] = {&made.service};
    static Method *methods[] = {&made.method};
    static char *wanted[] = {"a.proto"};

    google__protobuf__compiler__code_generator_request__init(&made.request);
    google__protobuf__file_descriptor_proto__init(&made.file);
    google__protobuf__descriptor_proto__init(&made.message);
    google__protobuf__field_descriptor_proto__init(&made.field);
    google__protobuf__service_descriptor_proto__init(&made.service);
    google__protobuf__method_descriptor_proto__init(&made.method);
    made.request.file_to_generate = wanted;
    made.request.n_file_to_generate = 1;
    made.request.parameter = "policy=optional,limits=optional";
    made.request.proto_file = files;
    made.request.n_proto_file = 1;
    made.file.name = "a.proto";
    made.file.package = "a.v1";
    made.file.message_type = messages;
    made.file.n_message_type = 1;
    made.file.service = services;
    made.file.n_service = 1;
    made.message.name = "A";
    made.message.field = fields;
    made.message.n_field = 1;
    made.field.name = "a";
    made.field.has_number = made.field.has_type = 1;
    made.field.number = 1;
    made.field.type = GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE;
    made.field.type_name = ".a.v1.A";
    made.service.name = "AService";
    made.service.method = methods;
    made.service.n_method = 1;
    made.method.name = "Get";
    made.method.input_type = made.method.output_type = ".a.v1.A";
}

/* The answer's error, "" when there is none; the caller frees it. */
static char *error_of_made(void)
{
    size_t size = protobuf_c_message_get_packed_size(&made.request.base);
    uint8_t *bytes = malloc(size + 1);
    generator_result result;
    Response *answer;
    char *error;

    ck_assert_ptr_nonnull(bytes);
    protobuf_c_message_pack(&made.request.base, bytes);
    generator_run(bytes, size, NULL, NULL, &result);
    ck_assert_msg(result.exit_code == 0 && generator_ended_well(&result), "%s", result.complaint);
    answer = google__protobuf__compiler__code_generator_response__unpack(NULL, result.output_size, result.output);
    ck_assert_ptr_nonnull(answer);
    error = strdup(answer->error != NULL ? answer->error : "");
    ck_assert_uint_eq(answer->n_file, error[0] == '\0' ? 5 : 0);
    google__protobuf__compiler__code_generator_response__free_unpacked(answer, NULL);
    generator_result_drop(&result);
    free(bytes);
    return error;
}

static void check_error(const char *expected)
{
    char *error = error_of_made();

    ck_assert_str_eq(error, expected);
    free(error);
}

START_TEST(a_made_request_is_answered)
{
    check_error("");
}
END_TEST

START_TEST(names_that_are_none_are_refused)
{
    static const struct {
        char **name;
        const char *error;
    } names[] = {
        {&made.file.name, "a file has no proper name"},
        {&made.message.name, "a.proto: a message has no proper name"},
        {&made.field.name, "a.proto: a field of A has no proper name"},
        {&made.service.name, "a.proto: a service has no proper name"},
        {&made.method.name, "a.proto: a method of AService has no proper name"},
    };
    static const char *const bad[] = {NULL, "", "a\"b", "a\\b", "a\nb", "a*/b"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
            make_request();
            *names[i].name = (char *)bad[n];
            check_error(names[i].error);
        }
}
END_TEST

START_TEST(a_package_is_names_with_dots_between)
{
    static const char *const bad[] = {".", "a.", ".a", "a..b", "1a", "a-b", "a.b;c"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        made.file.package = (char *)bad[i];
        check_error("a.proto: its package has no proper name");
    }
    made.file.package = NULL;
    made.field.type_name = made.method.input_type = made.method.output_type = ".A";
    check_error("");
}
END_TEST

START_TEST(field_numbers_are_those_of_the_wire)
{
    static const int32_t bad[] = {0, -1, INT32_MIN, INT32_MAX, 1 << 29};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        made.field.number = bad[i];
        check_error("a.proto: A.a has no proper number");
    }
}
END_TEST

START_TEST(types_must_be_somewhere)
{
    made.field.type_name = ".a.v1.B";
    check_error("a.proto: the type of a.v1.A.a is nowhere");
    made.field.type_name = NULL;
    check_error("a.proto: the type of a.v1.A.a is nowhere");
    make_request();
    made.method.input_type = NULL;
    check_error("a.proto: a type of AService.Get is nowhere");
    make_request();
    made.method.output_type = "a.v1.A";
    check_error("a.proto: a type of AService.Get is nowhere");
}
END_TEST

/* Each message has a field of the next one's type. */
START_TEST(a_chain_of_messages_has_an_end)
{
    enum { COUNT = 16385 };
    static Message messages[COUNT];
    static Message *list[COUNT];
    static Field fields[COUNT];
    static Field *field_lists[COUNT];
    static char names[COUNT][8];
    static char types[COUNT][16];

    for (size_t i = 0; i < COUNT; i++) {
        google__protobuf__descriptor_proto__init(&messages[i]);
        fields[i] = made.field;
        field_lists[i] = &fields[i];
        list[i] = &messages[i];
        snprintf(names[i], sizeof names[i], "M%zu", i);
        snprintf(types[i], sizeof types[i], ".a.v1.M%zu", (i + 1) % (COUNT - 1));
        messages[i].name = names[i];
        messages[i].field = &field_lists[i];
        messages[i].n_field = 1;
        fields[i].type_name = types[i];
    }
    made.file.message_type = list;
    made.file.n_message_type = COUNT;
    made.method.input_type = made.method.output_type = ".a.v1.M0";
    check_error("a.proto: there are too many messages");
    made.file.n_message_type = COUNT - 1;
    check_error("");
}
END_TEST

/* Nested messages, level by level around the one before. */
START_TEST(ten_thousand_levels_are_no_request)
{
    enum { LEVELS = 10000, ROOM = LEVELS * 12 };
    static const int fields[] = {4, 15}; /* the file's message, the request's file */
    static uint8_t bytes[ROOM];
    uint8_t *at = bytes + ROOM;
    generator_result result;

    for (int level = 0; level < LEVELS; level++) {
        size_t size = (size_t)(bytes + ROOM - at);
        uint8_t length[5];
        size_t n = 0;

        for (size_t rest = size;; rest >>= 7) {
            length[n++] = (uint8_t)(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
            if (rest < 0x80)
                break;
        }
        at -= n;
        memcpy(at, length, n);
        *--at = (uint8_t)((level < LEVELS - 2 ? 3 : fields[level - (LEVELS - 2)]) << 3 | 2);
    }
    generator_run(at, (size_t)(bytes + ROOM - at), NULL, NULL, &result);
    ck_assert_int_eq(result.exit_code, 1);
    ck_assert_str_eq(result.complaint,
                     "protoc-gen-smartpass-c: stdin holds no CodeGeneratorRequest; run me through protoc\n");
    generator_result_drop(&result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hostile requests");
    TCase *spoilt = tcase_create("spoilt");
    TCase *cases = tcase_create("made");

    tcase_set_timeout(spoilt, 0);
    tcase_add_test(spoilt, a_request_cut_short_does_no_harm);
    tcase_add_test(spoilt, a_request_with_other_bytes_does_no_harm);
    suite_add_tcase(suite, spoilt);

    tcase_add_checked_fixture(cases, make_request, NULL);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_made_request_is_answered);
    tcase_add_test(cases, names_that_are_none_are_refused);
    tcase_add_test(cases, a_package_is_names_with_dots_between);
    tcase_add_test(cases, field_numbers_are_those_of_the_wire);
    tcase_add_test(cases, types_must_be_somewhere);
    tcase_add_test(cases, a_chain_of_messages_has_an_end);
    tcase_add_test(cases, ten_thousand_levels_are_no_request);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
