#include "sandbox.h"

#include <stddef.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* Sanitizers map terabytes of shadow, and write and look around when they report, so under them a call that is not
 * allowed fails instead of ending the process. */
#ifdef WORKER_SANITIZED
static const bool sanitized = true;
#define NOT_ALLOWED SCMP_ACT_ERRNO(1 /* EPERM */)
#else
static const bool sanitized = false;
#define NOT_ALLOWED SCMP_ACT_KILL_PROCESS
#endif

static bool limit(__rlimit_resource_t what, rlim_t value)
{
    return setrlimit(what, &(struct rlimit){value, value}) == 0;
}

static bool limits_set(const sandbox_room *room)
{
    int highest = room->file > room->socket ? room->file : room->socket;

    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, (rlim_t)highest + 1) &&
           (sanitized || (limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_AS, room->memory)));
}

static bool allow_always(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(brk),          SCMP_SYS(munmap),
        SCMP_SYS(mremap),       SCMP_SYS(madvise),
        SCMP_SYS(futex),        SCMP_SYS(exit),
        SCMP_SYS(exit_group),   SCMP_SYS(clock_gettime),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
        SCMP_SYS(getrandom),    SCMP_SYS(setitimer),
    };

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    return true;
}

/* Memory, but none that can be executed. */
static bool allow_memory(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp plain = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);

    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, plain) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, plain) == 0;
}

/* A call whose first argument is this descriptor. */
static bool allow_on(scmp_filter_ctx filter, int call, int descriptor)
{
    const struct scmp_arg_cmp this_one = {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)descriptor};

    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, this_one) == 0;
}

static bool allow_socket(scmp_filter_ctx filter, int socket)
{
    return allow_on(filter, SCMP_SYS(read), socket) && allow_on(filter, SCMP_SYS(write), socket);
}

/* A file is read from wherever, so that the offset it shares with the server stays as it is. */
static bool allow_file(scmp_filter_ctx filter, const sandbox_room *room)
{
    return allow_on(filter, SCMP_SYS(recvmsg), room->socket) && allow_on(filter, SCMP_SYS(pread64), room->file);
}

/* What a sanitizer needs to report and to leave. */
static bool allow_sanitizer(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sigaltstack), 0) == 0 &&
           allow_on(filter, SCMP_SYS(write), STDERR_FILENO);
}

bool sandbox_enter(const sandbox_room *room)
{
    if (!limits_set(room) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return false;

    scmp_filter_ctx filter = seccomp_init(NOT_ALLOWED);
    bool closed = filter && allow_always(filter) && allow_memory(filter) && allow_socket(filter, room->socket) &&
                  (room->file < 0 || allow_file(filter, room)) && (!sanitized || allow_sanitizer(filter)) &&
                  seccomp_load(filter) == 0;
    seccomp_release(filter);
    return closed;
}

void sandbox_job_begins(int seconds)
{
    setitimer(ITIMER_PROF, &(struct itimerval){.it_value = {.tv_sec = seconds}}, NULL);
}

void sandbox_job_ends(void)
{
    setitimer(ITIMER_PROF, &(struct itimerval){0}, NULL);
}
