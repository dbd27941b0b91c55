/* protoc-gen-smartpass-c as a build runs it: what it writes, and what it refuses. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

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

START_TEST(the_output_compiles_without_a_warning)
{
    static const char *const compilers[] = {COMPILERS};
    static const char *const sources[] = {"shop.rpc.c", "shop.client.c"};
    char *output;

    generate(folder, "shop/v1/shop.proto");
    ck_assert_msg(command_run(&output, PROTOC " --plugin=protoc-gen-c=" MESSAGES_PLUGIN " --c_out=%s %s 2>&1", folder,
                              "shop/v1/shop.proto") == 0,
                  "%s", output);
    free(output);
    for (size_t c = 0; c < sizeof compilers / sizeof *compilers; c++)
        for (size_t s = 0; s < sizeof sources / sizeof *sources; s++) {
            ck_assert_msg(
                command_run(&output,
                            "%s -std=gnu11 -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Wpedantic "
                            "-Werror -fsyntax-only -I%s " INCLUDES " -include %s/shop/v1/shop.names.h "
                            "%s/shop/v1/%s 2>&1",
                            compilers[c], folder, folder, folder, sources[s]) == 0,
                "%s", output);
            free(output);
        }
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

static const struct {
    const char *proto;
    const char *complaint; /* NULL: the file is fine */
} contracts[] = {
    {FRAME(ANYONE, EMPTY), NULL},
    {FRAME("", EMPTY), "bad.proto:7: TestService.Act: the option (smartpass.v1.policy) is missing"},
    {FRAME("option (smartpass.v1.policy) = {};", EMPTY),
     "TestService.Act: (smartpass.v1.policy) does not state its caller"},
    {FRAME("option (smartpass.v1.policy) = {audit: \"act\"};", EMPTY),
     "TestService.Act: (smartpass.v1.policy) does not state its caller"},
    {FRAME("option (smartpass.v1.policy) = {caller: CALLER_PERMITTED};", EMPTY),
     "TestService.Act: CALLER_PERMITTED needs a permission of the form \"module.operation\""},
    {FRAME("option (smartpass.v1.policy) = {caller: CALLER_PERMITTED permission: \"people\"};", EMPTY),
     "TestService.Act: CALLER_PERMITTED needs a permission"},
    {FRAME("option (smartpass.v1.policy) = {caller: CALLER_SUPER permission: \"people.view\"};", EMPTY),
     "TestService.Act: a permission is stated, but caller is not CALLER_PERMITTED"},
    {FRAME(ANYONE "option (google.api.http) = {body: \"*\"};", EMPTY),
     "TestService.Act: (google.api.http) has no pattern"},
    {FRAME(ANYONE, "message Request { string name = 1; }"),
     "bad.proto:11: test.Request.name: (smartpass.v1.limit).max_bytes is missing, and TestService.Act receives this "
     "field"},
    {FRAME(ANYONE, "message Request { bytes data = 1; }"),
     "test.Request.data: (smartpass.v1.limit).max_bytes is missing"},
    {FRAME(ANYONE, "message Request { string name = 1 [(smartpass.v1.limit) = {required: true}]; }"),
     "test.Request.name: (smartpass.v1.limit).max_bytes is missing"},
    {FRAME(ANYONE, "message Request { Inner inner = 1; }"),
     "bad.proto:10: test.Inner.text: (smartpass.v1.limit).max_bytes is missing, and TestService.Act receives this "
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
    {FRAME(ANYONE, EMPTY " message A { message B {} } message AB {}"), "test.A.B and test.AB would both be called AB"},
    {FRAME(ANYONE, EMPTY " service OtherService { rpc Register(Request) returns (Reply) {" ANYONE "} }"),
     "OtherService.Register: \"register\" cannot be the name of a C member"},
    {FRAME(ANYONE, EMPTY " service EmptyService {}"), "EmptyService: a service without methods"},
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
    SRunner *runner;
    int failed;

    tcase_set_timeout(runs, 60);
    tcase_add_checked_fixture(runs, make_folder, remove_folder);
    tcase_add_loop_test(runs, the_output_is_the_committed_one_byte_by_byte, 0, sizeof outputs / sizeof *outputs);
    tcase_add_test(runs, the_output_compiles_without_a_warning);
    tcase_add_test(runs, a_file_without_services_gives_short_names_alone);
    tcase_add_loop_test(runs, a_contract_that_breaks_a_rule_is_refused_by_name, 0,
                        sizeof contracts / sizeof *contracts);
    tcase_add_test(runs, all_breaches_are_told_at_once);
    tcase_add_test(runs, an_unknown_parameter_is_refused);
    tcase_add_loop_test(runs, input_that_is_no_request_is_refused, 0, 2);
    suite_add_tcase(suite, runs);

    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
