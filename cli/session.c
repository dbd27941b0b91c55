/* login, and password change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "file.h"
#include "smartpass/v1/session.client.h"

static int keep_token(const char *path, const char *token)
{
    if (!path[0]) {
        puts(token);
        return CTL_DONE;
    }
    sp_status st = file_write(path, token, strlen(token), 0600);
    return sp_failed(st) ? ctl_fail(path, st, NULL) : CTL_DONE;
}

int run_login(const ctl *c)
{
    Smartpass__V1__LoginRequest request = SMARTPASS__V1__LOGIN_REQUEST__INIT;
    Smartpass__V1__LoginResponse *reply;
    rpc_answer answer = {0};
    char *password = ctl_read_secret(c->flags->password_file);

    if (!password)
        return CTL_FAILED;
    request.username = (char *)c->flags->username;
    request.password = password;
    sp_status st = session_login(c->client, c->options, &request, &reply, &answer);
    explicit_bzero(password, strlen(password));
    free(password);
    if (sp_failed(st))
        return ctl_fail("login", st, &answer);

    if (reply->session && reply->session->must_change_password)
        fputs("smartpassctl: the password must be changed first (password change)\n", stderr);
    int code = keep_token(c->flags->token_file, reply->token);
    smartpass__v1__login_response__free_unpacked(reply, NULL);
    rpc_answer_done(&answer);
    return code;
}

int run_password_change(const ctl *c)
{
    Smartpass__V1__ChangePasswordRequest request = SMARTPASS__V1__CHANGE_PASSWORD_REQUEST__INIT;
    Smartpass__V1__ChangePasswordResponse *reply;
    rpc_answer answer = {0};
    char *former = ctl_read_secret(c->flags->password_file);
    char *next = former ? ctl_read_secret(c->flags->new_password_file) : NULL;
    sp_status st = {SP_INVALID_ARGUMENT, "PASSWORD_MISSING", "Both passwords are needed."};

    if (next) {
        request.old_password = former;
        request.new_password = next;
        st = session_change_password(c->client, c->options, &request, &reply, &answer);
    }
    free(former);
    free(next);
    if (sp_failed(st))
        return ctl_fail("password change", st, &answer);
    smartpass__v1__change_password_response__free_unpacked(reply, NULL);
    rpc_answer_done(&answer);
    return CTL_DONE;
}
