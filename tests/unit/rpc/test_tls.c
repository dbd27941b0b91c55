#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certificates.h"
#include "room.h"

static rpc_server *server;
static char target[64];
static certificate authority;
static certificate identity;

static void open_with(bool ask_client_cert)
{
    int port;

    authority = certificate_make("Test authority", NULL, -1, 10);
    identity = certificate_make("server", &authority, -1, 10);

    const rpc_listener listener = {
        .address = "127.0.0.1:0",
        .cert_pem = identity.cert_pem,
        .key_pem = identity.key_pem,
        .ask_client_cert = ask_client_cert,
    };

    server = room_server(NULL);
    ck_assert_int_eq(rpc_server_listen(server, &listener, &port).code, SP_OK);
    ck_assert_int_eq(rpc_server_start(server).code, SP_OK);
    snprintf(target, sizeof target, "localhost:%d", port);
}

static void open_asking(void)
{
    open_with(true);
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
    open_with(false);

    certificate own = certificate_make("terminal", &authority, -1, 10);

    check_seen_certificate(&own, "(none)");
    certificate_drop(&own);
    close_all();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("TLS");
    TCase *asking = tcase_create("asking");
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
    tcase_set_timeout(silent, 60);
    tcase_add_test(silent, a_listener_that_does_not_ask_sees_nothing);
    suite_add_tcase(suite, silent);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);

    int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
