#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certificates.h"
#include "room.h"
#include "suite.h"

static rpc_server *server;
static char target[64];
static certificate authority;
static certificate identity;

static void open_listener(bool ask, bool require, bool name_authority)
{
    int port;

    authority = certificate_make("Test authority", NULL, -1, 10);
    identity = certificate_make("server", &authority, -1, 10);

    const rpc_listener listener = {
        .address = "127.0.0.1:0",
        .cert_pem = identity.cert_pem,
        .key_pem = identity.key_pem,
        .ask_client_cert = ask,
        .require_client_cert = require,
        .client_ca_pem = name_authority ? authority.cert_pem : NULL,
    };

    server = room_server(NULL);
    ck_assert_int_eq(rpc_server_listen(server, &listener, &port).code, SP_OK);
    ck_assert_int_eq(rpc_server_start(server).code, SP_OK);
    snprintf(target, sizeof target, "localhost:%d", port);
}

static void open_asking(void)
{
    open_listener(true, false, false);
}

static void close_all(void)
{
    rpc_server_free(server);
    certificate_drop(&authority);
    certificate_drop(&identity);
}

static rpc_client *client_with(const certificate *own)
{
    const rpc_client_options options = {
        .target = target,
        .tls = true,
        .ca_pem = authority.cert_pem,
        .cert_pem = own != NULL ? own->cert_pem : NULL,
        .key_pem = own != NULL ? own->key_pem : NULL,
    };
    rpc_client *client = rpc_client_new(&options);

    ck_assert_ptr_nonnull(client);
    return client;
}

/* What the handler sees of the client's certificate, more than once over one connection. */
static void check_seen_certificate(const certificate *own, const char *expected)
{
    rpc_client *client = client_with(own);

    for (int i = 0; i < 2; i++) {
        char *text = NULL;

        ck_assert_int_eq(room_play(client, "certificate", 0, NULL, &text, NULL).code, SP_OK);
        ck_assert_str_eq(text, expected);
        free(text);
    }
    rpc_client_free(client);
}

START_TEST(a_client_without_a_certificate_is_served)
{
    check_seen_certificate(NULL, "(none)");
}
END_TEST

START_TEST(a_certificate_of_our_authority_is_shown)
{
    certificate own = certificate_make("terminal", &authority, -1, 10);

    check_seen_certificate(&own, own.cert_pem);
    certificate_drop(&own);
}
END_TEST

START_TEST(an_expired_certificate_is_shown_not_judged)
{
    certificate own = certificate_make("terminal", &authority, -100, -10);

    check_seen_certificate(&own, own.cert_pem);
    certificate_drop(&own);
}
END_TEST

START_TEST(a_foreign_certificate_is_shown_not_judged)
{
    certificate stranger = certificate_make("Somebody else", NULL, -1, 10);
    certificate own = certificate_make("terminal", &stranger, -1, 10);

    check_seen_certificate(&own, own.cert_pem);
    check_seen_certificate(&stranger, stranger.cert_pem);
    certificate_drop(&own);
    certificate_drop(&stranger);
}
END_TEST

START_TEST(a_client_refuses_a_key_of_another_certificate)
{
    certificate own = certificate_make("terminal", &authority, -1, 10);
    certificate other = certificate_make("terminal", &authority, -1, 10);
    certificate mixed = {own.cert_pem, other.key_pem};
    rpc_client *client = client_with(&mixed);

    ck_assert_int_eq(room_play(client, "certificate", 0, NULL, NULL, NULL).code, SP_UNAVAILABLE);
    rpc_client_free(client);
    certificate_drop(&own);
    certificate_drop(&other);
}
END_TEST

START_TEST(a_client_refuses_a_server_it_does_not_trust)
{
    certificate stranger = certificate_make("Somebody else", NULL, -1, 10);
    rpc_client_options options = {.target = target, .tls = true, .ca_pem = stranger.cert_pem};
    rpc_client *client = rpc_client_new(&options);

    ck_assert_int_eq(room_play(client, "peer", 0, NULL, NULL, NULL).code, SP_UNAVAILABLE);
    rpc_client_free(client);

    options.ca_pem = authority.cert_pem;
    options.server_name = "elsewhere.test";
    client = rpc_client_new(&options);
    ck_assert_int_eq(room_play(client, "peer", 0, NULL, NULL, NULL).code, SP_UNAVAILABLE);
    rpc_client_free(client);

    options.server_name = "smartpass.test";
    client = rpc_client_new(&options);
    ck_assert_int_eq(room_play(client, "peer", 0, NULL, NULL, NULL).code, SP_OK);
    rpc_client_free(client);
    certificate_drop(&stranger);
}
END_TEST

/* openssl's own client, bound to one version; tells whether the handshake came through. */
static bool handshake(const char *version, const certificate *own)
{
    char cert_path[] = "/tmp/rpc-tls-XXXXXX";
    char command[512];
    int fd = mkstemp(cert_path);

    ck_assert_int_ge(fd, 0);
    dprintf(fd, "%s%s", own->cert_pem, own->key_pem);
    close(fd);
    snprintf(command, sizeof command,
             "openssl s_client -connect %s %s -alpn h2 -cert %s -key %s -cipher DEFAULT:@SECLEVEL=0 </dev/null 2>&1 | "
             "grep -q 'ALPN protocol: h2'",
             target, version, cert_path, cert_path);

    int outcome = system(command);

    unlink(cert_path);
    return outcome == 0;
}

START_TEST(versions_before_1_2_are_refused)
{
    certificate own = certificate_make("terminal", &authority, -100, -10);

    ck_assert(handshake("-tls1_3", &own));
    ck_assert(handshake("-tls1_2", &own));
    ck_assert(!handshake("-tls1_1", &own));
    ck_assert(!handshake("-tls1", &own));
    certificate_drop(&own);
}
END_TEST

START_TEST(a_listener_that_does_not_ask_sees_nothing)
{
    open_listener(false, false, false);

    certificate own = certificate_make("terminal", &authority, -1, 10);

    check_seen_certificate(&own, "(none)");
    certificate_drop(&own);
    close_all();
}
END_TEST

/* Whether a client that trusts this authority alone is served. */
static sp_code code_trusting(const certificate *trusted)
{
    rpc_client *client =
        rpc_client_new(&(rpc_client_options){.target = target, .tls = true, .ca_pem = trusted->cert_pem});
    sp_code code = room_play(client, "left", 0, NULL, NULL, NULL).code;

    rpc_client_free(client);
    return code;
}

START_TEST(a_renewed_certificate_is_shown_to_new_connections)
{
    certificate other = certificate_make("Another authority", NULL, -1, 10);
    certificate renewed = certificate_make("server", &other, -1, 10);
    rpc_client *before = client_with(NULL);

    ck_assert_int_eq(room_play(before, "left", 0, NULL, NULL, NULL).code, SP_OK);
    ck_assert_int_eq(code_trusting(&other), SP_UNAVAILABLE);
    ck_assert_int_eq(rpc_server_renew_certificate(server, 0, renewed.cert_pem, renewed.key_pem).code, SP_OK);
    ck_assert_int_eq(code_trusting(&other), SP_OK);
    ck_assert_int_eq(code_trusting(&authority), SP_UNAVAILABLE);
    ck_assert_int_eq(room_play(before, "left", 0, NULL, NULL, NULL).code, SP_OK); /* over its old connection */
    rpc_client_free(before);
    certificate_drop(&other);
    certificate_drop(&renewed);
}
END_TEST

START_TEST(a_useless_renewal_changes_nothing)
{
    certificate other = certificate_make("server", &authority, -1, 10);

    ck_assert_str_eq(rpc_server_renew_certificate(server, 0, "no certificate", "no key").reason,
                     "CERTIFICATE_UNUSABLE");
    ck_assert_str_eq(rpc_server_renew_certificate(server, 0, other.cert_pem, identity.key_pem).reason,
                     "CERTIFICATE_UNUSABLE");
    ck_assert_str_eq(rpc_server_renew_certificate(server, 5, other.cert_pem, other.key_pem).reason, "LISTENER_UNKNOWN");
    ck_assert_int_eq(code_trusting(&authority), SP_OK);
    certificate_drop(&other);
}
END_TEST

static void open_naming(void)
{
    open_listener(true, false, true);
}

static void open_judging(void)
{
    open_listener(true, true, true);
}

START_TEST(a_listener_with_authorities_takes_only_their_certificates)
{
    certificate stranger = certificate_make("Somebody else", NULL, -1, 10);
    certificate foreign = certificate_make("terminal", &stranger, -1, 10);
    certificate expired = certificate_make("terminal", &authority, -100, -10);
    certificate own = certificate_make("terminal", &authority, -1, 10);
    const certificate *const refused[] = {NULL, &foreign, &expired};

    check_seen_certificate(&own, own.cert_pem);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        rpc_client *client = client_with(refused[i]);

        ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_UNAVAILABLE);
        rpc_client_free(client);
    }
    ck_assert_int_eq(seen.played, 2);
    certificate_drop(&stranger);
    certificate_drop(&foreign);
    certificate_drop(&expired);
    certificate_drop(&own);
}
END_TEST

/* Each test is a process of its own, whose descriptors may run out. */
START_TEST(a_listener_outlives_want_of_descriptors)
{
    struct rlimit limit = {96, 96};
    int fds[96];
    int count = 0;
    int strangers[3];
    struct sockaddr_in address = {.sin_family = AF_INET};
    rpc_client *client;

    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    open_asking();
    client = client_with(NULL);
    address.sin_port = htons((uint16_t)atoi(strrchr(target, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 3; i++)
        strangers[i] = socket(AF_INET, SOCK_STREAM, 0);
    while ((fds[count] = open("/dev/null", O_RDONLY)) >= 0)
        count++;
    for (int i = 0; i < 3; i++) {
        char byte;

        ck_assert_int_eq(connect(strangers[i], (struct sockaddr *)&address, sizeof address), 0);
        ck_assert_int_le(recv(strangers[i], &byte, 1, 0), 0); /* the end, before any handshake */
    }
    while (count > 0)
        close(fds[--count]);
    for (int i = 0; i < 3; i++)
        close(strangers[i]);
    ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);
    rpc_client_free(client);
    close_all();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("TLS");
    TCase *asking = tcase_create("asking");
    TCase *naming = tcase_create("naming its authority");
    TCase *judging = tcase_create("judging");
    TCase *silent = tcase_create("silent");

    tcase_add_checked_fixture(asking, open_asking, close_all);
    tcase_set_timeout(asking, 60);
    tcase_add_test(asking, a_client_without_a_certificate_is_served);
    tcase_add_test(asking, a_certificate_of_our_authority_is_shown);
    tcase_add_test(asking, an_expired_certificate_is_shown_not_judged);
    tcase_add_test(asking, a_foreign_certificate_is_shown_not_judged);
    tcase_add_test(asking, a_client_refuses_a_key_of_another_certificate);
    tcase_add_test(asking, a_client_refuses_a_server_it_does_not_trust);
    tcase_add_test(asking, versions_before_1_2_are_refused);
    suite_add_tcase(suite, asking);
    tcase_add_checked_fixture(naming, open_naming, close_all);
    tcase_set_timeout(naming, 60);
    tcase_add_test(naming, an_expired_certificate_is_shown_not_judged);
    tcase_add_test(naming, a_renewed_certificate_is_shown_to_new_connections);
    tcase_add_test(naming, a_useless_renewal_changes_nothing);
    suite_add_tcase(suite, naming);
    tcase_add_checked_fixture(judging, open_judging, close_all);
    tcase_set_timeout(judging, 60);
    tcase_add_test(judging, a_listener_with_authorities_takes_only_their_certificates);
    suite_add_tcase(suite, judging);
    tcase_set_timeout(silent, 60);
    tcase_add_test(silent, a_listener_that_does_not_ask_sees_nothing);
    tcase_add_test(silent, a_listener_outlives_want_of_descriptors);
    suite_add_tcase(suite, silent);
    return suite_run(suite);
}
