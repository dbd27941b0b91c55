/* The worker's proof that its sandbox holds on this kernel: each attempt runs in a child of its own, which closes
 * itself in first. An attempt must either fail or cost the child its life. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "wire.h"

/* How a child ends; numbers that nothing else ends with. */
enum { ATTEMPT_REFUSED = 77, ATTEMPT_WORKED, NO_SANDBOX };

static bool opens_a_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool makes_a_file(void)
{
    return open("/tmp", O_TMPFILE | O_WRONLY, 0600) >= 0;
}

static bool opens_a_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool starts_a_process(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return child > 0;
}

static bool runs_a_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return false;
}

static bool signals_its_parent(void)
{
    return kill(getppid(), 0) == 0;
}

static bool makes_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool reads_elsewhere(void)
{
    char byte;

    return pread(STDIN_FILENO, &byte, 1, 0) >= 0;
}

static bool writes_to_the_file(void)
{
    return write(WORKER_FILE, "", 0) == 0;
}

static bool opens_by_path(void)
{
    return fopen("/etc/passwd", "r") != NULL;
}

static bool writes_elsewhere(void)
{
    return write(STDOUT_FILENO, "", 0) == 0;
}

/* The widest that there is. */
static const sandbox_room room = {.socket = WORKER_SOCKET, .file = WORKER_FILE, .memory = WORKER_SHEET_MEMORY};

static const struct {
    const char *name;
    bool (*works)(void);
} attempts[] = {
    {"open a file", opens_a_file},
    {"make a file", makes_a_file},
    {"open a socket", opens_a_socket},
    {"start a process", starts_a_process},
    {"run a program", runs_a_program},
    {"signal its parent", signals_its_parent},
    {"make memory executable", makes_code},
    {"write to another descriptor", writes_elsewhere},
    {"read from another descriptor", reads_elsewhere},
    {"write to the file of the job", writes_to_the_file},
    {"open a file by its path", opens_by_path},
};

static bool refused(bool (*works)(void))
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        if (!sandbox_enter(&room))
            _exit(NO_SANDBOX);
        _exit(works() ? ATTEMPT_WORKED : ATTEMPT_REFUSED);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return false;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS;
    return WEXITSTATUS(status) == ATTEMPT_REFUSED;
}

bool sandbox_self_test(void)
{
    bool holds = true;

    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        bool held = refused(attempts[i].works);

        printf("%s: %s\n", attempts[i].name, held ? "refused" : "WORKED");
        fflush(stdout);
        holds = holds && held;
    }
    return holds;
}
