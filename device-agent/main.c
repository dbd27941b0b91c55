/* smartpass-agent: enrols a terminal, runs one with simulated hardware, looks after one that can be upgraded, or runs a
 * fleet of them. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"

/* Bytes: what is larger, which is pictures, is the machine's again as soon as it is freed. */
#define MAPPED_FROM (128 * 1024)

/* Whoever started the program keeps the process, unless it is the launcher, which starts what is due now; without its
 * own file it ends, and says why by its status. */
static int run_terminal(const agent_options *options, char **argv)
{
    int status = run_sim(options);

    if (status == RUN_AGAIN && !getenv(LAUNCHER_SLOT))
        execv("/proc/self/exe", argv);
    return status;
}

int main(int argc, char **argv)
{
    agent_options options;

    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    if (!agent_options_parse(argc, argv, &options))
        return 2;
    options.version = SMARTPASS_VERSION;
    switch (options.command) {
    case COMMAND_ENROL:
        return run_enrol(&options);
    case COMMAND_SIM:
        return run_terminal(&options, argv);
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
