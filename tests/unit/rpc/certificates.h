/* Certificates for tests, made on the spot: an authority, what it signs, and what nobody signed. */
#pragma once

typedef struct {
    char *cert_pem;
    char *key_pem;
} certificate;

/* Self-signed when issuer is NULL. Valid from now + from_days to now + to_days; expired when both are negative. */
certificate certificate_make(const char *name, const certificate *issuer, int from_days, int to_days);
void certificate_drop(certificate *c);
