/* Runs the simulator from its slots. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "file.h"

/* What sim_command.c has written down when it was told. */
static bool starts_by_itself(const char *data)
{
    char path[800];
    char *text;
    bool off;

    snprintf(path, sizeof path, "%s/auto_start", data);
    if (sp_failed(file_read(path, 16, &text, NULL)))
        return true;
    off = strcmp(text, "off\n") == 0;
    free(text);
    return !off;
}

int run_launch(const agent_options *o, char **argv)
{
    launcher_options options = {.data = o->data, .trial_ms = o->trial_s * 1000, .arguments = argv + 1};

    if (o->at_boot && !starts_by_itself(o->data))
        return 0;
    (void)package_version_parse(o->version, &options.version);
    argv[1] = argv[0]; /* where "launch" stood */
    return launcher_run(&options);
}
