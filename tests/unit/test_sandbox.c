/* The sandbox against the corpus in tests/sandbox: every attempt ends as a line of it says,
 * `-- expect: TEXT` (it fails, with TEXT in its one line) or `-- expect: ok`, and in time. Files under
 * rules/ are whole rules and go through `syn_rule_check`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policies/rule.h"
#include "policies/sandbox/internal.h"

#define FOLDER     "tests/sandbox"
#define FILES_MAX  200
#define ITERATIONS 5

typedef struct attempt {
  char path[300];
  char *text, expect[200];
  size_t n;
} attempt;

/* Of this thread, as the sandbox has it: what other programs take of the machine does not count. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void read_attempt(attempt *a) {
  FILE *file = fopen(a->path, "rb");
  assert_non_null(file);
  a->text = malloc(SYN_SANDBOX_TEXT + 2);
  a->n = fread(a->text, 1, SYN_SANDBOX_TEXT + 1, file);
  a->text[a->n] = '\0';
  fclose(file);
  const char *expect = strstr(a->text, "-- expect: ");
  if (!expect ||
      sscanf(expect, "-- expect: %199[^\n]", a->expect) != 1) /* bytecode has no comment */
    snprintf(a->expect, sizeof a->expect, "attempt to load a binary chunk");
}

static void check_end(const attempt *a, syn_status status, const syn_ctx *ctx) {
  const char *name = strrchr(a->path, '/') + 1;
  if (strcmp(a->expect, "ok") == 0) {
    if (status)
      fail_msg("%s: %s", name, ctx->error);
    return;
  }
  if (status == SYN_OK)
    fail_msg("%s came through; expected: %s", name, a->expect);
  if (!strstr(ctx->error, a->expect) || !strstr(ctx->error, name))
    fail_msg("%s: expected: %s, got: %s", name, a->expect, ctx->error);
}

/* All work is charged: the steps end it, not the clock. */
static void check_steps(const attempt *a, const syn_limits *limits, const syn_ctx *ctx) {
  char says[80];
  snprintf(says, sizeof says, "it ran for more than %llu steps", (unsigned long long)limits->steps);
  if (strcmp(a->expect, "it ran for more than") == 0 && !strstr(ctx->error, says))
    fail_msg("%s: not the steps: %s", a->path, ctx->error);
}

static int run_chunk(lua_State *L) {
  const attempt *a = lua_touserdata(L, 1);
  syn_sandbox_chunk(L, a->text, a->n);
  return 0;
}

static syn_status run(const attempt *a, const syn_limits *limits, syn_ctx *ctx) {
  syn_sandbox *sandbox;
  assert_int_equal(syn_sandbox_open(&sandbox, a->path, limits, ctx), SYN_OK);
  syn_status status = syn_sandbox_run(sandbox, run_chunk, (void *)(uintptr_t)a, SYN_EINPUT, ctx);
  int killed = sandbox->killed;
  syn_ctx again = {0};
  if (killed) { /* for good */
    assert_int_not_equal(status, SYN_OK);
    assert_int_equal(syn_sandbox_run(sandbox, run_chunk, (void *)(uintptr_t)a, SYN_EFAILED, &again),
                     SYN_EFAILED);
    assert_non_null(strstr(again.error, "cannot be called any more"));
  }
  syn_sandbox_close(sandbox);
  return status;
}

static const syn_limits few_steps = {(size_t)64 << 20, 20000000, 10.0};

static syn_status check_rule(const attempt *a, syn_ctx *ctx) {
  const syn_rule_source source = {.file = a->path, .text = a->text, .size = a->n};
  syn_rule_report report;
  return syn_rule_check(&report, &source, ITERATIONS, NULL, ctx);
}

static void attempt_ends(void **state) {
  attempt a = *(attempt *)*state;
  syn_ctx ctx = {0};
  read_attempt(&a);
  if (strstr(a.path, "/rules/")) {
    check_end(&a, check_rule(&a, &ctx), &ctx);
  } else if (strcmp(a.expect, "the time limit") != 0) { /* only the clock ends it: see below */
    check_end(&a, run(&a, &few_steps, &ctx), &ctx);
    check_steps(&a, &few_steps, &ctx);
  }
  free(a.text);
}

/* Without a limit on steps the clock alone must do it, inside of C functions too. */
static void attempt_ends_in_time(void **state) {
  attempt a = *(attempt *)*state;
  read_attempt(&a);
  if (!strstr(a.path, "/rules/") &&
      (strcmp(a.expect, "it ran for more than") == 0 || strcmp(a.expect, "the time limit") == 0)) {
    const syn_limits limits = {syn_limits_default.memory, UINT64_MAX, 0.1};
    syn_ctx ctx = {0};
    double begin = now();
    check_end(&a, run(&a, &limits, &ctx), &ctx);
    if (!strstr(ctx.error, "0.1 s, the time limit"))
      fail_msg("not the clock: %s", ctx.error);
    double seconds = now() - begin;
    if (seconds > 2.0)
      fail_msg("%s: stopped after %.2f s instead of 0.1", a.path, seconds);
  }
  free(a.text);
}

/* ---- what no file can show ------------------------------------------------------------------- */

/* Bytes are counted as they are, whatever Lua does with them, and all come back. */
static int churn(lua_State *L) {
  syn_sandbox *sandbox = lua_touserdata(L, 1);
  lua_gc(L, LUA_GCCOLLECT);
  lua_gc(L, LUA_GCSTOP);
  size_t before = sandbox->used;
  char *big = lua_newuserdatauv(L, 1000000, 0);
  big[0] = 0;
  assert_in_range(sandbox->used - before, 1000000, 1000200);
  lua_settop(L, 0);
  for (int i = 1; i <= 20; i++) {
    lua_createtable(L, 1 << (i % 10), 3);
    for (int k = 1; k < 500; k += i) {
      lua_pushinteger(L, k);
      lua_rawseti(L, -2, k);
    }
    lua_settop(L, 0);
  }
  lua_gc(L, LUA_GCCOLLECT);
  lua_gc(L, LUA_GCCOLLECT);
  assert_true(sandbox->used <= before + 4096);
  size_t kib = (size_t)lua_gc(L, LUA_GCCOUNT), rest = (size_t)lua_gc(L, LUA_GCCOUNTB);
  assert_int_equal(sandbox->used, 1024 * kib + rest); /* Lua's own count */
  return 0;
}

static void memory_is_counted_right(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  syn_sandbox *sandbox;
  assert_int_equal(syn_sandbox_open(&sandbox, "churn.lua", NULL, &ctx), SYN_OK);
  assert_int_equal(syn_sandbox_run(sandbox, churn, sandbox, SYN_EFAILED, &ctx), SYN_OK);
  syn_sandbox_close(sandbox);
}

typedef struct cycles {
  const char *text;
  size_t n;
} cycles;

/* The global `look`: a cycle of the collector has ended if a value that only a weak table holds is gone. */
static int look(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(2));
  if (lua_rawgeti(L, 1, 1) == LUA_TNIL) {
    ++*(size_t *)lua_touserdata(L, lua_upvalueindex(1));
    lua_newtable(L);
    lua_rawseti(L, 1, 1);
  }
  return 0;
}

static int run_counted(lua_State *L) {
  cycles *c = lua_touserdata(L, 1);
  lua_pushlightuserdata(L, &c->n);
  lua_newtable(L);
  lua_newtable(L);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_pushcclosure(L, look, 2);
  syn_sandbox_global(L, "look");
  syn_sandbox_chunk(L, c->text, strlen(c->text));
  return 0;
}

/* Each .. once made a step of a collection due, so that with much in memory nothing but collecting went on. */
static void joins_collect_no_more_than_other_calls(void **state) {
  (void)state;
#define KEYS(key) "local t = {}\nfor i = 1, 20000 do look() t[" key "] = { i } end\nreturn t"
  cycles plain = {KEYS("string.format('k%d', i)"), 0},
         joins[] = {{KEYS("'k' .. i"), 0}, {KEYS("'k' .. i .. ':' .. i"), 0}};
  syn_ctx ctx = {0};
  syn_sandbox *sandbox;
  for (int i = -1; i < 2; i++) {
    assert_int_equal(syn_sandbox_open(&sandbox, "x.lua", NULL, &ctx), SYN_OK);
    if (syn_sandbox_run(sandbox, run_counted, i < 0 ? &plain : &joins[i], SYN_EFAILED, &ctx))
      fail_msg("%s", ctx.error);
    size_t n = i < 0 ? plain.n : joins[i].n;
    syn_sandbox_close(sandbox);
    assert_true(n > 2);
    if (n > 2 * plain.n)
      fail_msg("%s: %zu collections, and %zu without ..", joins[i].text, n, plain.n);
  }
}

/* The state can be opened, or refused in words, at every size of its memory. */
static void every_allocation_may_fail(void **state) {
  (void)state;
  int opened = 0;
  for (size_t memory = 100; memory < 80000; memory += 97) {
    const syn_limits limits = {memory, 1000000, 1.0};
    syn_ctx ctx = {0};
    syn_sandbox *sandbox;
    syn_status status = syn_sandbox_open(&sandbox, "small.lua", &limits, &ctx);
    if (status == SYN_OK) {
      opened = 1;
      syn_sandbox_close(sandbox);
    } else {
      assert_int_equal(status, SYN_ENOMEM);
      assert_true(ctx.error[0] && !opened);
    }
  }
  assert_true(opened);
}

/* Whatever is refused while Lua moves its stack, nobody looks at it then. */
static void a_stack_that_grows_may_be_refused_anywhere(void **state) {
  (void)state;
  static const char text[] = "local function f() return 1 + f() end\nf()\n";
  attempt a = {.path = "deep.lua", .text = (char *)(uintptr_t)text, .n = strlen(text)};
  for (size_t kib = 256; kib < 40960; kib += kib / 16) {
    syn_limits limits = {kib << 10, 50000000, 60.0};
    syn_ctx ctx = {0};
    assert_int_not_equal(run(&a, &limits, &ctx), SYN_OK);
    assert_non_null(strstr(ctx.error, "deep.lua:"));
  }
}

static void text_too_long(void **state) {
  (void)state;
  attempt a = {.path = "tests/sandbox/long.lua", .n = SYN_SANDBOX_TEXT + 1};
  a.text = malloc(a.n);
  memset(a.text, ' ', a.n);
  syn_ctx ctx = {0};
  assert_int_equal(run(&a, NULL, &ctx), SYN_EINPUT);
  assert_non_null(strstr(ctx.error, "65537 bytes; a rule file has at most 65536"));
  free(a.text);
}

/* A long text where a number is wanted is paid for, whichever function of the library reads it. */
static void texts_for_numbers_are_paid_for(void **state) {
  (void)state;
  static const char *const calls[] = {
      "tonumber(s)",
      "select(s, 1)",
      "x:sub(s, s)",
      "x:sub(1, s)",
      "x:byte(s)",
      "string.char(32, s)",
      "x:rep(s)",
      "x:find(x, s)",
      "x:match(x, s)",
      "x:gsub(x, x, s)",
      "string.format('%d', s)",
      "string.format('%s %g', x, s)",
      "table.insert({}, s, 1)",
      "table.remove({}, s)",
      "table.concat({1}, '', s)",
      "table.concat({1}, '', 1, s)",
      "table.unpack({}, s, s)",
      "table.move({}, 1, s, 2)",
      "table.move({}, 1, 1, s)",
      "math.abs(s)",
      "math.floor(s)",
      "math.fmod(1, s)",
      "math.modf(s)",
      "math.sqrt(s)",
      "math.ult(1, s)",
      "math.tointeger(s)",
      "math.exp(s)",
      "math.log(s)",
      "math.tanh(s)",
  };
  const syn_limits limits = {(size_t)64 << 20, 2000000, 60.0};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    char text[200];
    attempt a = {.path = "long.lua", .text = text, .expect = "it ran for more than"};
    a.n = (size_t)snprintf(text, sizeof text,
                           "local x, s = 'x', '1.' .. ('0'):rep(2 ^ 20 - 10)\n"
                           "for _ = 1, 1e6 do local y = %s end",
                           calls[i]);
    syn_ctx ctx = {0};
    run(&a, &limits, &ctx);
    check_steps(&a, &limits, &ctx);
  }
}

/* ---- all ------------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b) {
  return strcmp(((const attempt *)a)->path, ((const attempt *)b)->path);
}

static size_t list_folder(attempt *attempts, size_t n, const char *folder) {
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  assert_non_null(dir);
  while ((entry = readdir(dir)))
    if (strstr(entry->d_name, ".lua") && n < FILES_MAX)
      snprintf(attempts[n++].path, sizeof attempts->path, "%s/%s", folder, entry->d_name);
  closedir(dir);
  return n;
}

int main(void) {
  static attempt attempts[FILES_MAX];
  static struct CMUnitTest tests[2 * FILES_MAX + 6] = {
      cmocka_unit_test(memory_is_counted_right),
      cmocka_unit_test(joins_collect_no_more_than_other_calls),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(a_stack_that_grows_may_be_refused_anywhere),
      cmocka_unit_test(text_too_long),
      cmocka_unit_test(texts_for_numbers_are_paid_for),
  };
  size_t n = list_folder(attempts, 0, FOLDER), count = 6;
  n = list_folder(attempts, n, FOLDER "/rules");
  if (n < 100)
    return 1; /* the corpus is not there */
  qsort(attempts, n, sizeof *attempts, by_path);
  for (size_t i = 0; i < n; i++) {
    const struct CMUnitTest one = {.name = attempts[i].path + sizeof FOLDER,
                                   .test_func = attempt_ends,
                                   .initial_state = &attempts[i]};
    tests[count++] = one;
    tests[count] = one;
    tests[count++].test_func = attempt_ends_in_time;
  }
  return _cmocka_run_group_tests("sandbox", tests, count, NULL, NULL);
}
