#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "room.h"
#include "suite.h"

static room here;

static int connect_raw(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* The server speaks first in HTTP/2 here: its settings come, or the end. */
static bool is_served(int fd)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
    struct timeval limit = {.tv_sec = 2};
    char byte;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (send(fd, preface, sizeof preface - 1, MSG_NOSIGNAL) < 0)
        return false;
    return recv(fd, &byte, 1, 0) == 1;
}

START_TEST(connections_beyond_the_limit_are_turned_away_until_others_end)
{
    int fds[6];
    int served = 0;

    room_open(&here, &(rpc_server_options){.max_connections = 4, .workers = 2});
    for (int i = 0; i < 6; i++) {
        fds[i] = connect_raw(here.port);
        served += is_served(fds[i]);
    }
    ck_assert_int_eq(served, 4);
    for (int i = 0; i < 6; i++)
        close(fds[i]);
    sleep_ms(300);

    rpc_client *client = room_client(&here);

    ck_assert_int_eq(
        room_play(client, "left", 0, &(rpc_options){.wait_for_ready = true, .timeout_ms = 5000}, NULL, NULL).code,
        SP_OK);
    rpc_client_free(client);
    room_close(&here);
}
END_TEST

START_TEST(the_listener_outlives_want_of_descriptors)
{
    struct rlimit limit = {64, 64};
    int fds[64];
    int count = 0;
    int waiting[3];

    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    room_open(&here, &(rpc_server_options){.max_connections = 1000, .workers = 2});
    for (int i = 0; i < 3; i++)
        waiting[i] = socket(AF_INET, SOCK_STREAM, 0);
    while ((fds[count] = open("/dev/null", O_RDONLY)) >= 0)
        count++;

    /* Connect while nothing is left: the connections end at once instead of killing the listener. */
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)here.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(connect(waiting[i], (struct sockaddr *)&address, sizeof address), 0);
        ck_assert(!is_served(waiting[i]));
    }
    while (count > 0)
        close(fds[--count]);
    for (int i = 0; i < 3; i++)
        close(waiting[i]);

    int fd = connect_raw(here.port);

    ck_assert(is_served(fd));
    close(fd);
    room_close(&here);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("admission of connections");
    TCase *cases = tcase_create("life");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, connections_beyond_the_limit_are_turned_away_until_others_end);
    tcase_add_test(cases, the_listener_outlives_want_of_descriptors);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
