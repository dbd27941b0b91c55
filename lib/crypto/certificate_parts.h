/* Between the files that read and judge certificates; nobody outside this library includes it. */
#pragma once

#include "certificate.h"
#include "x509_parts.h"

/* False when a part of it cannot be shown truthfully: an endless serial number, a name with a NUL or twice. */
bool certificate_read_facts(X509 *certificate, certificate_facts *ret_facts);
