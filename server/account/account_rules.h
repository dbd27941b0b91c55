/* What may be written about the own account. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "smartpass/v1/account.pb-c.h"

/* What is wrong with a value; reason NULL: nothing. */
typedef struct {
    char field[64]; /* below the message that was looked at: "lists[2].columns" */
    const char *reason;
    const char *sentence;
} account_fault;

account_fault preferences_fault(const Smartpass__V1__Preferences *preferences);

/* What an authenticator app takes as a picture: "otpauth://totp/…". NULL when memory is out. */
char *totp_uri(arena *a, const char *username, const char *secret);

account_fault token_expiry_fault(int64_t expires_ms, int64_t now_ms);
