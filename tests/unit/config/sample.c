#include "sample.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ITEM(member) offsetof(sample, member)

static const config_item items[] = {
    {"name", CONFIG_TEXT, ITEM(name), "gate", 1, 20, "What it is called.", false},
    {"database.url", CONFIG_TEXT, ITEM(url), NULL, 0, 0, "Where the database is.", false},
    {"database.port", CONFIG_INT, ITEM(port), "5432", 1, 65535, "Where it listens.", false},
    {"database.embedded", CONFIG_BOOL, ITEM(embedded), "true", 0, 0, "Whether it is our own.", false},
    {"storage.folder", CONFIG_PATH, ITEM(folder), "/var/lib/gate", 0, 0, "Where files are.", false},
    {"session.idle_timeout", CONFIG_DURATION, ITEM(idle_ms), "30min", 1000, 43200000, "When a login ends.", false},
    {"session.pepper", CONFIG_TEXT, ITEM(pepper), NULL, 8, 64, "What hashes are mixed with.", true},
    {"weight", CONFIG_INT, ITEM(weight), "-3", 0, 0, "A number without a range.", false},
};

static const config_schema schema = {
    .program = "sample",
    .version = "1.2.3",
    .summary = "Shows how it is done.",
    .arguments = "[FILE]...",
    .environment_prefix = "SAMPLE_",
    .items = items,
    .count = sizeof items / sizeof *items,
};

sample_run run;
char sample_path[64];
static char folder[32];

static void forget_run(void)
{
    config_memory_free(run.loaded.memory);
    free(run.out);
    free(run.errors);
    memset(&run, 0, sizeof run);
}

void sample_begin(void)
{
    strcpy(folder, "/tmp/test_config.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(sample_path, sizeof sample_path, "%s/sample.ini", folder);
}

void sample_end(void)
{
    forget_run();
    unlink(sample_path);
    rmdir(folder);
}

void sample_write(const char *content)
{
    FILE *file = fopen(sample_path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(content, file);
    fclose(file);
}

/* Splits the text in place; list[count] becomes NULL. */
static int split(char *text, char **list, int count)
{
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        list[count++] = word;
    list[count] = NULL;
    return count;
}

config_outcome sample_load(const char *arguments, const char *environment)
{
    /* The loaded arguments point into these. */
    static char argument_words[1024], variable_words[1024];
    static char *argv[32], *variables[32];
    config_surroundings around = {.environment = variables};
    config_outcome outcome;
    size_t size;
    int argc;

    forget_run();
    snprintf(argument_words, sizeof argument_words, "%s", arguments);
    snprintf(variable_words, sizeof variable_words, "%s", environment);
    argv[0] = "sample";
    argc = split(argument_words, argv, 1);
    split(variable_words, variables, 0);

    around.out = open_memstream(&run.out, &size);
    around.errors = open_memstream(&run.errors, &size);
    outcome = config_load(&schema, &around, argc, argv, &run.config, &run.loaded);
    fclose(around.out);
    fclose(around.errors);
    return outcome;
}

config_outcome sample_load_file(const char *content)
{
    char arguments[128];

    sample_write(content);
    snprintf(arguments, sizeof arguments, "--config %s", sample_path);
    return sample_load(arguments, "");
}
