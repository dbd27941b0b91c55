/* smartpass-agent: enrols a terminal, runs one with simulated hardware, looks after one that can be upgraded, or runs a
 * fleet of them. */
#include <stdio.h>

#include "commands.h"

int main(int argc, char **argv)
{
    agent_options options;

    if (!agent_options_parse(argc, argv, &options))
        return 2;
    options.version = SMARTPASS_VERSION;
    switch (options.command) {
    case COMMAND_ENROL:
        return run_enrol(&options);
    case COMMAND_SIM:
        return run_sim(&options);
    case COMMAND_LAUNCH:
        return run_launch(&options, argv);
    case COMMAND_FLEET:
        return run_fleet(&options);
    case COMMAND_HELP:
        break;
    }
    fputs(agent_usage, stdout);
    return 0;
}
