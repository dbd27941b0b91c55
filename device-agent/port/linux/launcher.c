#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "launcher_boot.h"
#include "log.h"
#include "upgrade_state.h"

enum {
    LOCK_WAIT_MS = 15000,     /* for a program whose launcher was killed to be gone */
    END_WAIT_MS = 10000,      /* from SIGTERM to SIGKILL */
    AGAIN_FIRST_MS = 1000,    /* after a crash */
    AGAIN_LONGEST_MS = 30000, /* the manual promises that the program is back after so long */
    STEADY_MS = 60000,        /* running for so long: the next crash is a first one */
    EXIT_USAGE = 2,
    EXIT_NOT_STARTED = 127,
};

typedef struct {
    const launcher_options *options;
    upgrade_folder folder;
    upgrade_state state;
    sigset_t signals;
    sigset_t before; /* what was blocked when we were started */
    int lock;
    pid_t child;
    bool ending; /* somebody wants us to end */
} launcher;

/* How the program ended. */
typedef enum { ENDED_AS_TOLD, ENDED_TO_RESTART, ENDED_BY_CRASH } ending;

/* ---- Beginning ---- */

/* A program that outlives its launcher holds the lock too: nobody starts a second one beside it. */
static bool take_lock(launcher *l)
{
    char path[UPGRADE_PATH_MAX];
    int64_t until_ms = clock_monotonic_ms() + LOCK_WAIT_MS;

    upgrade_lock_path(&l->folder, path);
    l->lock = open(path, O_RDWR | O_CREAT, 0600); /* inherited on purpose */
    if (l->lock < 0)
        return false;
    while (flock(l->lock, LOCK_EX | LOCK_NB) != 0) {
        if (clock_monotonic_ms() > until_ms)
            return false;
        usleep(50000);
    }
    return true;
}

static bool prepare(launcher *l)
{
    const char *data = l->options->data;

    sigemptyset(&l->signals);
    sigaddset(&l->signals, SIGTERM);
    sigaddset(&l->signals, SIGINT);
    sigaddset(&l->signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &l->signals, &l->before);
    if ((mkdir(data, 0700) != 0 && errno != EEXIST) || sp_failed(upgrade_folder_of(data, &l->folder)) ||
        sp_failed(upgrade_folder_make(&l->folder))) {
        log_write(LOG_ERROR, "the folder of the terminal's program cannot be made", "data", data, NULL);
        return false;
    }
    if (!take_lock(l)) {
        log_write(LOG_ERROR, "another launcher uses this data folder", "data", data, NULL);
        return false;
    }
    return launcher_begin(&l->folder, l->options->version, &l->state);
}

/* ---- One run of the program ---- */

__attribute__((noreturn)) static void become(const launcher *l, upgrade_slot slot, pid_t parent)
{
    char path[UPGRADE_PATH_MAX];

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody counts the starts of a program without a launcher */
    if (getppid() != parent)
        _exit(EXIT_NOT_STARTED);
    sigprocmask(SIG_SETMASK, &l->before, NULL);
    setenv(LAUNCHER_SLOT, slot == UPGRADE_SLOT_A ? "a" : "b", 1);
    upgrade_program_path(&l->folder, slot, path);
    execv(path, l->options->arguments);
    perror(path);
    _exit(EXIT_NOT_STARTED);
}

static bool start(launcher *l, upgrade_slot slot)
{
    pid_t parent = getpid();

    l->child = fork();
    if (l->child == 0)
        become(l, slot, parent);
    return l->child > 0;
}

/* Waits until a signal or the time; 0: the time is over. */
static int wait_signal(const launcher *l, int64_t until_ms)
{
    int64_t left_ms = until_ms - clock_monotonic_ms();
    struct timespec patience;
    int signal_number;

    if (left_ms < 0)
        left_ms = 0;
    if (until_ms == INT64_MAX)
        return sigwaitinfo(&l->signals, NULL);
    patience = (struct timespec){left_ms / 1000, left_ms % 1000 * 1000000};
    signal_number = sigtimedwait(&l->signals, NULL, &patience);
    return signal_number < 0 && errno == EAGAIN ? 0 : signal_number;
}

/* Waits for the program's end. One on trial that takes too long, or one that does not end when told, is killed. */
static int wait_for_end(launcher *l, int64_t until_ms)
{
    int status;

    while (waitpid(l->child, &status, WNOHANG) != l->child) {
        int signal_number = wait_signal(l, until_ms);

        if (signal_number == SIGTERM || signal_number == SIGINT) {
            l->ending = true;
            until_ms = clock_monotonic_ms() + END_WAIT_MS;
            kill(l->child, SIGTERM);
        } else if (signal_number == 0) {
            /* Whether it has shown meanwhile that it works is in the state, which only it writes while it runs. */
            upgrade_state now;

            until_ms = INT64_MAX;
            if (l->ending || sp_failed(upgrade_state_read(&l->folder, &now)) || now.phase == UPGRADE_TRYING)
                kill(l->child, SIGKILL);
        }
    }
    l->child = 0;
    return status;
}

static ending ending_of(const launcher *l, int status)
{
    if (l->ending)
        return ENDED_AS_TOLD;
    if (!WIFEXITED(status))
        return ENDED_BY_CRASH;
    switch (WEXITSTATUS(status)) {
    case RUN_AGAIN:
        return ENDED_TO_RESTART;
    case 0:
    case EXIT_USAGE:
        return ENDED_AS_TOLD;
    default:
        return ENDED_BY_CRASH;
    }
}

/* ---- Again and again ---- */

/* Waits before the program is started again; false: we shall end instead. */
static bool rest(launcher *l, int64_t wait_ms)
{
    int64_t until_ms = clock_monotonic_ms() + wait_ms;
    int signal_number;

    while ((signal_number = wait_signal(l, until_ms)) != 0)
        if (signal_number == SIGTERM || signal_number == SIGINT)
            return false;
    return true;
}

/* Runs the program once. on_trial: it was a version that had to show that it works. */
static int run_once(launcher *l, bool *ret_on_trial)
{
    upgrade_slot slot = launcher_choose(&l->folder, &l->state);

    *ret_on_trial = slot != l->state.current;
    if (*ret_on_trial)
        log_write(LOG_INFO, "a version on trial starts", NULL);
    if (!start(l, slot))
        return EXIT_NOT_STARTED << 8;
    return wait_for_end(l, *ret_on_trial ? clock_monotonic_ms() + l->options->trial_ms : INT64_MAX);
}

static int launch(launcher *l)
{
    int64_t wait_ms = AGAIN_FIRST_MS;

    for (;;) {
        int64_t begun_ms = clock_monotonic_ms();
        bool on_trial;
        int status = run_once(l, &on_trial);
        ending how = ending_of(l, status);
        bool was_confirmed = launcher_look_again(&l->folder, &l->state);

        if (l->ending)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        if (on_trial && !was_confirmed) {
            if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_STARTED)
                launcher_roll_back(&l->folder, &l->state); /* no start of it will do better */
            continue;
        }
        if (how == ENDED_AS_TOLD)
            return WEXITSTATUS(status);
        if (how == ENDED_TO_RESTART)
            continue;
        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_STARTED)
            launcher_mend(&l->folder, l->options->version, &l->state);
        if (clock_monotonic_ms() - begun_ms >= STEADY_MS)
            wait_ms = AGAIN_FIRST_MS;
        log_write(LOG_WARNING, "the terminal's program has ended by itself, it is started again", NULL);
        if (!rest(l, wait_ms))
            return 0;
        wait_ms = wait_ms * 2 < AGAIN_LONGEST_MS ? wait_ms * 2 : AGAIN_LONGEST_MS;
    }
}

int launcher_run(const launcher_options *options)
{
    launcher *l = calloc(1, sizeof *l);
    int status = 1;

    if (!l)
        return 1;
    l->options = options;
    l->lock = -1;
    if (prepare(l))
        status = launch(l);
    if (l->lock >= 0)
        close(l->lock);
    free(l);
    return status;
}
