/* Runs the simulator from its slots. */
#include "commands.h"
#include "launcher.h"

int run_launch(const agent_options *o, char **argv)
{
    launcher_options options = {.data = o->data, .trial_ms = o->trial_s * 1000, .arguments = argv + 1};

    (void)package_version_parse(o->version, &options.version);
    argv[1] = argv[0]; /* where "launch" stood */
    return launcher_run(&options);
}
