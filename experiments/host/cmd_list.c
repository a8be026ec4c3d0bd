/* Commands that list what there is: options, policies. */
#include <stdio.h>
#include <string.h>

#include "engine/train/options.h"
#include "experiments/host/host.h"
#include "policies/registry.h"

int cmd_options(host *h, int argc, char **argv) {
  (void)h;
  if (argc > 1)
    return host_wrong("synlab options takes no '%s'", argv[1]);
  for (const syn_option *o = syn_option_table; o->name; o++) {
    printf("%-15s ", o->name);
    if (o->choices) {
      for (const char *const *c = o->choices; *c; c++)
        printf("%s%s", c == o->choices ? "" : " | ", *c);
    } else {
      printf("%.10g .. %.10g%s%s", o->lo, o->hi, *o->unit ? " " : "", o->unit);
    }
    printf("\n%15s   %s\n", "", o->doc);
  }
  puts("\nbesides: preset = \"paper\" | \"authors\", data = NAME or PATH, policy = POLICY");
  return 0;
}

static void print_param(const syn_param *p) {
  printf("    %-14s ", p->name);
  if (p->kind == SYN_PARAM_POLICY)
    printf("a policy, must be given");
  else if (p->kind == SYN_PARAM_NUMBER || p->kind == SYN_PARAM_INTEGER)
    printf("%.10g (%.10g .. %.10g%s%s)", p->value, p->lo, p->hi, *p->unit ? " " : "", p->unit);
  else if (p->kind == SYN_PARAM_TEXT)
    printf("%s", p->text ? "text" : "text, must be given");
  for (const char *const *c = p->choices; c && *c; c++)
    printf("%s%s", c == p->choices ? "" : " | ", *c);
  printf("\n      %s\n", p->doc);
}

int cmd_policy(host *h, int argc, char **argv) {
  (void)h;
  if (argc != 2 || strcmp(argv[1], "list") != 0)
    return host_wrong("usage: synlab policy list");
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++) {
    printf("%s: %s\n", (*c)->name, (*c)->summary);
    for (const syn_param *p = (*c)->params; p->name; p++)
      print_param(p);
  }
  return 0;
}
