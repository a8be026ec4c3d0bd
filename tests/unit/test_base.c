/* Status lines, arenas, digests, traces and the thread pool. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/arena.h"
#include "engine/base/digest.h"
#include "engine/base/grow.h"
#include "engine/base/param.h"
#include "engine/base/pool.h"
#include "engine/base/status.h"
#include "engine/base/trace.h"

static void test_status(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  assert_int_equal(syn_fail(&ctx, SYN_EINPUT, "%s:%d: two\nlines", "file", 7), SYN_EINPUT);
  assert_string_equal(ctx.error, "file:7: two lines");
  assert_int_equal(syn_fail(NULL, SYN_EIO, "nobody listens"), SYN_EIO);
  syn_fail(&ctx, SYN_EINPUT, "run 3: %s", ctx.error); /* its own line as an argument */
  assert_string_equal(ctx.error, "run 3: file:7: two lines");
  assert_int_equal(syn_fail(&ctx, SYN_EIO, "\na\r\nb\n"), SYN_EIO);
  assert_string_equal(ctx.error, " a? b ");
  assert_int_equal(syn_fail_memory(&ctx, "images"), SYN_ENOMEM);
  assert_string_equal(ctx.error, "not enough memory for images");
  char text[3 * SYN_ERROR_SIZE];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  syn_fail(&ctx, SYN_EINPUT, "%s", text);
  assert_int_equal(strlen(ctx.error), SYN_ERROR_SIZE - 1);
}

static void test_param(void **state) {
  (void)state;
  static const char *const colours[] = {"red", "green", NULL};
  static const syn_param params[] = {
      {SYN_INTEGER("steps", "steps", 2, 0, 9007199254740992.0, "d")},
      {SYN_NUMBER("gain", "", 1, 0.5, HUGE_VAL, "d")},
      {SYN_NUMBER("any", "nats", 1, -HUGE_VAL, HUGE_VAL, "d")},
      {SYN_CHOICE("colour", "green", colours, "d")},
      {.name = "net", .unit = "units", .doc = "d", .kind = SYN_PARAM_LIST, .lo = 1, .hi = 9},
      {.name = NULL},
  };
  static const double list[] = {3, 10};
  static const struct {
    syn_arg given;
    const char *error;
  } cases[] = {
      {{.name = "steps", .number = 9007199254740992.0}, NULL},
      {{.name = "steps", .number = 9007199254740994.0},
       "x: steps = 9007199254740994; it must be a whole number from 0 to 9.007199255e+15 steps"},
      {{.name = "steps", .number = 1.5},
       "x: steps = 1.5; it must be a whole number from 0 to 9.007199255e+15 steps"},
      {{.name = "gain", .number = 0.1}, "x: gain = 0.1; it must be a number of at least 0.5"},
      {{.name = "gain", .number = HUGE_VAL}, "x: gain = inf; it must be a number of at least 0.5"},
      {{.name = "any", .number = -1e300}, NULL},
      {{.name = "any", .number = NAN}, "x: any = nan; it must be a number of nats"},
      {{.name = "colour", .number = 1}, "x: colour must be a text, but is a number"},
      {{.name = "colour", .kind = SYN_ARG_TEXT, .text = "red"}, NULL},
      {{.name = "colour", .kind = SYN_ARG_TEXT, .text = "gren"},
       "x: colour has no choice 'gren'; did you mean 'green'? Known are red, green"},
      {{.name = "net", .kind = SYN_ARG_LIST, .list = list, .n = 1}, NULL},
      {{.name = "net", .kind = SYN_ARG_LIST, .list = list, .n = 2},
       "x: net = 10; it must be a whole number from 1 to 9 units"},
  };
  syn_value value;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    syn_ctx ctx = {0};
    const syn_param *p = syn_param_find(params, cases[i].given.name);
    syn_status status = syn_param_take(&value, p, &cases[i].given, "x: ", &ctx);
    assert_int_equal(status, cases[i].error ? SYN_EINVAL : SYN_OK);
    assert_string_equal(ctx.error, cases[i].error ? cases[i].error : "");
  }
  assert_null(syn_param_find(params, "stps"));
  assert_int_equal(syn_param_default(&value, &params[3], "", NULL), SYN_OK);
  assert_true(value.number == 1 && strcmp(value.text, "green") == 0);
}

static void test_nearest(void **state) {
  (void)state;
  static const char *const names[] = {"rate", "rate_switch", "iterations", "points", NULL};
  assert_string_equal(syn_nearest("iteration", names), "iterations");
  assert_string_equal(syn_nearest("rates", names), "rate");
  assert_string_equal(syn_nearest("ratte_swich", names), "rate_switch");
  assert_null(syn_nearest("temperature", names));
  assert_string_equal(syn_nearest("ba", (const char *const[]){"ab", NULL}), "ab"); /* one swap */
  assert_null(syn_nearest("", names));
  assert_null(syn_nearest("rate", (const char *const[]){NULL}));
  static const char *const alike[] = {"net", "nets", NULL};
  assert_ptr_equal(syn_nearest("nett", alike), alike[0]); /* of equals the first */
  assert_ptr_equal(syn_nearest("nets", alike), alike[1]);
}

/* Elements that are put in one by one all stay, and are moved few times. */
static void test_grow(void **state) {
  (void)state;
  uint32_t *list = NULL, *before = NULL;
  size_t room = 0, moves = 0;
  for (size_t n = 0; n < 100000; n++, before = list) {
    assert_true(syn_grow(&list, &room, n + 1, sizeof *list));
    assert_true(room > n);
    list[n] = (uint32_t)n;
    moves += list != before;
  }
  for (size_t n = 0; n < 100000; n++)
    assert_int_equal(list[n], n);
  assert_true(moves < 30);
  before = list;
  size_t had = room;
  assert_true(syn_grow(&list, &room, 0, sizeof *list)); /* there is room */
  assert_false(syn_grow(&list, &room, SIZE_MAX, sizeof *list));
  assert_false(syn_grow(&list, &room, SIZE_MAX / sizeof *list, sizeof *list));
  assert_ptr_equal(list, before);
  assert_int_equal(room, had);
  assert_int_equal(list[99999], 99999);
  free(list);
}

static void test_arena(void **state) {
  (void)state;
  syn_arena arena = {0};
  for (size_t n = 0; n < 300; n += 7) {
    unsigned char *p = syn_arena_take(&arena, n, 3);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % 64, 0);
    for (size_t i = 0; i < 3 * n; i++)
      assert_int_equal(p[i], 0);
    memset(p, 255, 3 * n);
  }
  assert_string_equal(syn_arena_string(&arena, "copied"), "copied");
  assert_null(syn_arena_take(&arena, SIZE_MAX / 2, 3));
  assert_null(syn_arena_take(&arena, 1, SIZE_MAX - 8));
  syn_arena_close(&arena);
  assert_null(arena.blocks);
  assert_int_equal(arena.bytes, 0);
  assert_non_null(syn_arena_take(&arena, 1, 65)); /* may be used again */
  assert_int_equal(arena.bytes, 128);
  syn_arena_close(&arena);
  syn_arena_close(&arena); /* empty */
}

/* FIPS 180-2, appendix B, and the digest of nothing. */
static void test_digest(void **state) {
  (void)state;
  char digest[SYN_DIGEST_SIZE];
  syn_digest_bytes(digest, "", 0);
  assert_string_equal(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  syn_digest_bytes(digest, "abc", 3);
  assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  syn_digest_bytes(digest, two_blocks, strlen(two_blocks));
  assert_string_equal(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  char *million = malloc(1000000);
  assert_non_null(million);
  memset(million, 'a', 1000000);
  syn_digest_bytes(digest, million, 1000000);
  assert_string_equal(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  char path[] = "/tmp/synlab_digest_XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, million, 1000000), 1000000);
  close(file);
  free(million);
  char again[SYN_DIGEST_SIZE];
  syn_ctx ctx = {0};
  syn_status status = syn_digest_file(again, path, &ctx);
  unlink(path);
  assert_int_equal(status, SYN_OK);
  assert_string_equal(again, digest);
  assert_int_equal(syn_digest_file(digest, "/", &ctx), SYN_EIO); /* opens, but does not read */
  assert_int_equal(syn_digest_file(digest, "no such file", &ctx), SYN_EIO);
  assert_non_null(strstr(ctx.error, "no such file"));
}

/* The answers published with FNV-1a. */
static void test_trace(void **state) {
  (void)state;
  assert_true(syn_trace_bytes(SYN_TRACE_START, "", 0) == UINT64_C(0xcbf29ce484222325));
  assert_true(syn_trace_bytes(SYN_TRACE_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
  assert_true(syn_trace_bytes(SYN_TRACE_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
  const uint8_t one[] = {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, half[] = {0, 0, 0, 0x3f};
  assert_true(syn_trace_f64(SYN_TRACE_START, 1.0) == syn_trace_bytes(SYN_TRACE_START, one, 8));
  assert_true(syn_trace_f32s(SYN_TRACE_START, &(float){0.5f}, 1) ==
              syn_trace_bytes(SYN_TRACE_START, half, 4));
}

#define BLOCKS_MAX 1000
typedef struct tally {
  atomic_int times[BLOCKS_MAX];
  unsigned threads;
} tally;

static void count(void *self, size_t begin, size_t end, unsigned thread) {
  tally *t = self;
  if (thread >= t->threads || begin >= end)
    abort();
  for (size_t b = begin; b < end; b++)
    atomic_fetch_add(&t->times[b], 1);
}

/* Thousands of short rounds; few where there may be more threads than CPUs, since such a round
 * waits for the system's scheduler. */
static void test_pool(void **state) {
  (void)state;
  static const unsigned threads[] = {1, 2, 3, 7};
  static const int rounds[] = {1000, 1000, 30, 30};
  for (size_t i = 0; i < 4; i++) {
    syn_pool *pool;
    assert_int_equal(syn_pool_open(&pool, threads[i], NULL), SYN_OK);
    assert_int_equal(syn_pool_threads(pool), threads[i]);
    static const size_t blocks[] = {0, 1, 2, 5, 313, BLOCKS_MAX};
    for (size_t k = 0; k < 6; k++) {
      static tally t;
      memset(&t, 0, sizeof t);
      t.threads = threads[i];
      for (int round = 0; round < rounds[i]; round++)
        syn_pool_run(pool, blocks[k], count, &t);
      for (size_t b = 0; b < BLOCKS_MAX; b++)
        assert_int_equal(t.times[b], b < blocks[k] ? rounds[i] : 0);
    }
    syn_pool_close(pool);
  }
  syn_pool *none;
  assert_int_equal(syn_pool_open(&none, 0, NULL), SYN_EINVAL);
  assert_int_equal(syn_pool_open(&none, 65, NULL), SYN_EINVAL);
}

/* Thread t has the t-th range; ranges follow each other and differ by one block at most. */
typedef struct ranges {
  size_t begin[64], end[64];
} ranges;

static void note(void *self, size_t begin, size_t end, unsigned thread) {
  ranges *r = self;
  r->begin[thread] = begin;
  r->end[thread] = end;
}

static void test_pool_ranges(void **state) {
  (void)state;
  syn_pool *pool;
  assert_int_equal(syn_pool_open(&pool, 7, NULL), SYN_OK);
  for (size_t blocks = 7; blocks < 40; blocks++) {
    ranges r;
    syn_pool_run(pool, blocks, note, &r);
    assert_int_equal(r.begin[0], 0);
    for (size_t t = 0; t < 7; t++) {
      size_t n = r.end[t] - r.begin[t];
      assert_true(n == blocks / 7 || n == blocks / 7 + 1);
      assert_int_equal(r.end[t], t < 6 ? r.begin[t + 1] : blocks);
    }
  }
  syn_pool_close(pool);
}

/* Pauses of every length up to beyond the one at which threads fall asleep: none is forgotten.
 * And pools that are closed while their threads are still on the way. */
static void test_pool_sleepers(void **state) {
  (void)state;
  static tally t;
  memset(&t, 0, sizeof t);
  t.threads = 3;
  syn_pool *pool;
  assert_int_equal(syn_pool_open(&pool, 3, NULL), SYN_OK);
  for (unsigned round = 0; round < 200; round++) {
    syn_pool_run(pool, 5, count, &t);
    usleep(10 * round);
  }
  syn_pool_close(pool);
  for (size_t b = 0; b < BLOCKS_MAX; b++)
    assert_int_equal(t.times[b], b < 5 ? 200 : 0);
  for (unsigned round = 0; round < 100; round++) {
    assert_int_equal(syn_pool_open(&pool, 4, NULL), SYN_OK);
    syn_pool_close(pool);
  }
  syn_pool_close(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_status),      cmocka_unit_test(test_nearest),
      cmocka_unit_test(test_param),       cmocka_unit_test(test_arena),
      cmocka_unit_test(test_grow),        cmocka_unit_test(test_digest),
      cmocka_unit_test(test_trace),       cmocka_unit_test(test_pool),
      cmocka_unit_test(test_pool_ranges), cmocka_unit_test(test_pool_sleepers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
