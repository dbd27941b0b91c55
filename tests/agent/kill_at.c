/* Preloaded into the launcher and the terminal's program: kills at the nth step that they do in their folder, whichever
 * process does it, with SIGKILL and before the step. Steps are what changes the disk, and the start of a program.
 *
 *     KILL_FOLDER   steps there are counted
 *     KILL_COUNT    file of eight bytes that holds how many there were; shared by all processes
 *     KILL_AT       the step that is not done any more; 0: none
 *     KILL_ALL      set: the launcher dies with the program, as in a power cut */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Atomic unsigned long *count;
static const char *folder;

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("KILL_COUNT");
    int (*real_open)(const char *, int, ...) = (int (*)(const char *, int, ...))real("open");
    int fd = path ? real_open(path, O_RDWR) : -1;

    if (fd < 0)
        return;
    count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (count == MAP_FAILED)
        count = NULL;
    folder = getenv("KILL_FOLDER");
}

static void step(const char *path)
{
    const char *at = getenv("KILL_AT");

    if (!count || !folder || !strstr(path, folder))
        return;
    if (atomic_fetch_add(count, 1) + 1 != strtoul(at ? at : "0", NULL, 10))
        return;
    if (getenv("KILL_ALL") && getenv("SMARTPASS_SLOT"))
        kill(getppid(), SIGKILL);
    kill(getpid(), SIGKILL);
}

static void step_of(int fd)
{
    char link[64], path[1024];
    ssize_t n;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof path - 1);
    if (n > 0) {
        path[n] = '\0';
        step(path);
    }
}

#define WRAP(type, name, parameters, about, ...)                                                                       \
    type name parameters                                                                                               \
    {                                                                                                                  \
        type(*next) parameters = (type(*) parameters)real(#name);                                                      \
                                                                                                                       \
        about;                                                                                                         \
        return next(__VA_ARGS__);                                                                                      \
    }

WRAP(int, rename, (const char *from, const char *to), step(to), from, to)
WRAP(int, unlink, (const char *path), step(path), path)
WRAP(int, mkdir, (const char *path, mode_t mode), step(path), path, mode)
WRAP(int, mkostemp, (char *path, int flags), step(path), path, flags)
WRAP(int, execv, (const char *path, char *const argv[]), step(path), path, argv)
WRAP(int, fsync, (int fd), step_of(fd), fd)
WRAP(int, fdatasync, (int fd), step_of(fd), fd)
WRAP(int, ftruncate, (int fd, off_t size), step_of(fd), fd, size)
WRAP(int, fchmod, (int fd, mode_t mode), step_of(fd), fd, mode)
WRAP(ssize_t, write, (int fd, const void *bytes, size_t n), step_of(fd), fd, bytes, n)

/* What SQLite writes its database with. */
WRAP(ssize_t, pwrite64, (int fd, const void *bytes, size_t n, off64_t at), step_of(fd), fd, bytes, n, at)
WRAP(int, ftruncate64, (int fd, off64_t size), step_of(fd), fd, size)

/* Not every part of a download, which would be hundreds of steps that are all alike. */
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    ssize_t (*next)(int, const void *, size_t, off_t) = (ssize_t(*)(int, const void *, size_t, off_t))real("pwrite");

    if (at % (16 * 16384) == 0)
        step_of(fd);
    return next(fd, bytes, n, at);
}

#define WRAP_OPEN(name)                                                                                                \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))real(#name);                            \
        mode_t mode = 0;                                                                                               \
        va_list arguments;                                                                                             \
                                                                                                                       \
        va_start(arguments, flags);                                                                                    \
        if (flags & O_CREAT) {                                                                                         \
            mode = va_arg(arguments, mode_t);                                                                          \
            step(path);                                                                                                \
        }                                                                                                              \
        va_end(arguments);                                                                                             \
        return next(path, flags, mode);                                                                                \
    }

WRAP_OPEN(open)
WRAP_OPEN(open64)
