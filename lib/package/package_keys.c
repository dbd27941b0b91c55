#include "package_keys.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto_status.h"
#include "file.h"

enum { PEM_MAX = 4096 };

typedef struct {
    char name[PACKAGE_KEY_NAME_MAX + 1];
    EVP_PKEY *key;
} trusted_key;

struct package_keys {
    size_t count;
    trusted_key keys[PACKAGE_KEYS_MAX];
};

/* Without it OpenSSL would ask for the passphrase of an encrypted key. */
static int no_passphrase(char *buffer, int size, int writing, void *self)
{
    (void)buffer, (void)size, (void)writing, (void)self;
    return -1;
}

/* An Ed25519 key out of PEM, or NULL. */
static EVP_PKEY *read_key(const char *pem, bool private)
{
    size_t n = strnlen(pem, PEM_MAX + 1);
    BIO *text = n <= PEM_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
    EVP_PKEY *key = NULL;

    if (text && private)
        key = PEM_read_bio_PrivateKey(text, NULL, no_passphrase, NULL);
    else if (text)
        key = PEM_read_bio_PUBKEY(text, NULL, no_passphrase, NULL);
    BIO_free(text);
    ERR_clear_error();
    if (key && EVP_PKEY_id(key) != EVP_PKEY_ED25519) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

/* ---- The trusted ones ---- */

/* The length of the name before ".pem"; 0: the file holds no key. */
static size_t stem_of(const char *file)
{
    size_t n = strlen(file);

    return file[0] != '.' && n > 4 && strcmp(file + n - 4, ".pem") == 0 ? n - 4 : 0;
}

static bool add_key(package_keys *keys, const char *folder, const char *file, size_t stem)
{
    char path[1024];
    char *pem;
    EVP_PKEY *key;

    if (keys->count == PACKAGE_KEYS_MAX || stem > PACKAGE_KEY_NAME_MAX ||
        (size_t)snprintf(path, sizeof path, "%s/%s", folder, file) >= sizeof path ||
        sp_failed(file_read(path, PEM_MAX, &pem, NULL)))
        return false;
    key = read_key(pem, false);
    free(pem);
    if (!key)
        return false;
    memcpy(keys->keys[keys->count].name, file, stem);
    keys->keys[keys->count++].key = key;
    return true;
}

package_keys *package_keys_load(const char *path, size_t *ret_unusable)
{
    package_keys *keys = calloc(1, sizeof *keys);
    DIR *folder;

    *ret_unusable = 0;
    if (!keys || !(folder = opendir(path)))
        return keys;
    for (const struct dirent *e; (e = readdir(folder)) != NULL;) {
        size_t stem = stem_of(e->d_name);

        if (stem > 0 && !add_key(keys, path, e->d_name, stem))
            ++*ret_unusable;
    }
    closedir(folder);
    return keys;
}

void package_keys_free(package_keys *keys)
{
    if (!keys)
        return;
    for (size_t i = 0; i < keys->count; i++)
        EVP_PKEY_free(keys->keys[i].key);
    free(keys);
}

size_t package_keys_count(const package_keys *keys)
{
    return keys->count;
}

static bool made_by(EVP_PKEY *key, const uint8_t *bytes, size_t size, const uint8_t *signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fits = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, signature, PACKAGE_SIGNATURE_SIZE, bytes, size) == 1;

    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return fits;
}

const char *package_keys_verify(const package_keys *keys, const uint8_t *bytes, size_t size,
                                const uint8_t signature[PACKAGE_SIGNATURE_SIZE])
{
    for (size_t i = 0; i < keys->count; i++)
        if (made_by(keys->keys[i].key, bytes, size, signature))
            return keys->keys[i].name;
    return NULL;
}

/* ---- The secret ones ---- */

/* Takes the BIO. */
static char *take_text(BIO *bio, bool written)
{
    char *bytes;
    long n = written ? BIO_get_mem_data(bio, &bytes) : 0;
    char *text = n > 0 ? strndup(bytes, (size_t)n) : NULL;

    BIO_free(bio);
    return text;
}

static char *private_text(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());

    return take_text(bio, bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
}

static char *public_text(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return take_text(bio, bio && PEM_write_bio_PUBKEY(bio, key) == 1);
}

sp_status package_key_new(char **ret_private_pem, char **ret_public_pem)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    char *secret = key ? private_text(key) : NULL;
    char *known = key ? public_text(key) : NULL;

    EVP_PKEY_free(key);
    ERR_clear_error();
    if (!secret || !known) {
        if (secret)
            explicit_bzero(secret, strlen(secret));
        free(secret);
        free(known);
        return CRYPTO_FAILED;
    }
    *ret_private_pem = secret;
    *ret_public_pem = known;
    return SP_DONE;
}

sp_status package_key_sign(const char *private_pem, const uint8_t *bytes, size_t size,
                           uint8_t ret_signature[PACKAGE_SIGNATURE_SIZE])
{
    EVP_PKEY *key = read_key(private_pem, true);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t n = PACKAGE_SIGNATURE_SIZE;
    bool made = key && context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestSign(context, ret_signature, &n, bytes, size) == 1 && n == PACKAGE_SIGNATURE_SIZE;
    sp_status status = made ? SP_DONE : key ? CRYPTO_FAILED : PACKAGE_KEY_UNUSABLE;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return status;
}
