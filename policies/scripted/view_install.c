/* Views in the sandbox: as values with arithmetic and methods, v and out. */
#include <stdio.h>
#include <string.h>

#include "policies/scripted/views.h"

static syn_rule *rule_of(lua_State *L) {
  return lua_touserdata(L, lua_upvalueindex(1));
}

static int fail_operand(lua_State *L, const char *name, int arg) {
  if (*name == '_')
    return luaL_error(L, "%s stands in arithmetic with a view; " SYN_VIEWS_COMPARE,
                      syn_rule_shown(L, arg));
  return luaL_error(L,
                    "%s got %s as argument %d; it takes views and numbers, and " SYN_VIEWS_COMPARE,
                    name, syn_rule_shown(L, arg), arg);
}

/* What a function calls its arguments. */
static const char *const *arguments_of(const syn_operation_entry *op) {
  static const char *const names[][3] = {{"x"}, {"x", "y"}, {"c", "x", "y"}, {"x", "low", "high"}};
  return names[op->operands - 1 + (strcmp(op->name, "clamp") == 0)];
}

/* Pushes "clamp(x, low, high)". */
static const char *shape_of_call(lua_State *L, const syn_operation_entry *op) {
  const char *const *name = arguments_of(op);
  return op->operands == 1 ? lua_pushfstring(L, "%s(%s)", op->name, name[0])
         : op->operands == 2
             ? lua_pushfstring(L, "%s(%s, %s)", op->name, name[0], name[1])
             : lua_pushfstring(L, "%s(%s, %s, %s)", op->name, name[0], name[1], name[2]);
}

/* A function, with another number of arguments than it takes. Lua gives operators what they want. */
static void check_arguments(lua_State *L, const syn_operation_entry *op) {
  int n = lua_gettop(L), takes = (int)op->operands;
  if (*op->name == '_' || n == takes)
    return;
  const char *const *name = arguments_of(op), *call = shape_of_call(L, op);
  const char *got = lua_pushfstring(L, "%s got %d argument%s; ", call, n, n == 1 ? "" : "s");
  if (n > takes)
    luaL_error(L, "%sit takes %d", got, takes);
  const char *are = takes - n > 1 ? "are" : "is";
  for (; n < takes; n++)
    got = lua_pushfstring(L, "%s%s%s", got, name[n],
                          n + 2 < takes   ? ", "
                          : n + 1 < takes ? " and "
                                          : "");
  luaL_error(L, "%s %s missing", got, are);
}

/* The bounds of clamp where they are plain numbers. */
static void check_bounds(lua_State *L, const syn_operation_entry *op, const syn_slot in[3]) {
  if (strcmp(op->name, "clamp") != 0)
    return;
  for (int k = 1; k <= 2; k++)
    if (in[k].shape == 0 && *in[k].x != *in[k].x)
      luaL_error(L, "%s: %s is nan", shape_of_call(L, op), arguments_of(op)[k]);
  if (in[1].shape == 0 && in[2].shape == 0 && *in[1].x > *in[2].x)
    luaL_error(L, "%s: low = %f is more than high = %f", shape_of_call(L, op), (lua_Number)*in[1].x,
               (lua_Number)*in[2].x);
}

/* Any operation; upvalue 2 is its place among them. */
static int operate(lua_State *L) {
  const syn_operation_entry *op =
      &rule_of(L)->kernels->operations[lua_tointeger(L, lua_upvalueindex(2))];
  float number[3] = {0};
  syn_slot in[3] = {{number, 0}, {number + 1, 0}, {number + 2, 0}};
  unsigned shape = 0;
  check_arguments(L, op);
  for (int k = 1; k <= (int)op->operands; k++)
    if (!syn_views_is_operand(L, k))
      return fail_operand(L, op->name, k);
  for (unsigned k = 0; k < op->operands; k++)
    shape |= syn_views_operand(L, (int)k + 1, &in[k], &number[k]);
  check_bounds(L, op, in);
  if (shape == 0) {
    float result;
    op->run(&result, 1, (syn_operand[3]){{number, 0}, {number + 1, 0}, {number + 2, 0}});
    lua_pushnumber(L, result);
    return 1;
  }
  syn_views *views = syn_views_of(L);
  syn_sandbox_charge(L, syn_views_size(views, shape) / 32 + 1);
  float *out = syn_views_result(L, views, shape);
  syn_views_run(views, op, out, shape, in);
  return 1;
}

static float element(const syn_views *views, const syn_slot *slot, size_t synapse) {
  size_t unit = synapse / views->columns, column = synapse % views->columns;
  switch (slot->shape) {
  case SYN_BY_INPUT:
    return slot->x[column];
  case SYN_BY_UNIT:
    return slot->x[unit];
  default:
    return slot->x[synapse];
  }
}

/* The name at 2 is no method of a view, or of out. */
static int fail_no_method(lua_State *L, const syn_rule *rule, int of_out) {
  const char *names[SYN_OPERATIONS + SYN_OUT_METHODS + 1], *key = syn_sandbox_name(L, 2);
  size_t n = 0;
  for (int which = 0; of_out && which < SYN_OUT_METHODS; which++)
    names[n++] = syn_out_names[which];
  for (const syn_operation_entry *op = rule->kernels->operations; !of_out && op->name; op++)
    if (op->name[0] != '_')
      names[n++] = op->name;
  names[n] = NULL;
  const char *near = syn_nearest(key, names);
  const char *meant = near ? lua_pushfstring(L, "; did you mean '%s'?", near) : "";
  if (of_out)
    return luaL_error(L, "out has no '%s'%s it has out:sign(x), out:set(x) and out:sometimes(x)",
                      key, near ? meant : ";");
  return luaL_error(L, "a view has no '%s'%s%s", key, meant,
                    near ? "" : "; views know " SYN_VIEWS_KNOW);
}

static int view_index(lua_State *L) {
  syn_views *views = syn_views_of(L);
  unsigned index = syn_view_handle(L, views, 1);
  if (index == SYN_HANDLE_V)
    return syn_view_field(L, views);
  if (lua_type(L, 2) ==
      LUA_TSTRING) { /* a method: upvalues 2 and 3 hold those of views and of out */
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(index == SYN_HANDLE_OUT ? 3 : 2)) != LUA_TNIL)
      return 1;
    return fail_no_method(L, views->rule, index == SYN_HANDLE_OUT);
  }
  if (index == SYN_HANDLE_OUT)
    return luaL_error(L, "out can only be written: out:sign(x), out:set(x) or out:sometimes(x)");
  int whole = 0;
  size_t n = views->units * views->columns;
  lua_Integer i = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &whole) : 0;
  if (!whole || i < 1 || (uint64_t)i > n)
    return luaL_error(L, "index %s is outside of the view: it has numbers 1 to %I",
                      syn_sandbox_text(L, 2), (lua_Integer)n);
  lua_pushnumber(L, element(views, &views->slot[index], (size_t)i - 1));
  return 1;
}

static int view_newindex(lua_State *L) {
  syn_views *views = syn_views_of(L);
  unsigned index = syn_view_handle(L, views, 1);
  if (index == SYN_HANDLE_V)
    return syn_view_assign(L, views);
  return luaL_error(
      L, index == SYN_HANDLE_OUT
             ? "out takes all actions at once: out:sign(x), out:set(x) or out:sometimes(x)"
             : "a view cannot be written; compute a new one");
}

static int view_length(lua_State *L) {
  const syn_views *views = syn_views_of(L);
  syn_view_handle(L, views, 1);
  lua_pushinteger(L, (lua_Integer)(views->units * views->columns));
  return 1;
}

static int view_tostring(lua_State *L) {
  const syn_views *views = syn_views_of(L);
  unsigned index = syn_view_handle(L, views, 1);
  if (index == SYN_HANDLE_V || index == SYN_HANDLE_OUT)
    lua_pushstring(L, index == SYN_HANDLE_V ? "v" : "out");
  else
    lua_pushfstring(L, "view of %I numbers", (lua_Integer)(views->units * views->columns));
  return 1;
}

static int cannot_compare(lua_State *L) {
  return luaL_error(L,
                    "views are compared number by number with lt(a, b), le, gt, ge and eq, which "
                    "give 1 and 0");
}

static int cannot_operate(lua_State *L) {
  return luaL_error(L, "views know " SYN_VIEWS_KNOW);
}

static int cannot_raise(lua_State *L) {
  return luaL_error(L, "views know no ^; x^2 is x * x, and further there are " SYN_VIEWS_KNOW);
}

static void push_operation(lua_State *L, syn_rule *rule, const syn_operation_entry *op) {
  lua_pushlightuserdata(L, rule);
  lua_pushinteger(L, op - rule->kernels->operations);
  lua_pushcclosure(L, operate, 2);
}

void syn_views_globals(lua_State *L, syn_rule *rule) {
  for (const syn_operation_entry *op = rule->kernels->operations; op->name; op++) {
    if (op->name[0] == '_')
      continue;
    push_operation(L, rule, op);
    syn_sandbox_global(L, op->name);
  }
}

static void push_methods(lua_State *L, syn_rule *rule) {
  lua_newtable(L);
  for (const syn_operation_entry *op = rule->kernels->operations; op->name; op++) {
    push_operation(L, rule, op);
    lua_setfield(L, -2, op->name);
  }
}

static void push_out_methods(lua_State *L, syn_rule *rule) {
  lua_newtable(L);
  for (int which = 0; which < SYN_OUT_METHODS; which++) {
    lua_pushlightuserdata(L, rule);
    lua_pushinteger(L, which);
    lua_pushcclosure(L, syn_out_write, 2);
    lua_setfield(L, -2, syn_out_names[which]);
  }
}

/* What v has by name: the numbers of the quantities, and its method. */
static void push_quantity_numbers(lua_State *L, syn_rule *rule) {
  lua_newtable(L);
  for (unsigned q = 0; q < SYN_QUANTITIES; q++) {
    lua_pushinteger(L, q);
    lua_setfield(L, -2, syn_quantity_names[q]);
  }
  lua_pushlightuserdata(L, rule);
  lua_pushcclosure(L, syn_view_draw, 1);
  lua_setfield(L, -2, "draw");
}

void syn_views_install(lua_State *L, syn_views *views) {
  static const luaL_Reg others[] = {{"__newindex", view_newindex},
                                    {"__len", view_length},
                                    {"__tostring", view_tostring},
                                    {"__lt", cannot_compare},
                                    {"__le", cannot_compare},
                                    {"__mod", cannot_operate},
                                    {"__pow", cannot_raise},
                                    {"__idiv", cannot_operate},
                                    {"__concat", cannot_operate},
                                    {"__call", cannot_operate},
                                    {NULL, NULL}};
  push_methods(L, views->rule); /* the metamethods of arithmetic among them */
  int methods = lua_gettop(L);
  lua_newtable(L);
  for (const syn_operation_entry *op = views->rule->kernels->operations; op->name; op++) {
    if (op->name[0] != '_')
      continue;
    lua_getfield(L, methods, op->name);
    lua_setfield(L, -2, op->name);
    lua_pushnil(L);
    lua_setfield(L, methods, op->name);
  }
  lua_pushliteral(L, "view"); /* for Lua's messages */
  lua_setfield(L, -2, "__name");
  lua_pushlightuserdata(L, views->rule);
  luaL_setfuncs(L, others, 1);
  lua_pushlightuserdata(L, views->rule);
  lua_pushvalue(L, methods);
  push_out_methods(L, views->rule);
  push_quantity_numbers(L, views->rule);
  lua_pushcclosure(L, view_index, 4);
  lua_setfield(L, -2, "__index");
  lua_pushlightuserdata(L, NULL); /* all light userdata share their metatable */
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  lua_settop(L, methods - 1);
}
