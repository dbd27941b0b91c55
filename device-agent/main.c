/* smartpass-agent: enrols a terminal, runs one with simulated hardware, or runs a fleet of them. */
#include <stdio.h>
#include <unistd.h>

#include "commands.h"

/* The same process, arguments and standard streams; everything else was closed or goes with the former program. */
static int begin_anew(char **argv)
{
    execv("/proc/self/exe", argv);
    perror("smartpass-agent: it cannot restart itself");
    return 1;
}

static int sim(const agent_options *options, char **argv)
{
    int status = run_sim(options);

    return status == SIM_RESTARTS ? begin_anew(argv) : status;
}

int main(int argc, char **argv)
{
    agent_options options;

    if (!agent_options_parse(argc, argv, &options))
        return 2;
    switch (options.command) {
    case COMMAND_ENROL:
        return run_enrol(&options);
    case COMMAND_SIM:
        return sim(&options, argv);
    case COMMAND_FLEET:
        return run_fleet(&options);
    case COMMAND_HELP:
        break;
    }
    fputs(agent_usage, stdout);
    return 0;
}
