/* protoc-gen-smartpass-c as a build runs it: what it writes, and what it refuses. */
#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "suite.h"

static char *folder;

static void make_folder(void)
{
    folder = folder_make();
}

static void remove_folder(void)
{
    folder_remove(folder);
}

/* Both kinds of output for one file of the golden folder or of the test's own. */
static void generate(const char *into, const char *file)
{
    static const char *const parameters[] = {"", "nanopb=1:"};
    char *output;

    for (size_t i = 0; i < 2; i++) {
        ck_assert_msg(command_run(&output, PROTOC " --plugin=" PLUGIN " --smartpass-c_out=%s%s %s 2>&1", parameters[i],
                                  into, file) == 0,
                      "%s", output);
        ck_assert_str_eq(output, "");
        free(output);
    }
}

static const char *const outputs[] = {"shop.rpc.h",    "shop.rpc.c",   "shop.client.h",
                                      "shop.client.c", "shop.names.h", "shop.options"};

START_TEST(the_output_is_the_committed_one_byte_by_byte)
{
    char *difference;

    generate(folder, "shop/v1/shop.proto");
    ck_assert_msg(command_run(&difference, "diff -u " GOLDEN "/shop/v1/%s %s/shop/v1/%s 2>&1 | head -c 2000 | grep .",
                              outputs[_i], folder, outputs[_i]) != 0,
                  "%s", difference);
    free(difference);
}
END_TEST

START_TEST(settings_are_listed_by_their_numbers)
{
    char *output;

    ck_assert_msg(command_run(&output,
                              PROTOC " --plugin=" PLUGIN " --smartpass-c_out=settings=1:%s shop/v1/till.proto 2>&1",
                              folder) == 0,
                  "%s", output);
    free(output);
    ck_assert_msg(command_run(&output,
                              "diff -u " GOLDEN "/shop/v1/till.settings.h %s/shop/v1/till.settings.h 2>&1"
                              " | head -c 2000 | grep .",
                              folder) != 0,
                  "%s", output);
    free(output);
}
END_TEST

/* Every compiler that is here, as C and, headers alone, as C++. */
static const struct {
    const char *command;
    const char *language;
    bool sources;
} compilers[] = {COMPILERS};

#define FLAGS " -Wall -Wextra -Wconversion -Wshadow -Werror -fsyntax-only "

/* A header is compiled as the whole of a source in the given language. */
static void must_compile(const char *command, const char *language, const char *file)
{
    char *input = strstr(file, ".h") ? text_printf("-include %s -x %s /dev/null", file, language) : strdup(file);
    char *output;

    ck_assert_msg(command_run(&output, "%s" FLAGS "-I%s " INCLUDES " %s 2>&1", command, folder, input) == 0, "%s: %s",
                  file, output);
    free(output);
    free(input);
}

/* All that was generated below `where`: headers alone, each for itself, and sources. */
static void everything_must_compile(const char *where)
{
    char *list;

    for (size_t c = 0; c < sizeof compilers / sizeof *compilers; c++) {
        command_run(&list, "find %s -name '*.h' -path '*/v1/*'%s", where,
                    compilers[c].sources ? " -o -name '*.rpc.c' -o -name '*.client.c'" : "");
        ck_assert_str_ne(list, "");
        for (char *rest, *file = strtok_r(list, "\n", &rest); file != NULL; file = strtok_r(NULL, "\n", &rest))
            must_compile(compilers[c].command, compilers[c].language, file);
        free(list);
    }
}

static void generate_messages(const char *file)
{
    char *output;

    ck_assert_msg(
        command_run(&output, PROTOC " --plugin=protoc-gen-c=" MESSAGES_PLUGIN " --c_out=%s %s 2>&1", folder, file) == 0,
        "%s", output);
    free(output);
}

START_TEST(the_output_compiles_without_a_warning)
{
    generate(folder, "shop/v1/shop.proto");
    generate_messages("shop/v1/shop.proto");
    everything_must_compile(folder);
}
END_TEST

START_TEST(the_stubs_of_our_own_contract_compile_without_a_warning)
{
    everything_must_compile(CONTRACT);
}
END_TEST

/* In the order given, in the other, and each by itself. */
START_TEST(neither_order_nor_repetition_changes_a_byte)
{
    static const char *const orders[] = {"shop/v1/shop.proto smartpass/v1/people.proto",
                                         "smartpass/v1/people.proto shop/v1/shop.proto", "shop/v1/shop.proto"};
    char *other = folder_make();
    char *output;

    generate(folder, orders[0]);
    generate(other, orders[_i]);
    if (_i == 2)
        generate(other, "smartpass/v1/people.proto");
    ck_assert_msg(command_run(&output, "diff -r %s %s", folder, other) == 0, "%s", output);
    free(output);
    folder_remove(other);
}
END_TEST

START_TEST(a_file_without_services_gives_short_names_alone)
{
    char *proto = text_printf("%s/words.proto", folder);
    char *names = text_printf("%s/words.names.h", folder);
    char *output;
    char *text;

    ck_assert(file_write(proto, "syntax = \"proto3\"; message Word { string text = 1; }"));
    ck_assert_int_eq(command_run(&output,
                                 PROTOC " -I%s --plugin=" PLUGIN " --smartpass-c_out=%s words.proto 2>&1 && ls %s",
                                 folder, folder, folder),
                     0);
    ck_assert_str_eq(output, "words.names.h\nwords.proto\n");
    text = file_text(names);
    ck_assert_ptr_nonnull(strstr(text, "typedef Word Word;\n#define WORD_INIT WORD__INIT\n"));
    free(text);
    free(output);
    free(names);
    free(proto);
}
END_TEST

/* One service with one method, whose options and request are the test's. */
#define FRAME(options, request)                                                                                        \
    "syntax = \"proto3\";\npackage test;\nimport \"smartpass/v1/options.proto\";\n"                                    \
    "import \"google/api/annotations.proto\";\nimport \"google/protobuf/field_mask.proto\";\n"                         \
    "service TestService {\n  rpc Act(Request) returns (Reply) {" options "}\n}\nmessage Reply { string s = 1; }\n"    \
    "message Inner { string text = 1; }\n" request
#define ANYONE "option (smartpass.v1.policy) = {caller: CALLER_ANYONE};"
#define EMPTY "message Request {}"
#define SETTING(field, rule)                                                                                           \
    FRAME(ANYONE, EMPTY " enum E { NONE = 0; } message S { " field " [(smartpass.v1.setting) = {" rule "}]; }")

static const struct {
    const char *proto;
    const char *complaint; /* NULL: the file is fine */
} contracts[] = {
    {FRAME(ANYONE, EMPTY), NULL},
    {FRAME("", EMPTY), "bad.proto:7:3: TestService.Act: the option (smartpass.v1.policy) is missing"},
    {FRAME("option (smartpass.v1.policy) = {};", EMPTY),
     "TestService.Act: (smartpass.v1.policy) does not state its caller"},
    {FRAME("option (smartpass.v1.policy) = {audit: \"act\"};", EMPTY),
     "TestService.Act: (smartpass.v1.policy) does not state its caller"},
    {FRAME("option (smartpass.v1.policy) = {caller: CALLER_PERMITTED};", EMPTY),
     "TestService.Act: CALLER_PERMITTED needs a permission of the form \"module.operation\""},
    {FRAME("option (smartpass.v1.policy) = {caller: CALLER_PERMITTED permission: \"people\"};", EMPTY),
     "TestService.Act: CALLER_PERMITTED needs a permission"},
    {FRAME("option (smartpass.v1.policy) = {caller: CALLER_SUPER permission: \"employees.view\"};", EMPTY),
     "TestService.Act: a permission is stated, but caller is not CALLER_PERMITTED"},
    {FRAME(ANYONE "option (google.api.http) = {get: \"/a\" additional_bindings {body: \"*\"}};", EMPTY),
     "bad.proto:7:3: TestService.Act: an additional binding of (google.api.http) has no pattern"},
    {FRAME(ANYONE "option (google.api.http) = {body: \"*\"};", EMPTY),
     "TestService.Act: (google.api.http) has no pattern"},
    {FRAME(ANYONE, "message Request { string name = 1; }"),
     "bad.proto:11:19: test.Request.name: (smartpass.v1.limit).max_bytes is missing, and TestService.Act receives this "
     "field"},
    {FRAME(ANYONE, "message Request { bytes data = 1; }"),
     "test.Request.data: (smartpass.v1.limit).max_bytes is missing"},
    {FRAME(ANYONE, "message Request { string name = 1 [(smartpass.v1.limit) = {required: true}]; }"),
     "test.Request.name: (smartpass.v1.limit).max_bytes is missing"},
    {FRAME(ANYONE, "message Request { Inner inner = 1; }"),
     "bad.proto:10:17: test.Inner.text: (smartpass.v1.limit).max_bytes is missing, and TestService.Act receives this "
     "field"},
    {FRAME(ANYONE, "message Request { oneof one { Inner inner = 1; } }"),
     "test.Inner.text: (smartpass.v1.limit).max_bytes"},
    {FRAME(ANYONE, "message Request { map<int32, Inner> inner = 1 [(smartpass.v1.limit).max_items = 1]; }"),
     "test.Inner.text: (smartpass.v1.limit).max_bytes"},
    {FRAME(ANYONE, "message Request { map<int32, string> names = 1 [(smartpass.v1.limit).max_items = 1]; }"),
     "test.Request.names: (smartpass.v1.limit).max_bytes is missing"},
    {FRAME(ANYONE, "message Request { repeated int32 ids = 1; }"),
     "test.Request.ids: (smartpass.v1.limit).max_items is missing"},
    {FRAME(ANYONE, "message Request { int32 id = 1 [(smartpass.v1.limit).max_bytes = 1]; }"),
     "test.Request.id: (smartpass.v1.limit).max_bytes is for string, bytes and maps of them"},
    {FRAME(ANYONE, "message Request { string s = 1 [(smartpass.v1.limit) = {max_bytes: 1 max_items: 1}]; }"),
     "test.Request.s: (smartpass.v1.limit).max_items is for repeated fields"},
    {FRAME(ANYONE, "message Request { google.protobuf.FieldMask mask = 1; }"), NULL},
    {FRAME(ANYONE, EMPTY " message Other { string never_received = 1; repeated Inner nor_this = 2; }"), NULL},
    {FRAME(ANYONE, EMPTY " message A { message B {} } message AB {}"),
     "bad.proto:11:47: test.A.B and test.AB would both be called AB"},
    {FRAME(ANYONE, EMPTY " message FooBar {} message Foo_Bar {}"),
     "test.FooBar and test.Foo_Bar would both be initialised by FOO_BAR_INIT"},
    {FRAME(ANYONE, EMPTY " service OtherService { rpc Register(Request) returns (Reply) {" ANYONE "} }"), NULL},
    {FRAME(ANYONE, EMPTY " service EmptyService {}"), "bad.proto:11:20: EmptyService: a service without methods"},
    {FRAME(ANYONE, EMPTY " service Service { rpc Act(Request) returns (Reply) {" ANYONE "} }"),
     "bad.proto:11:20: Service: nothing is left of the name without \"Service\""},
    {FRAME(ANYONE, EMPTY " service Test { rpc Do(Request) returns (Reply) {" ANYONE "} }"),
     "bad.proto:11:20: Test: the name test_implements is taken by TestService of bad.proto"},
    {FRAME(ANYONE "} rpc ACT(Request) returns (Reply) {" ANYONE, EMPTY),
     "TestService.ACT: the name TEST_ACT is taken by TestService.Act of bad.proto"},
    {FRAME(ANYONE "} rpc Service(Request) returns (Reply) {" ANYONE, EMPTY),
     "TestService.Service: the name test_service is taken by TestService of bad.proto"},
    {FRAME(ANYONE "} rpc Look(Request) returns (stream Reply) {" ANYONE
                  "} rpc LookWrite(Request) returns (Reply) {" ANYONE,
           EMPTY),
     "TestService.LookWrite: the name test_look_write is taken by TestService.Look of bad.proto"},
    {SETTING("int32 a = 1", "min: 1 max: 9 step: 4 factory: 5"), NULL},
    {SETTING("int32 a = 1", "min: 1 max: 9 step: 4 factory: 4"),
     "test.S.a: (smartpass.v1.setting) needs min below max, and a factory value that fits them"},
    {SETTING("int32 a = 1", "min: 1 max: 9"), "test.S.a: (smartpass.v1.setting) needs min below max"},
    {SETTING("int32 a = 1", "min: 1 max: 1 factory: 1"), "test.S.a: (smartpass.v1.setting) needs min below max"},
    {SETTING("int32 a = 1", "max: 9 factory: 10"), "test.S.a: (smartpass.v1.setting) needs min below max"},
    {SETTING("bool a = 1", "factory: 2"), "test.S.a: (smartpass.v1.setting).factory is 0 or 1"},
    {SETTING("E a = 1", ""), "test.S.a: (smartpass.v1.setting).factory is a named value of the enum"},
    {SETTING("int64 a = 1", "max: 9"), "test.S.a: (smartpass.v1.setting) is for bool, int32, string and enums"},
    {SETTING("repeated bool a = 1", ""), "test.S.a: (smartpass.v1.setting) is not for repeated fields"},
};

START_TEST(a_contract_that_breaks_a_rule_is_refused_by_name)
{
    char *proto = text_printf("%s/bad.proto", folder);
    char *header = text_printf("%s/bad.rpc.h", folder);
    char *output;
    char *text;
    int status;

    ck_assert(file_write(proto, contracts[_i].proto));
    status =
        command_run(&output, PROTOC " -I%s --plugin=" PLUGIN " --smartpass-c_out=%s bad.proto 2>&1", folder, folder);
    text = file_text(header);
    if (contracts[_i].complaint == NULL) {
        ck_assert_msg(status == 0, "%s", output);
        ck_assert_ptr_nonnull(text);
    } else {
        ck_assert_int_ne(status, 0);
        ck_assert_msg(strstr(output, contracts[_i].complaint) != NULL, "%s", output);
        ck_assert_ptr_null(text);
    }
    free(text);
    free(output);
    free(header);
    free(proto);
}
END_TEST

START_TEST(all_breaches_are_told_at_once)
{
    char *proto = text_printf("%s/bad.proto", folder);
    char *output;

    ck_assert(file_write(proto, FRAME("", "message Request { string a = 1; bytes b = 2; }")));
    ck_assert_int_ne(
        command_run(&output, PROTOC " -I%s --plugin=" PLUGIN " --smartpass-c_out=%s bad.proto 2>&1", folder, folder),
        0);
    ck_assert_ptr_nonnull(strstr(output, "TestService.Act: the option"));
    ck_assert_ptr_nonnull(strstr(output, "test.Request.a: "));
    ck_assert_ptr_nonnull(strstr(output, "test.Request.b: "));
    free(output);
    free(proto);
}
END_TEST

START_TEST(an_unknown_parameter_is_refused)
{
    char *output;

    ck_assert_int_ne(command_run(&output,
                                 PROTOC " --plugin=" PLUGIN " --smartpass-c_out=colour=red:%s shop/v1/shop.proto 2>&1",
                                 folder),
                     0);
    ck_assert_ptr_nonnull(strstr(output, "unknown parameter \"colour=red\""));
    free(output);
}
END_TEST

START_TEST(a_prefix_that_begins_no_name_is_refused)
{
    static const char *const prefixes[] = {"", "1st_", "Shop", "a-b"};
    char *output;

    ck_assert_int_ne(command_run(&output,
                                 PROTOC " --plugin=" PLUGIN " --smartpass-c_out=prefix=%s:%s shop/v1/shop.proto 2>&1",
                                 prefixes[_i], folder),
                     0);
    ck_assert_ptr_nonnull(strstr(output, "a prefix begins a name of C"));
    free(output);
}
END_TEST

/* What somebody else may have: no option of ours, nothing limited, methods that are called like words of C. */
static const char foreign[] = "syntax = \"proto3\";\npackage acme;\n"
                              "message Note { optional string text = 1; repeated bytes parts = 2; }\n"
                              "service Notes {\n  rpc Register(Note) returns (Note);\n"
                              "  rpc Delete(stream Note) returns (stream Note);\n}\n";

START_TEST(a_contract_of_somebody_else_needs_none_of_our_options)
{
    char *proto = text_printf("%s/v1/foreign.proto", folder);
    char *output;

    ck_assert_int_eq(command_run(&output, "mkdir %s/v1", folder), 0);
    free(output);
    ck_assert(file_write(proto, foreign));
    ck_assert_msg(command_run(&output,
                              PROTOC " -I%s --plugin=" PLUGIN " --smartpass-c_out=%s "
                                     "--smartpass-c_opt=policy=optional,limits=optional,prefix=acme_ v1/foreign.proto "
                                     "2>&1 && " PROTOC " -I%s --plugin=protoc-gen-c=" MESSAGES_PLUGIN
                                     " --c_out=%s v1/foreign.proto 2>&1 && grep -c "
                                     "'RPC_CALLER_UNSTATED\\|acme_notes_register(' %s/v1/foreign.*.c",
                              folder, folder, folder, folder, folder) == 0,
                  "%s", output);
    ck_assert_ptr_nonnull(strstr(output, "foreign.rpc.c:2"));
    ck_assert_ptr_nonnull(strstr(output, "foreign.client.c:1"));
    free(output);
    everything_must_compile(folder);
    free(proto);
}
END_TEST

START_TEST(without_a_parameter_it_is_held_to_our_rules)
{
    char *proto = text_printf("%s/foreign.proto", folder);
    char *output;

    ck_assert(file_write(proto, foreign));
    ck_assert_int_ne(command_run(&output, PROTOC " -I%s --plugin=" PLUGIN " --smartpass-c_out=%s foreign.proto 2>&1",
                                 folder, folder),
                     0);
    ck_assert_ptr_nonnull(strstr(output, "foreign.proto:5:3: Notes.Register: the option (smartpass.v1.policy)"));
    ck_assert_ptr_nonnull(strstr(output, "foreign.proto:3:16: acme.Note.text: (smartpass.v1.limit).max_bytes"));
    free(output);
    free(proto);
}
END_TEST

START_TEST(input_that_is_no_request_is_refused)
{
    static const char *const plugins[] = {PLUGIN, MESSAGES_PLUGIN};
    char *output;

    ck_assert_int_ne(command_run(&output, "printf 'nonsense' | %s 2>&1", plugins[_i]), 0);
    free(output);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codegen");
    TCase *runs = tcase_create("runs");

    tcase_set_timeout(runs, 240);
    tcase_add_checked_fixture(runs, make_folder, remove_folder);
    tcase_add_test(runs, settings_are_listed_by_their_numbers);
    tcase_add_loop_test(runs, the_output_is_the_committed_one_byte_by_byte, 0, sizeof outputs / sizeof *outputs);
    tcase_add_test(runs, the_output_compiles_without_a_warning);
    tcase_add_test(runs, the_stubs_of_our_own_contract_compile_without_a_warning);
    tcase_add_loop_test(runs, neither_order_nor_repetition_changes_a_byte, 0, 3);
    tcase_add_test(runs, a_file_without_services_gives_short_names_alone);
    tcase_add_loop_test(runs, a_contract_that_breaks_a_rule_is_refused_by_name, 0,
                        sizeof contracts / sizeof *contracts);
    tcase_add_test(runs, all_breaches_are_told_at_once);
    tcase_add_test(runs, an_unknown_parameter_is_refused);
    tcase_add_loop_test(runs, a_prefix_that_begins_no_name_is_refused, 0, 4);
    tcase_add_test(runs, a_contract_of_somebody_else_needs_none_of_our_options);
    tcase_add_test(runs, without_a_parameter_it_is_held_to_our_rules);
    tcase_add_loop_test(runs, input_that_is_no_request_is_refused, 0, 2);
    suite_add_tcase(suite, runs);
    return suite_run(suite);
}
