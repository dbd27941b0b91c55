#include "job_socket.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

bool job_read(void *to, size_t size)
{
    uint8_t *at = to;

    while (size > 0) {
        ssize_t n = read(WORKER_SOCKET, at, size);
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

bool job_write(const void *from, size_t size)
{
    const uint8_t *at = from;

    while (size > 0) {
        ssize_t n = write(WORKER_SOCKET, at, size);
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

/* The lowest free descriptor is the one that the sandbox allows. */
static bool is_the_file(struct msghdr *message)
{
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    int fd = -1;

    if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS ||
        head->cmsg_len != CMSG_LEN(sizeof fd))
        return false;
    memcpy(&fd, CMSG_DATA(head), sizeof fd);
    return fd == WORKER_FILE;
}

bool job_read_with_file(void *to, size_t size)
{
    char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
    struct iovec part = {to, size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(WORKER_SOCKET, &message, MSG_CMSG_CLOEXEC);

    return n > 0 && is_the_file(&message) && job_read((uint8_t *)to + n, size - (size_t)n);
}
