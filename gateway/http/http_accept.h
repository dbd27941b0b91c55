/* What Accept and Accept-Encoding prefer (RFC 9110, 12.4.2 and 12.5). No sockets, no memory. */
#pragma once

/* The weight, in thousandths, that a header gives to a media type such as "text/event-stream": the most specific range
 * that fits it decides. 0: it is refused or not mentioned; a header that is NULL refuses nothing and gives 1000. */
unsigned http_accept_type(const char *header, const char *type);

/* The same for a content coding such as "gzip"; "*" fits what is not mentioned. NULL gives 0: nothing was asked for. */
unsigned http_accept_coding(const char *header, const char *coding);
