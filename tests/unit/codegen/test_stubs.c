/* Generated stubs at work: a shop served over a real socket and called through its own client. */
#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shop/v1/shop.client.h"
#include "shop/v1/shop.names.h"
#include "suite.h"

/* ---- the shop ---- */

static sp_status get_article(rpc_call *call, const GetArticleRequest *request, Article *reply)
{
    reply->id = request->id;
    reply->name = arena_printf(rpc_call_arena(call), "%s %d", (const char *)rpc_call_self(call), (int)request->id);
    reply->_stock_case = SHOP__V1__ARTICLE___STOCK_STOCK;
    reply->stock = 0;
    return SP_DONE;
}

static sp_status create_article(rpc_call *call, const CreateArticleRequest *request, Article *reply)
{
    (void)call;
    reply->id = (int64_t)request->article->n_tags;
    return SP_DONE;
}

/* The picture's size is the article's id. */
static sp_status picture_open(shop_upload_picture_stream *stream)
{
    size_t *total = calloc(1, sizeof *total);

    ck_assert_ptr_nonnull(total);
    shop_upload_picture_set_context(stream, total);
    return SP_DONE;
}

static void picture_part(shop_upload_picture_stream *stream, const Google__Api__HttpBody *part)
{
    size_t *total = shop_upload_picture_context(stream);

    *total += part->data.len;
}

static void picture_complete(shop_upload_picture_stream *stream)
{
    const size_t *total = shop_upload_picture_context(stream);
    Article article = ARTICLE_INIT;

    article.id = (int64_t)*total;
    ck_assert_int_eq(shop_upload_picture_write(stream, &article), RPC_WRITTEN);
    shop_upload_picture_finish(stream, SP_DONE);
}

static void picture_done(shop_upload_picture_stream *stream)
{
    free(shop_upload_picture_context(stream));
}

enum { SALES = 5 };

static sp_status sales_open(shop_watch_sales_stream *stream, const WatchSalesRequest *request)
{
    ck_assert_ptr_eq(request->base.descriptor, &shop__v1__watch_sales_request__descriptor);
    for (int64_t i = 0; i < SALES; i++) {
        Sale sale = SALE_INIT;
        int64_t id = i;

        sale.n_article_ids = 1;
        sale.article_ids = &id;
        ck_assert_int_eq(shop_watch_sales_write(stream, &sale), RPC_WRITTEN);
    }
    shop_watch_sales_finish(stream, SP_DONE);
    return SP_DONE;
}

SP_STATUS(TOO_CHEAP, SP_FAILED_PRECONDITION, "Nobody sells for that.");

static sp_status haggle_open(shop_haggle_http_price_stream *stream)
{
    (void)stream;
    return SP_DONE;
}

/* Every offer is answered with twice as much; nothing is refused. */
static void haggle_offer(shop_haggle_http_price_stream *stream, const Offer *offer)
{
    Offer answer = OFFER_INIT;

    if (offer->cents == 0) {
        shop_haggle_http_price_finish(stream, TOO_CHEAP);
        return;
    }
    answer.kind_case = SHOP__V1__OFFER__KIND_CENTS;
    answer.cents = 2 * offer->cents;
    ck_assert_int_eq(shop_haggle_http_price_write(stream, &answer), RPC_WRITTEN);
}

static void haggle_over(shop_haggle_http_price_stream *stream)
{
    shop_haggle_http_price_finish(stream, SP_DONE);
}

static const shop_upload_picture_events picture_events = {
    .open = picture_open,
    .message = picture_part,
    .half_close = picture_complete,
    .done = picture_done,
};
static const shop_watch_sales_events sales_events = {.open = sales_open};
static const shop_haggle_http_price_events haggle_events = {
    .open = haggle_open,
    .message = haggle_offer,
    .half_close = haggle_over,
};
static const shop_service full = {
    .size = sizeof full,
    .get_article = get_article,
    .create_article = create_article,
    .upload_picture = &picture_events,
    .watch_sales = &sales_events,
    .haggle_http_price = &haggle_events,
};

/* As an older caller would give it: the table ends before the streams, whatever lies behind. */
static const shop_service shortened = {
    .size = offsetof(shop_service, upload_picture),
    .get_article = get_article,
    .upload_picture = &picture_events,
    .watch_sales = &sales_events,
    .haggle_http_price = &haggle_events,
};

/* ---- server and client around each test ---- */

static rpc_server *server;
static rpc_client *client;

static void serve(const shop_service *handlers)
{
    static char self[] = "article";
    const rpc_server_options server_options = {.workers = 2};
    const rpc_listener listener = {.address = "127.0.0.1:0"};
    rpc_client_options client_options = {0};
    char target[32];
    int port;

    server = rpc_server_new(&server_options);
    ck_assert_ptr_nonnull(server);
    shop_service_register(server, handlers, self);
    ck_assert(!sp_failed(rpc_server_listen(server, &listener, &port)));
    ck_assert(!sp_failed(rpc_server_start(server)));

    snprintf(target, sizeof target, "127.0.0.1:%d", port);
    client_options.target = target;
    client = rpc_client_new(&client_options);
    ck_assert_ptr_nonnull(client);
}

static void serve_all(void)
{
    serve(&full);
}

static void serve_shortened(void)
{
    serve(&shortened);
}

static void stop(void)
{
    rpc_client_free(client);
    rpc_server_stop(server, 1000);
    rpc_server_free(server);
}

static const rpc_options patient = {.timeout_ms = 10000};

/* ---- tests ---- */

START_TEST(a_unary_call_goes_to_its_handler_and_back)
{
    GetArticleRequest request = GET_ARTICLE_REQUEST_INIT;
    Article *article = NULL;

    request.id = 7;
    ck_assert(!sp_failed(shop_get_article(client, &patient, &request, &article, NULL)));
    ck_assert_str_eq(article->name, "article 7");
    ck_assert_int_eq(article->id, 7);
    ck_assert_int_eq(article->_stock_case, SHOP__V1__ARTICLE___STOCK_STOCK);
    shop__v1__article__free_unpacked(article, NULL);
}
END_TEST

START_TEST(the_contracts_limits_hold)
{
    char *tags[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    Article input = ARTICLE_INIT;
    CreateArticleRequest request = CREATE_ARTICLE_REQUEST_INIT;
    Article *article = NULL;
    uint8_t sha256[32] = {1};
    sp_status status;

    input.name = "pen";
    input.picture_sha256 = (ProtobufCBinaryData){sizeof sha256, sha256};
    input.tags = tags;
    input.n_tags = 8;
    request.article = &input;
    ck_assert(!sp_failed(shop_create_article(client, &patient, &request, &article, NULL)));
    ck_assert_int_eq(article->id, 8);
    shop__v1__article__free_unpacked(article, NULL);

    article = NULL;
    input.n_tags = 9;
    status = shop_create_article(client, &patient, &request, &article, NULL);
    ck_assert_int_eq(status.code, SP_INVALID_ARGUMENT);
    ck_assert_ptr_null(article);
}
END_TEST

START_TEST(a_client_stream_is_answered_once)
{
    shop_upload_picture_client *call = shop_upload_picture_client_open(client, &patient);
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    uint8_t bytes[1000] = {0};
    Article *article = NULL;

    ck_assert_ptr_nonnull(call);
    part.data = (ProtobufCBinaryData){sizeof bytes, bytes};
    for (int i = 0; i < 3; i++)
        ck_assert(shop_upload_picture_client_write(call, &part));
    ck_assert(!sp_failed(shop_upload_picture_client_finish(call, &article, NULL)));
    ck_assert_int_eq(article->id, 3000);
    shop__v1__article__free_unpacked(article, NULL);
}
END_TEST

START_TEST(a_server_stream_is_read_to_its_end)
{
    WatchSalesRequest request = WATCH_SALES_REQUEST_INIT;
    shop_watch_sales_client *call = shop_watch_sales_client_open(client, &patient, &request);
    Sale *sale;
    int count = 0;

    ck_assert_ptr_nonnull(call);
    while ((sale = shop_watch_sales_client_read(call)) != NULL) {
        ck_assert_int_eq(sale->article_ids[0], count);
        count++;
        shop__v1__sale__free_unpacked(sale, NULL);
    }
    ck_assert_int_eq(count, SALES);
    ck_assert(!sp_failed(shop_watch_sales_client_finish(call, NULL)));
}
END_TEST

static void offer_and_get(shop_haggle_http_price_client *call, int64_t cents, int64_t expected)
{
    Offer offer = OFFER_INIT;
    Offer *answer;

    offer.kind_case = SHOP__V1__OFFER__KIND_CENTS;
    offer.cents = cents;
    ck_assert(shop_haggle_http_price_client_write(call, &offer));
    answer = shop_haggle_http_price_client_read(call);
    ck_assert_ptr_nonnull(answer);
    ck_assert_int_eq(answer->cents, expected);
    shop__v1__offer__free_unpacked(answer, NULL);
}

START_TEST(a_stream_both_ways_talks_by_turns)
{
    shop_haggle_http_price_client *call = shop_haggle_http_price_client_open(client, &patient);

    ck_assert_ptr_nonnull(call);
    offer_and_get(call, 5, 10);
    offer_and_get(call, 10, 20);
    shop_haggle_http_price_client_half_close(call);
    ck_assert_ptr_null(shop_haggle_http_price_client_read(call));
    ck_assert(!sp_failed(shop_haggle_http_price_client_finish(call, NULL)));
}
END_TEST

START_TEST(a_stream_that_the_server_ends_says_why)
{
    shop_haggle_http_price_client *call = shop_haggle_http_price_client_open(client, &patient);
    Offer offer = OFFER_INIT;
    rpc_answer answer;
    sp_status status;

    ck_assert_ptr_nonnull(call);
    offer.kind_case = SHOP__V1__OFFER__KIND_CENTS;
    ck_assert(shop_haggle_http_price_client_write(call, &offer));
    ck_assert_ptr_null(shop_haggle_http_price_client_read(call));
    status = shop_haggle_http_price_client_finish(call, &answer);
    ck_assert_int_eq(status.code, SP_FAILED_PRECONDITION);
    ck_assert_str_eq(answer.reason, "TOO_CHEAP");
    rpc_answer_done(&answer);
}
END_TEST

START_TEST(a_null_slot_is_unimplemented)
{
    SignUpRequest request = SIGN_UP_REQUEST_INIT;
    SignUpResponse *reply = NULL;

    ck_assert_int_eq(shop_sign_up(client, &patient, &request, &reply, NULL).code, SP_UNIMPLEMENTED);
    ck_assert_ptr_null(reply);
}
END_TEST

START_TEST(what_lies_behind_a_short_table_is_unimplemented)
{
    GetArticleRequest get = GET_ARTICLE_REQUEST_INIT;
    WatchSalesRequest watch = WATCH_SALES_REQUEST_INIT;
    shop_watch_sales_client *call;
    Article *article = NULL;

    ck_assert(!sp_failed(shop_get_article(client, &patient, &get, &article, NULL)));
    shop__v1__article__free_unpacked(article, NULL);

    call = shop_watch_sales_client_open(client, &patient, &watch);
    ck_assert_ptr_nonnull(call);
    ck_assert_ptr_null(shop_watch_sales_client_read(call));
    ck_assert_int_eq(shop_watch_sales_client_finish(call, NULL).code, SP_UNIMPLEMENTED);
}
END_TEST

/* ---- calls that do not block ---- */

/* What events came to; they are of the client's thread. */
typedef struct {
    atomic_int messages;
    atomic_llong sum;
    atomic_int code; /* -1 until done */
} outcome;

static void await(outcome *o)
{
    for (int i = 0; i < 1000 && atomic_load(&o->code) < 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    ck_assert_int_ge(o->code, 0);
}

static void got_article(shop_get_article_async *call, const Article *reply, const rpc_answer *answer)
{
    outcome *o = shop_get_article_async_context(call);

    o->sum = reply != NULL ? reply->id : -1;
    o->code = (int)answer->status.code;
}

static void got_picture(shop_upload_picture_async *call, const Article *reply, const rpc_answer *answer)
{
    outcome *o = shop_upload_picture_async_context(call);

    o->sum = reply != NULL ? reply->id : -1;
    o->code = (int)answer->status.code;
}

static void got_sale(shop_watch_sales_async *call, const Sale *message)
{
    outcome *o = shop_watch_sales_async_context(call);

    o->messages++;
    o->sum += message->article_ids[0];
}

static void sales_over(shop_watch_sales_async *call, const rpc_answer *answer)
{
    ((outcome *)shop_watch_sales_async_context(call))->code = (int)answer->status.code;
}

/* Doubles until it is dear enough. */
static void got_offer(shop_haggle_http_price_async *call, const Offer *message)
{
    outcome *o = shop_haggle_http_price_async_context(call);
    Offer next = OFFER_INIT;

    o->messages++;
    o->sum = message->cents;
    next.kind_case = SHOP__V1__OFFER__KIND_CENTS;
    next.cents = message->cents;
    if (message->cents < 1000)
        ck_assert_int_eq(shop_haggle_http_price_async_write(call, &next), RPC_WRITTEN);
    else
        shop_haggle_http_price_async_half_close(call);
}

static void haggled(shop_haggle_http_price_async *call, const rpc_answer *answer)
{
    ((outcome *)shop_haggle_http_price_async_context(call))->code = (int)answer->status.code;
}

START_TEST(all_four_kinds_work_without_blocking)
{
    static const shop_get_article_async_events article = {.done = got_article};
    static const shop_upload_picture_async_events picture = {.done = got_picture};
    static const shop_watch_sales_async_events sales = {.message = got_sale, .done = sales_over};
    static const shop_haggle_http_price_async_events haggle = {.message = got_offer, .done = haggled};
    outcome one = {.code = -1}, two = {.code = -1}, three = {.code = -1}, four = {.code = -1};
    GetArticleRequest get = GET_ARTICLE_REQUEST_INIT;
    WatchSalesRequest watch = WATCH_SALES_REQUEST_INIT;
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    Offer first = OFFER_INIT;

    get.id = 77;
    first.kind_case = SHOP__V1__OFFER__KIND_CENTS;
    first.cents = 1;
    part.data = (ProtobufCBinaryData){5, (uint8_t *)"bytes"};

    shop_get_article_async *a = shop_get_article_async_start(client, &patient, &get, &article, &one);
    shop_upload_picture_async *b = shop_upload_picture_async_start(client, &patient, &picture, &two);
    shop_watch_sales_async *c = shop_watch_sales_async_start(client, &patient, &watch, &sales, &three);
    shop_haggle_http_price_async *d = shop_haggle_http_price_async_start(client, &patient, &haggle, &four);

    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(shop_upload_picture_async_write(b, &part), RPC_WRITTEN);
    shop_upload_picture_async_half_close(b);
    ck_assert_int_eq(shop_upload_picture_async_write(b, &part), RPC_CLOSED);
    ck_assert_int_eq(shop_haggle_http_price_async_write(d, &first), RPC_WRITTEN);
    await(&one);
    await(&two);
    await(&three);
    await(&four);
    shop_get_article_async_release(a);
    shop_upload_picture_async_release(b);
    shop_watch_sales_async_release(c);
    shop_haggle_http_price_async_release(d);

    ck_assert_int_eq(one.code + two.code + three.code + four.code, SP_OK);
    ck_assert_int_eq(one.sum, 77);
    ck_assert_int_eq(two.sum, 15);
    ck_assert_int_eq(three.messages, SALES);
    ck_assert_int_eq(three.sum, 10);
    ck_assert_int_eq(four.messages, 10);
    ck_assert_int_eq(four.sum, 1024);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stubs");
    TCase *open = tcase_create("the whole shop");
    TCase *partly = tcase_create("part of the shop");

    tcase_set_timeout(open, 60);
    tcase_add_checked_fixture(open, serve_all, stop);
    tcase_add_test(open, a_unary_call_goes_to_its_handler_and_back);
    tcase_add_test(open, the_contracts_limits_hold);
    tcase_add_test(open, a_client_stream_is_answered_once);
    tcase_add_test(open, a_server_stream_is_read_to_its_end);
    tcase_add_test(open, a_stream_both_ways_talks_by_turns);
    tcase_add_test(open, a_stream_that_the_server_ends_says_why);
    tcase_add_test(open, a_null_slot_is_unimplemented);
    tcase_add_test(open, all_four_kinds_work_without_blocking);
    suite_add_tcase(suite, open);

    tcase_set_timeout(partly, 60);
    tcase_add_checked_fixture(partly, serve_shortened, stop);
    tcase_add_test(partly, what_lies_behind_a_short_table_is_unimplemented);
    suite_add_tcase(suite, partly);
    return suite_run(suite);
}
