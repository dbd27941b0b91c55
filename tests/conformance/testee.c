/* What the protobuf conformance runner talks to: answers one request after the other until the runner closes the pipe.
 */
#include <stdio.h>
#include <stdlib.h>

#include "conversion.h"
#include "frames.h"
#include "testee_contract.h"

enum { MESSAGE_MAX = 64 << 20 };

static bool answer_all(const descriptor_pool *pool)
{
    byte_buffer request, answer;
    bool fine = true;

    byte_buffer_init(&request, MESSAGE_MAX);
    byte_buffer_init(&answer, MESSAGE_MAX);
    while (fine && frame_read(&request)) {
        answer.size = 0;
        fine = conversion_answer(pool, request.data, request.size, &answer) && frame_write(&answer);
    }
    byte_buffer_done(&request);
    byte_buffer_done(&answer);
    return fine;
}

int main(void)
{
    const char *fault;
    descriptor_pool *pool = descriptor_pool_new(testee_contract, testee_contract_size, &fault);
    bool fine;

    if (!pool) {
        fprintf(stderr, "conformance_testee: %s\n", fault);
        return EXIT_FAILURE;
    }
    fine = answer_all(pool);
    descriptor_pool_free(pool);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
